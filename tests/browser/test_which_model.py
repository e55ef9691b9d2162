"""The page "Which model", as a visitor's browser shows it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import pytest
from browser.every_page import ended
from browser.site import CONFIG, NOT_RUN, RUNS, UNPRICED, Site, publish
from PIL import Image
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect
from rows import FAILED, START, outcome

from whichmodel.views.words import START as FIRST_COMMAND
from whichmodel.views.words import span

HOSTILE = "<img src=x onerror=window.hit=1><script>window.hit=1</script>"


def visit(page: Page, address: str) -> Locator:
    """Open an address and wait for the heatmap and what comes after it; the heatmap."""
    page.goto(address)
    expect(page.get_by_role("button", name="Download all standings")).to_be_visible()
    grid = page.get_by_role("grid")
    expect(grid).to_be_visible()
    ended(page)
    return grid


@pytest.fixture(scope="module")
def shown(site: Site, chromium: Browser) -> Iterator[Page]:
    """The page as it opens, for tests that only read it."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    visit(page, site.url)
    yield page
    context.close()


def pick_rows(page: Page) -> Locator:
    """The rows of the table of picks."""
    return page.get_by_role("table", name="The pick of each task").locator("tbody tr")


def test_the_figures_and_picks_are_those_that_the_routes_hold(site: Site, shown: Page) -> None:
    view = site.decided()
    clear = sum(route.status == "certified" for route in view.routes)
    expect(shown.locator(".card", has_text="Clear picks")).to_contain_text(f"{clear} of {len(view.routes)}")
    expect(shown.locator(".card")).to_have_count(4)
    rows = pick_rows(shown)
    assert rows.count() == len(view.routes) > 5
    for row, route in zip(rows.all(), view.routes, strict=True):
        words = row.inner_text()
        assert route.model is not None
        assert route.model in words
        assert f"n {route.n}" in words
        assert span(route.low, route.high) in words
        assert "simulated" in words or "rule, really measured" in words


def test_a_page_over_invented_models_says_so_above_everything(site: Site, shown: Page) -> None:
    banner = shown.get_by_role("note")
    expect(banner).to_contain_text("Simulated. These models are invented")
    box = banner.bounding_box()
    assert box is not None
    assert box["y"] < 300
    rules = shown.get_by_role("grid").get_by_role("rowheader", name="rule/")
    expect(rules).to_have_count(3)
    assert all("really measured" in header for header in rules.all_inner_texts())


def test_each_task_with_a_pick_has_one_star_and_a_missing_cell_is_a_dash(site: Site, shown: Page) -> None:
    view = site.decided()
    grid = shown.get_by_role("grid")
    for column, route in enumerate(view.routes):
        cells = grid.locator(f'td[data-column="{column}"]')
        starred = [cell for cell in cells.all() if "★" in cell.inner_text()]
        assert len(starred) == (route.model is not None)
    model, task = NOT_RUN
    column = [route.task for route in view.routes].index(task)
    missing = grid.locator("tr", has_text=model).locator(f'td[data-column="{column}"]')
    assert missing.inner_text().strip() == "–"


def test_each_cell_says_score_interval_cost_p95_and_reason(site: Site, shown: Page) -> None:
    grid = shown.get_by_role("grid")
    labels = [cell.get_attribute("aria-label") or "" for cell in grid.locator("td.cell").all()]
    measured = [label for label in labels if "Quality" in label]
    assert len(measured) > 30
    pattern = re.compile(
        r".+ on .+: [\w ,]+\. Quality \d\.\d{3}, .+ interval \d\.\d{3}–\d\.\d{3}, n \d+ of \d+\."
        r"( \d+ failed\.)? Cost \S+ per 1,000 requests\. p95 \S+ s\. .{8,}"
    )
    assert [label for label in measured if not pattern.fullmatch(label)] == []


def test_an_unknown_price_is_a_word_and_never_zero(site: Site, page: Page) -> None:
    view = site.decided()
    model, task = UNPRICED
    grid = visit(page, f"{site.url}/?show=cost&task={task}")
    column = [route.task for route in view.routes].index(task)
    cell = grid.locator("tr", has_text=model).locator(f'td[data-column="{column}"]')
    expect(cell).to_contain_text("unknown")
    assert "Cost unknown per 1,000 requests" in (cell.get_attribute("aria-label") or "")


def test_the_keyboard_walks_the_heatmap_and_enter_compares_with_the_pick(site: Site, page: Page) -> None:
    view = site.decided()
    grid = visit(page, site.url)
    assert grid.locator('td[tabindex="0"]').count() == 1
    grid.locator('td[tabindex="0"]').focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "End", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    last = len(view.routes) - 1
    focused = grid.locator("td:focus")
    expect(focused).to_have_attribute("data-row", "0")
    expect(focused).to_have_attribute("data-column", str(last - 1))
    label = focused.get_attribute("aria-label")
    assert label is not None
    expect(page.locator(".readout")).to_have_text(label)
    page.keyboard.press("Enter")
    route = view.routes[last - 1]
    expect(page).to_have_url(re.compile(rf"/compare\?.*task={route.task}"))
    assert f"a={quote(route.model or '', safe='')}" in page.url


