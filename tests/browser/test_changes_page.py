"""The page "What changed": routes confirmed and pending, models, scores and runs, since what is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.every_page import ended
from browser.site import Site
from history import CONFIG, Asked, source
from playwright.sync_api import Page, expect

TASKS = ("invoices", "meetings")


@pytest.fixture(scope="module")
def history(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Three runs in place of the site's: the second asks the same again, the third brings a cheap model."""
    asked = [
        Asked(1, "a/one"),
        Asked(1, "b/two", usd=0.002),
        Asked(2, "a/one", epoch=2),
        Asked(2, "b/two", skill=0.7, usd=0.002, epoch=2, served="other"),
        Asked(3, "d/late", usd=0.0001),
    ]
    made = source(tmp_path_factory.mktemp("history"), TASKS, asked)
    with site.configured(CONFIG), site.showing(made.reader.snapshot):
        yield made.reader.snapshot


def visit(page: Page, address: str) -> None:
    """Open an address and wait until the page stands whole."""
    page.goto(address)
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    ended(page)


def test_since_the_run_before_the_routes_wait_for_another_run(site: Site, history: Path, page: Page) -> None:
    visit(page, f"{site.url}/changes")
    flips = page.get_by_role("table", name="Routes that changed or wait").locator("tbody tr")
    expect(flips).to_have_count(2)
    for row in flips.all_inner_texts():
        assert "pending" in row
        assert "d/late" in row
        assert "1 of 2 runs" in row
    expect(page.get_by_role("table", name="Models that were asked for the first time")).to_contain_text(
        "d/late"
    )
    expect(page.get_by_test_id("stCode").first).to_contain_text(
        "bench run --tasks invoices,meetings --epochs 2"
    )


def test_since_the_first_run_scores_and_served_models_are_told(site: Site, history: Path, page: Page) -> None:
    visit(page, f"{site.url}/changes?since=r1")
    scores = page.get_by_role("table", name="Scores that changed beyond noise").locator("tbody tr")
    expect(scores).to_have_count(2)
    assert all("b/two" in row and "300 items" in row for row in scores.all_inner_texts())
    other = page.get_by_role("table", name="Models that are not what they were")
    expect(other).to_contain_text("another model serves")


def test_since_a_release_means_the_run_before_it(site: Site, history: Path, page: Page) -> None:
    visit(page, f"{site.url}/changes?since=d/late")
    expect(page.get_by_text("1 run since r2, the last one r3.")).to_be_visible()


def test_the_runs_are_listed_the_newest_first(site: Site, history: Path, page: Page) -> None:
    visit(page, f"{site.url}/changes")
    names = page.get_by_role("table", name="Runs, the newest first").get_by_role("rowheader")
    expect(names).to_have_text(["r3", "r2", "r1"])


def test_one_run_alone_names_the_next_command(site: Site, history: Path, page: Page) -> None:
    visit(page, f"{site.url}/changes?run=r1")
    expect(page.get_by_text("nothing to compare it with yet")).to_be_visible()
    expect(page.get_by_test_id("stCode").first).to_contain_text("bench run")
