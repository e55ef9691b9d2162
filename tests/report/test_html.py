"""The page asks for nothing, runs nothing, and holds what was decided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Literal

import pytest
from browser.conftest import chromium as chromium
from playwright.sync_api import Browser, Page, expect
from report.reports import HOSTILE, hostile, made

from whichmodel.report import html

GOLDEN = Path(__file__).parent / "golden" / "acme.html"


def without_style(page: str) -> str:
    """The page without its stylesheet, which is a file of its own."""
    return re.sub(r"<style>.*?</style>", "<style></style>", page, flags=re.DOTALL)


def test_the_page_is_as_agreed_and_the_same_each_time() -> None:
    assert without_style(html.render(made())) == GOLDEN.read_text(encoding="utf-8")
    assert html.files(made()) == html.files(made())


def test_no_text_of_a_model_is_markup() -> None:
    page = html.render(hostile())
    assert "<script" not in page
    assert "window.hit" in page


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the page, opened from disk as a reader would."""
    path = tmp_path_factory.mktemp("report") / "acme.html"
    path.write_bytes(html.files(made())["acme.html"])
    return path.as_uri()


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same of the hostile report."""
    path = tmp_path_factory.mktemp("hostile") / "acme.html"
    path.write_bytes(html.files(hostile())["acme.html"])
    return path.as_uri()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh profile."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def open_page(page: Page, address: str) -> list[str]:
    """Open it; every address that was asked for besides."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    return [url for url in asked if url != address and not url.startswith("data:")]


def test_it_asks_for_nothing_runs_nothing_and_says_nothing_on_the_console(page: Page, bad: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    assert open_page(page, bad) == []
    assert page.evaluate("window.hit") is None
    assert said == []
    expect(page.get_by_text(HOSTILE).first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, plain: str, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    open_page(page, plain)
    # Playwright's evaluate is of the debugger, which the page's policy against scripts does not bind.
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa']})")
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found["violations"]] == []


@pytest.mark.parametrize(("width", "media"), [(390, "screen"), (700, "screen"), (688, "print")])
def test_nothing_is_wider_than_a_telephone_or_a_sheet(
    page: Page, plain: str, bad: str, width: int, media: Literal["screen", "print"]
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(media=media)
    for address in (plain, bad):
        open_page(page, address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert _wide(page) == []


def _wide(page: Page) -> object:
    """What reaches beyond the screen and lies in no box that scrolls."""
    return page.evaluate(
        """() => [...document.querySelectorAll('body *:not(svg *):not(.hidden)')]
            .filter(e => !e.closest('.box, pre, .stack thead'))
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => e.outerHTML.slice(0, 120))"""
    )


def test_a_link_of_a_task_leads_to_its_part(page: Page, plain: str) -> None:
    open_page(page, plain)
    page.get_by_role("table", name="Picks").first.get_by_role("link", name="tickets").click()
    expect(page.get_by_role("article", name="tickets: aurora/lite")).to_be_in_viewport()
    drawing = page.get_by_role("img", name="Scores on tickets with 95% intervals, the best first")
    expect(drawing).to_be_visible()