def test_a_task_is_explained_with_a_reason_for_every_other_model(site: Site, page: Page) -> None:
    view = site.decided()
    visit(page, site.url)
    route = view.routes[2]
    pick_rows(page).nth(2).get_by_role("button").click()
    expect(page.locator(".line.title")).to_contain_text(f"{view.title(route.task)}: {route.model}")
    table = page.get_by_role("table", name="Why not each other model")
    expect(table.locator("tbody tr")).to_have_count(len(route.why_not))
    for entry in route.why_not:
        expect(table).to_contain_text(entry.text[1:])
    chart = page.get_by_test_id("stVegaLiteChart")
    expect(chart).to_be_visible()


def test_an_address_reopens_the_same_state(site: Site, page: Page, chromium: Browser) -> None:
    visit(page, site.url)
    page.get_by_role("combobox", name="Organisation").click()
    page.get_by_role("option", name="Nord Bank").click()
    expect(page).to_have_url(re.compile("org=nordbank"))
    expect(page.locator(".line.lead")).to_contain_text("Nord Bank")
    ended(page)
    page.get_by_role("combobox", name="Run").click()
    page.get_by_role("option", name=RUNS[0]).click()
    expect(page).to_have_url(re.compile(f"run={RUNS[0]}"))
    ended(page)
    pick_rows(page).nth(4).get_by_role("button").click()
    expect(page).to_have_url(re.compile("task="))
    page.get_by_role("radio", name="Cost").or_(page.get_by_role("button", name="Cost")).first.click()
    expect(page).to_have_url(re.compile("show=cost"))
    expect(page.get_by_role("grid")).to_have_attribute("aria-label", re.compile("^Cost"))
    states = []
    other = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    for window in (page, other):
        grid = visit(window, page.url)
        expect(grid).to_have_attribute("aria-label", re.compile("^Cost"))
        states.append(
            [
                grid.inner_text(),
                pick_rows(window).all_inner_texts(),
                window.locator(".line").all_inner_texts(),
            ]
        )
    other.context.close()
    assert states[0] == states[1]
    assert any("Nord Bank" in line for line in states[1][2])
    assert any(RUNS[0] in line for line in states[1][2])


def test_an_unknown_id_gives_a_toast_and_the_default(site: Site, page: Page) -> None:
    visit(page, f"{site.url}/?org={HOSTILE}&run=r-none&task=nothing&show=beauty")
    toasts = page.get_by_test_id("stToast")
    expect(toasts.first).to_be_visible()
    words = " ".join(toasts.all_inner_texts())
    assert "there is none by the name in this address" in words
    expect(page.locator(".line.lead")).to_have_text("ACME online shop")
    assert page.get_by_test_id("stException").count() == 0
    assert page.evaluate("window.hit") is None


def test_a_barred_model_is_striped_and_says_which_policy(site: Site, page: Page) -> None:
    grid = visit(page, f"{site.url}/?org=nordbank")
    barred = grid.locator("td.barred")
    assert barred.count() > 5
    assert all("⊘" in cell.inner_text() for cell in barred.all())
    assert "region is us" in (barred.first.get_attribute("aria-label") or "")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(site: Site, page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    visit(page, f"{site.url}/?org=nordbank")
    page.wait_for_timeout(500)
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa']})")
    seen = [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]]
    assert len(found["passes"]) > 10
    assert seen == []


def test_no_other_origin_is_asked_for_anything(site: Site, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url.replace("ws:", "http:")))
    visit(page, site.url)
    page.get_by_role("grid").locator("td.cell").first.click()
    page.wait_for_timeout(500)
    assert len(asked) > 10
    assert [url for url in asked if not url.startswith((site.url, "blob:", "data:"))] == []


