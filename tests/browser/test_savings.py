"""The page "Savings", as a visitor's browser shows it."""

from __future__ import annotations

import re

from browser.every_page import open_page
from browser.site import Site
from playwright.sync_api import Page, expect


def test_a_dear_review_makes_savings_negative_and_shows_the_minus(site: Site, page: Page) -> None:
    open_page(page, f"{site.url}/savings?review=5000")
    expect(page.get_by_text("What these figures are")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^\u2212\$[\d,.]+ \(dearer\)$")).first).to_be_visible()
    expect(page.get_by_text("$5,000 a review", exact=False).first).to_be_visible()
