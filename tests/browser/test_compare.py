"""The page "Two models side by side", as a visitor's browser shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Literal

import pytest
from browser.every_page import ended
from browser.site import Site
from playwright.sync_api import Browser, Locator, Page, expect
from two_models import BIG, CONFIG, FAST, answers, publish

SHOWN = f"a={FAST}&b={BIG}"


@pytest.fixture(scope="module", autouse=True)
def two(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Two real models in place of the demo panel."""
    snapshot = publish(tmp_path_factory.mktemp("two") / "results", answers())
    with site.configured(CONFIG), site.showing(snapshot):
        yield


def visit(page: Page, site: Site, query: str) -> Locator:
    """Open the page and wait for its list; the list."""
    page.goto(f"{site.url}/compare?{query}")
    listed = page.get_by_role("table", name="Items of")
    expect(listed).to_be_visible()
    ended(page)
    return listed


def verdict(page: Page) -> Locator:
    return page.locator(".line.title").first


def test_inside_the_noise_it_is_a_tie_and_the_cheaper_one_is_the_pick(site: Site, page: Page) -> None:
    visit(page, site, "")
    assert site.decided().route("invoices").model == FAST
    expect(verdict(page)).to_have_text(f"≈ Tie: same quality within 0.03, {FAST} is 84% cheaper.")
    for name, model in (("a", FAST), ("b", BIG)):
        expect(page).to_have_url(re.compile(f"[?&]{name}={model.replace('/', '%2F')}(&|$)"))
    figures = page.locator(".card")
    expect(figures.nth(0)).to_contain_text("−0.013 to +0.013 · 320 pairs · margin 0.03")
    expect(figures.nth(1)).to_contain_text("0.160×")
    expect(figures.nth(2)).to_contain_text(f"{FAST} is faster")


def test_every_task_has_its_verdict_and_choosing_one_shows_its_items(site: Site, page: Page) -> None:
    visit(page, site, SHOWN)
    tasks = page.get_by_role("table", name="Difference of the two models on each task").locator("tbody tr")
    expect(tasks).to_have_count(3)
    for place, word in enumerate(("tie", "cannot tell yet", "B better")):
        expect(tasks.nth(place)).to_contain_text(word)
    open_task = tasks.filter(has_text="cannot tell yet")
    open_task.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("task=memos"))
    expect(verdict(page)).to_contain_text("more items would settle it; the cost of local/fast is unknown.")
    expect(page.get_by_test_id("stCode").first).to_contain_text("bench run --tasks memos")
    expect(page.locator(".card").nth(1)).to_contain_text("unknown")


def test_the_lists_carry_their_counts_and_name_how_answers_ended(site: Site, page: Page) -> None:
    listed = visit(page, site, f"{SHOWN}&task=tickets&show=errors")
    shown = page.get_by_test_id("stButtonGroup").get_by_role("radio")
    expect(shown).to_have_text(["All 60", "A better 6", "B better 30", "Both weak 0", "Errors 1"])
    row = listed.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("failed")
    expect(row).to_contain_text("thread-1")
    page.get_by_test_id("stButtonGroup").get_by_text("B better 30").click()
    expect(page).to_have_url(re.compile("show=b"))
    expect(listed.locator("tbody tr")).to_have_count(20)
    expect(listed.locator("tbody tr").nth(1)).to_contain_text("refused")
    expect(listed.locator("tbody tr").nth(2)).to_contain_text("truncated")


def test_a_sample_has_an_address_of_its_own(site: Site, page: Page, chromium: Browser) -> None:
    listed = visit(page, site, f"{SHOWN}&task=tickets")
    page.get_by_role("button", name="Next page").click()
    listed.get_by_role("button", name="i25", exact=True).focus()
    page.keyboard.press("Enter")
    head = page.locator(".line.title").last
    expect(head).to_contain_text("i25")
    expect(head).to_be_in_viewport()
    page.get_by_role("button", name="Next item").click()
    expect(head).to_contain_text("i26")
    ended(page)
    fresh = chromium.new_context(viewport={"width": 1440, "height": 900})
    other = fresh.new_page()
    other.goto(page.url)
    again = other.locator(".line.title").last
    expect(again).to_contain_text("i26")
    expect(again).to_be_in_viewport()
    expect(other.get_by_role("table", name="Items of").locator("tr.selected")).to_contain_text("i26")
    expect(other.locator(".line.title").first).to_have_text(verdict(page).inner_text())
    fresh.close()


def test_an_unknown_item_gives_a_toast_and_the_list(site: Site, page: Page) -> None:
    visit(page, site, f"{SHOWN}&task=tickets&item=nowhere")
    expect(page.get_by_test_id("stToast")).to_contain_text("Item: there is none by the name")
    expect(page).not_to_have_url(re.compile("item="))
    assert page.get_by_test_id("stException").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(site: Site, page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    visit(page, site, f"{SHOWN}&task=tickets&item=i7")
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa']})")
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
