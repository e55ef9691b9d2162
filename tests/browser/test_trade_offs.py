"""The page "Trade-offs", as a visitor's browser shows it."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest
from browser.every_page import ended
from browser.site import UNPRICED, Site, publish
from playwright.sync_api import Browser, Locator, Page, expect
from rows import START, outcome
from timings import timing

from whichmodel.domain import Outcome, Timing
from whichmodel.simulator import panel
from whichmodel.store import Store
from whichmodel.views.words import span

CHEAP, DEAR = "demo-aurora/lite", "demo-borealis/swift"


def visit(page: Page, address: str) -> None:
    """Open an address and wait for what comes last on the page."""
    page.goto(address)
    expect(page.get_by_role("button", name="Download these models")).to_be_visible()
    ended(page)


def plot(page: Page) -> Locator:
    """The chart, drawn."""
    chart = page.get_by_test_id("stVegaLiteChart")
    expect(chart.locator("svg .mark-symbol.role-mark path").first).to_be_attached()
    return chart


def models(page: Page) -> Locator:
    """The rows of the table."""
    return page.get_by_role("table", name=re.compile("Every model shown")).locator("tbody tr")


def marks(chart: Locator) -> list[str]:
    """What the marks that carry a tooltip say."""
    labels = [path.get_attribute("aria-label") or "" for path in chart.locator(".mark-symbol path").all()]
    return [label for label in labels if "Model: " in label]


def times() -> list[Timing]:
    """Thirty timed calls of one model of the panel."""
    model = next(m for m in panel.models({}) if m.id == CHEAP)
    return [
        timing(n, model=model.id, settings_hash=model.settings_hash, ttft_s=0.1 + n / 1000, simulated=True)
        for n in range(30)
    ]


def tied() -> list[Outcome]:
    """Two models with the same answers whose costs cannot be told apart, and a third that is worse."""
    costs = random.Random(7)
    return [
        outcome(
            n,
            model=model,
            settings_hash=model,
            simulated=True,
            run_id="r1",
            score=float(n % wrong > 0),
            cost_usd=Decimal(costs.randint(90, 111)) / 100_000,
        )
        for model, wrong in ((CHEAP, 20), (DEAR, 20), ("demo-cirrus/nano", 2))
        for n in range(400)
    ]


@pytest.fixture(scope="module")
def shown(site: Site, chromium: Browser) -> Iterator[Page]:
    """The page of a task with an unknown cost, for tests that only read it."""
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    visit(page, f"{site.url}/trade-offs?task={UNPRICED[1]}")
    yield page
    page.context.close()


def test_the_ring_is_on_the_pick_and_the_table_tells_all_of_every_model(site: Site, shown: Page) -> None:
    view = site.decided()
    route, standings = view.route(UNPRICED[1]), view.by_model(UNPRICED[1])
    ring = plot(shown).get_by_label("ring: the pick")
    assert ring.count() == 1
    [pick] = [
        path
        for path in plot(shown).locator(".mark-symbol path").all()
        if f"Model: {route.model}; State: pick" in (path.get_attribute("aria-label") or "")
    ]
    assert ring.get_attribute("transform") == pick.get_attribute("transform")
    rows = {row.get_by_role("rowheader").inner_text(): row.inner_text() for row in models(shown).all()}
    assert len(rows) >= len(standings)
    for model, standing in standings.items():
        [text] = [text for name, text in rows.items() if f". {model}" in name]
        assert span(standing.low, standing.high) in text
        assert f"n {standing.n:,}" in text


def test_an_unknown_cost_is_told_in_words_and_never_drawn_at_zero(shown: Page) -> None:
    drawn = marks(plot(shown))
    assert len(drawn) > 3
    assert not any(f"Model: {UNPRICED[0]}" in label for label in drawn)
    told = shown.locator(".line", has_text="Not on the plot, cost unknown:")
    expect(told).to_contain_text(f"{UNPRICED[0]} (score 0.")
    expect(models(shown).filter(has_text=UNPRICED[0])).to_contain_text("unknown")


@pytest.mark.parametrize("width", [390, 1440])
def test_no_name_on_the_plot_covers_another_one(site: Site, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    visit(page, f"{site.url}/trade-offs?axis=p95&task=tickets")
    chart = plot(page)
    texts = chart.locator(".mark-text.role-mark").last.locator("text")
    expect(texts.first).to_be_attached()
    boxes = [(text.text_content(), box) for text in texts.all() if (box := text.bounding_box())]
    whole = chart.bounding_box()
    assert whole is not None
    assert len(boxes) > 3
    for (_, a), (_, b) in combinations(boxes, 2):
        beside = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
        assert beside or a["y"] + a["height"] <= b["y"] + 2 or b["y"] + b["height"] <= a["y"] + 2
    assert all(box["x"] + box["width"] <= whole["x"] + whole["width"] for _, box in boxes)


def test_an_address_reopens_what_was_seen(site: Site, page: Page, chromium: Browser) -> None:
    visit(page, f"{site.url}/trade-offs")
    page.get_by_role("combobox", name="Task").click()
    page.get_by_role("option", name=re.compile("Support tickets")).click()
    expect(page).to_have_url(re.compile("task=tickets"))
    ended(page)
    page.get_by_text("p95 latency", exact=True).click()
    expect(page).to_have_url(re.compile("axis=p95"))
    ended(page)
    page.get_by_role("button", name="demo-cirrus", exact=True).click()
    expect(page).to_have_url(re.compile("vendor=demo-cirrus"))
    ended(page)
    page.get_by_text("Only what may be routed to").click()
    expect(page).to_have_url(re.compile("eligible=on"))
    ended(page)
    other = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    states = []
    for window in (page, other):
        visit(window, page.url)
        alt = plot(window).get_attribute("aria-label")
        states.append((alt, models(window).all_inner_texts(), window.locator(".line").all_inner_texts()))
    other.context.close()
    assert states[0] == states[1]
    assert "Score against p95 latency" in (states[1][0] or "")
    vendors = {text.split("\n")[1] for text in states[1][1]}
    pick = site.decided().route("tickets").model
    assert len(states[1][1]) > 1
    assert all("cirrus" in text or str(pick) in text for text in states[1][1]), vendors


def test_a_tie_is_named_and_has_a_ring_of_its_own(site: Site, page: Page, tmp_path: Path) -> None:
    with site.showing(publish(tmp_path / "results", tied())):
        [route] = site.decided().routes
        assert route.ties
        visit(page, f"{site.url}/trade-offs")
        expect(page.locator(".line", has_text="Tie: the cost of")).to_contain_text(route.ties[0])
        chart = plot(page)
        assert chart.get_by_label("ring: tie with the pick").count() == 1
        assert chart.get_by_label("ring: the pick").count() == 1
        expect(models(page).filter(has_text=route.ties[0]).first).to_contain_text("tie")


def test_without_timed_calls_the_command_is_named_and_with_them_their_number(
    site: Site, page: Page, tmp_path: Path
) -> None:
    visit(page, f"{site.url}/trade-offs?axis=ttft&task=invoices")
    expect(page.get_by_test_id("stCode")).to_have_text("bench latency")
    assert page.get_by_test_id("stVegaLiteChart").count() == 0
    model = next(m for m in panel.models({}) if m.id == CHEAP)
    rows = [replace(row, settings_hash=model.settings_hash) for row in tied() if row.model == CHEAP]
    Store(tmp_path / "results").ingest_timings(times())
    with site.showing(publish(tmp_path / "results", rows)):
        visit(page, f"{site.url}/trade-offs?axis=ttft&task=invoices")
        [mark] = marks(plot(page))
        assert "Median TTFT: 0.1" in mark
        expect(models(page).filter(has_text=CHEAP)).to_contain_text("n 30")


def test_a_name_and_a_choice_lead_to_compare_with_the_pick(site: Site, page: Page) -> None:
    pick = site.decided().route("invoices").model
    visit(page, f"{site.url}/trade-offs?task=invoices")
    button = models(page).get_by_role("button").first
    name = button.inner_text().split(". ", 1)[1].replace("\n", "")
    button.click()
    expect(page).to_have_url(re.compile("/compare"))
    expect(page).to_have_url(re.compile("task=invoices"))
    assert pick is not None
    for side, model in (("a", pick), ("b", name)):
        expect(page).to_have_url(re.compile(f"{side}={model.replace('/', '(%2F|/)')}"))
    visit(page, f"{site.url}/trade-offs?task=invoices&model=demo-cirrus%2Fnano")
    page.get_by_role("button", name="Compare the two").click()
    expect(page).to_have_url(re.compile("/compare.*b=demo-cirrus"))


def test_the_csv_holds_what_is_shown(site: Site, page: Page) -> None:
    visit(page, f"{site.url}/trade-offs?task={UNPRICED[1]}&vendor=demo-borealis")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download these models").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8"))))
    assert len(rows) == models(page).count()
    by_model = {row["model"]: row for row in rows}
    assert by_model[UNPRICED[0]]["cost_per_1k_usd"] == ""
    assert float(by_model[UNPRICED[0]]["p95_low_s"]) < float(by_model[UNPRICED[0]]["p95_s"])
    assert START.year == 2026
