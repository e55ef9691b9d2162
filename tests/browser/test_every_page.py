"""What holds for each of the seven pages (UX A2, A4, A5, A6, A14, A15), in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Literal

import pytest
from browser.every_page import PATHS, ended, open_page, seen
from browser.site import RUNS, Site, publish
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect
from rows import FAILED, outcome

from whichmodel.views.words import START

KEPT = Path("test-artifacts") / "pages"
"""Where screenshots are kept to be looked at."""
STATE = f"org=nordbank&run={RUNS[0]}&rule=expected-cost"
AXE = files("axe_playwright_python").joinpath("axe.min.js")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
COMMAND = re.compile(r"bench (run|demo|status|route|latency|compare|prices|savings)\b")


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Iterator[BrowserContext]:
    """A profile that the pages of this file share, so that scripts and fonts load once."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    yield context
    context.close()


@pytest.fixture
def shared(window: BrowserContext) -> Iterator[Page]:
    """A tab of that profile."""
    page = window.new_page()
    yield page
    page.close()


def shot(page: Page, path: str, kind: str) -> None:
    """Keep the whole page as a picture."""
    KEPT.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size
    assert size is not None
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": min(int(height) + 20, 6000)})
    ended(page)
    page.screenshot(path=KEPT / f"{path or 'which-model'}-{kind}.png")
    page.set_viewport_size(size)


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_no_violation_in_light_and_dark(site: Site, shared: Page, path: str) -> None:
    """A4, and pictures of both."""
    for scheme in SCHEMES:
        shared.emulate_media(color_scheme=scheme)
        open_page(shared, f"{site.url}/{path}")
        shared.evaluate(AXE.read_text(encoding="utf-8"))
        found = shared.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa']})")
        told = [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found["violations"]]
        assert len(found["passes"]) > 10
        assert told == [], scheme
        shot(shared, path, scheme)


@pytest.mark.parametrize("path", PATHS)
def test_no_page_scrolls_sideways_on_a_phone(site: Site, shared: Page, path: str) -> None:
    """A5."""
    shared.emulate_media(color_scheme="light")
    shared.set_viewport_size({"width": 390, "height": 844})
    open_page(shared, f"{site.url}/{path}")
    wider = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
        .map(node => node.scrollWidth - node.clientWidth)"""
    assert shared.evaluate(wider) == [0, 0]
    shot(shared, path, "390")


def test_no_page_asks_another_origin_for_anything(site: Site, page: Page) -> None:
    """A6, in a fresh profile, on all pages."""
    asked: list[Request] = []
    sockets: list[str] = []
    page.on("request", lambda request: asked.append(request))
    page.on("websocket", lambda socket: sockets.append(socket.url.replace("ws:", "http:")))
    for path in PATHS:
        open_page(page, f"{site.url}/{path}")
    urls = [request.url for request in asked] + sockets
    assert len(urls) > 50
    assert [url for url in urls if not url.startswith((site.url, "blob:", "data:"))] == []


@pytest.mark.parametrize("path", PATHS)
def test_an_address_reopens_the_same_state_in_a_fresh_profile(
    site: Site, shared: Page, chromium: Browser, path: str
) -> None:
    """A2: organisation, run and rule; the pages' own filters have tests of their own."""
    open_page(shared, f"{site.url}/{path}?{STATE}")
    assert all(part in shared.url for part in STATE.split("&"))
    words = seen(shared)
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    fresh = context.new_page()
    open_page(fresh, shared.url)
    assert seen(fresh) == words
    context.close()
    assert "Nord Bank" in words
    assert RUNS[0] in words


@pytest.mark.parametrize("path", PATHS)
def test_an_unknown_id_gives_a_toast_and_no_exception(site: Site, shared: Page, path: str) -> None:
    """A2."""
    open_page(shared, f"{site.url}/{path}?org=nobody&run=r-none&rule=magic&task=nothing")
    expect(shared.get_by_test_id("stToast").first).to_be_visible()
    assert shared.get_by_test_id("stException").count() == 0
    assert "ACME online shop" in seen(shared)


def test_choices_go_along_from_page_to_page(site: Site, shared: Page) -> None:
    open_page(shared, f"{site.url}/?{STATE}")
    for title, path in (("Routing", "routing"), ("Changes", "changes"), ("Data health", "data-health")):
        shared.get_by_role("link", name=title, exact=True).click()
        expect(shared).to_have_url(re.compile(rf"/{path}\?"))
        ended(shared)
        assert all(part in shared.url for part in STATE.split("&"))
    for _ in range(3):  # the page as it was entered may be a step of its own
        shared.go_back()
        ended(shared)
        if "/data-health" not in shared.url:
            break
    expect(shared).to_have_url(re.compile(r"/changes\?.*org=nordbank"))


@pytest.mark.parametrize("path", PATHS)
def test_an_empty_store_names_the_next_command(site: Site, shared: Page, path: str) -> None:
    """A15."""
    with site.showing(None):
        open_page(shared, f"{site.url}/{path}")
        expect(shared.get_by_text("Nothing was measured yet.")).to_be_visible()
        expect(shared.get_by_test_id("stCode")).to_have_text(START)


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot in which every answer failed."""
    rows = [
        outcome(n, model=model, simulated=True, **FAILED)
        for model in ("demo-aurora/lite", "demo-cirrus/pro")
        for n in range(60)
    ]
    return publish(tmp_path_factory.mktemp("failed"), rows)


@pytest.fixture(scope="module")
def one_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of one run of one model on one task."""
    rows = [outcome(n, model="demo-aurora/lite", simulated=True, score=float(n % 5 > 0)) for n in range(60)]
    return publish(tmp_path_factory.mktemp("single"), rows)


@pytest.mark.parametrize("path", PATHS)
def test_a_store_of_failures_names_the_next_command(
    site: Site, shared: Page, path: str, failures: Path
) -> None:
    """A15, and a failure is no score."""
    with site.showing(failures):
        open_page(shared, f"{site.url}/{path}")
        assert COMMAND.search(seen(shared))
        assert shared.get_by_test_id("stException").count() == 0
        assert not re.search(r"\b0\.00\b", seen(shared))


@pytest.mark.parametrize("path", PATHS)
def test_a_single_run_shows_every_page(site: Site, shared: Page, path: str, one_run: Path) -> None:
    """A15: with nothing to compare with, a page says so and names the next command."""
    with site.showing(one_run):
        open_page(shared, f"{site.url}/{path}")
        assert shared.get_by_test_id("stException").count() == 0
        if path in ("compare", "changes"):
            assert COMMAND.search(seen(shared))


def test_a_forced_exception_shows_neither_traceback_nor_path(site: Site, shared: Page) -> None:
    """A14, on every page."""
    pointer = site.results / "snapshots" / "current"
    with site.showing(None):
        pointer.write_bytes(b"\xff\xfe not a name")
        for path in PATHS:
            shared.goto(f"{site.url}/{path}")
            expect(shared.get_by_test_id("stException")).to_be_visible()
            words = shared.locator("body").inner_text()
            assert not re.search(r"Traceback|UnicodeDecodeError|\.py|snapshots", words)
