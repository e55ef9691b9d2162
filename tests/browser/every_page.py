"""What tests of all pages share: opening a page and knowing that it is all there."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from whichmodel.leaderboard.navigation import PAGES

PATHS = ("", *tuple(PAGES)[1:])
"""Of the pages; the first one stands at the root."""


DRAWN = """() => [...document.querySelectorAll("[data-testid=stBidiComponentIsolated]")]
    .every(one => one.shadowRoot?.querySelector(".root")?.hasChildNodes())"""
"""Whether every component of ours has put in what it was sent."""
WORDS = """main => {
    const texts = [];
    const walk = node => {
        if (node.nodeType === Node.TEXT_NODE) texts.push(node.textContent);
        if (node.nodeName === "STYLE" || node.nodeName === "SCRIPT") return;
        if (node.shadowRoot) walk(node.shadowRoot);
        node.childNodes.forEach(walk);
    };
    walk(main);
    return texts.join(" ");
}"""


def open_page(page: Page, address: str) -> None:
    """Visit an address, and wait until its script has ended and what it sent is drawn."""
    page.goto(address)
    expect(page.locator("h1")).to_be_visible()
    ended(page)


def ended(page: Page) -> None:
    """Wait until the page's script has come to its end and each of its elements is drawn."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.wait_for_function(DRAWN)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def seen(page: Page) -> str:
    """All words of the page's body, those of its components among them, blanks made one."""
    words = page.get_by_test_id("stMain").evaluate(WORDS)
    return re.sub(r"\s+", " ", str(words))