@pytest.mark.parametrize("width", [390, 1024])
def test_the_page_never_scrolls_sideways(site: Site, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    visit(page, site.url)
    wider = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
        .map(node => node.scrollWidth - node.clientWidth)"""
    assert page.evaluate(wider) == [0, 0]
    box = page.get_by_role("grid").locator("..")
    assert box.evaluate("node => getComputedStyle(node).overflowX") == "auto"


def test_no_cell_shines_through_between_the_names_of_models(site: Site, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 1200})
    grid = visit(page, site.url)
    grid.scroll_into_view_if_needed()
    ended(page)
    grid.evaluate("grid => grid.parentElement.scrollLeft = 130")
    assert grid.evaluate("grid => grid.parentElement.scrollLeft") > 100
    boxes = [box for heading in grid.get_by_role("rowheader").all() if (box := heading.bounding_box())]
    assert len(boxes) > 5
    for upper, lower in pairwise(boxes):
        below = upper["y"] + upper["height"]
        gap: FloatRect = {
            "x": upper["x"],
            "y": below,
            "width": upper["width"] - 6,
            "height": lower["y"] - below,
        }
        seen = Image.open(io.BytesIO(page.screenshot(clip=gap))).convert("RGB")
        assert len(seen.getcolors() or []) == 1


def test_a_model_s_name_breaks_after_its_slash_alone(site: Site, page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    grid = visit(page, site.url)
    parts = grid.locator("th.model .part")
    assert parts.count() > 0
    for part in parts.all():
        assert part.evaluate("node => node.getClientRects().length") == 1


def test_the_csv_holds_every_standing(site: Site, page: Page) -> None:
    view = site.decided()
    visit(page, site.url)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all standings").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8"))))
    assert len(rows) == len(view.standings)
    for row, standing in zip(rows, view.standings, strict=True):
        assert (row["task"], row["model"], int(row["n"])) == (standing.task, standing.model, standing.n)
        assert standing.score is not None
        assert float(row["score"]) == standing.score
        assert row["cost_per_1k_usd"] == (
            "" if standing.cost_per_1k_usd is None else str(standing.cost_per_1k_usd)
        )


def test_markup_in_names_stays_inert(site: Site, page: Page, tmp_path: Path) -> None:
    title = f'title: "{HOSTILE}"'
    hostile = CONFIG.read_text(encoding="utf-8").replace("title: ACME online shop", title)
    model = f"demo/{HOSTILE}"
    rows = [
        outcome(n, model=name, score=float(n % 9 > 0), simulated=True, run_id=HOSTILE, task=f"{HOSTILE}-task")
        for name in (model, "demo/=cmd()")
        for n in range(80)
    ]
    snapshot = publish(tmp_path / "results", rows)
    with site.configured(hostile), site.showing(snapshot):
        grid = visit(page, site.url)
        expect(page.locator(".line.lead")).to_have_text(HOSTILE)
        assert grid.get_by_role("rowheader", name=model).count() == 1
        page.wait_for_timeout(500)
        assert page.evaluate("window.hit") is None
        assert page.locator("img[src=x]").count() == 0


def test_a_store_without_anything_names_the_next_command(site: Site, page: Page) -> None:
    with site.showing(None):
        page.goto(site.url)
        expect(page.get_by_text("Nothing was measured yet.")).to_be_visible()
        expect(page.get_by_test_id("stCode")).to_have_text(FIRST_COMMAND)


def test_a_store_of_failures_names_the_next_command(site: Site, page: Page, tmp_path: Path) -> None:
    rows = [outcome(n, model="demo-aurora/lite", simulated=True, **FAILED) for n in range(60)]
    with site.showing(publish(tmp_path / "results", rows)):
        grid = visit(page, site.url)
        expect(page.get_by_test_id("stCode").first).to_contain_text("bench run --tasks invoices")
        expect(grid).to_contain_text("failed")
        assert "0.00" not in grid.inner_text()


def test_a_damaged_snapshot_is_told_without_a_traceback(site: Site, page: Page, tmp_path: Path) -> None:
    damaged = tmp_path / "bench-000001.duckdb"
    damaged.write_bytes(b"not a database" * 1000)
    with site.showing(damaged):
        page.goto(site.url)
        expect(page.get_by_text("This cannot be shown")).to_be_visible()
        expect(page.get_by_test_id("stCode")).to_contain_text("bench rebuild")
        assert "Traceback" not in page.locator("body").inner_text()


def test_an_unforeseen_exception_shows_neither_traceback_nor_path(site: Site, page: Page) -> None:
    pointer = site.results / "snapshots" / "current"
    with site.showing(None):
        pointer.write_bytes(b"\xff\xfe not a name")
        page.goto(site.url)
        expect(page.get_by_test_id("stException")).to_be_visible()
        words = page.locator("body").inner_text()
    assert "UnicodeDecodeError" in (site.config.parent / "server.log").read_text(encoding="utf-8")
    assert not re.search(r"Traceback|UnicodeDecodeError|\.py|snapshots", words)


def test_a_new_run_appears_at_the_next_visit(site: Site, page: Page) -> None:
    visit(page, site.url)
    later = START + timedelta(days=5)
    row = outcome(999, model="demo-aurora/lite", simulated=True, run_id="r20261125-9", started_at=later)
    publish(site.results, [replace(row, task="puzzles", category="reasoning", task_hash="bank-puzzles")])
    visit(page, site.url)
    page.get_by_role("combobox", name="Run").click()
    expect(page.get_by_role("option", name="r20261125-9")).to_be_visible()
