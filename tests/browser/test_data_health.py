"""The page "Data health", as a visitor's browser shows it."""

from __future__ import annotations

from browser.every_page import open_page
from browser.site import NOT_RUN, Site
from playwright.sync_api import Page, expect


def test_what_is_missing_is_shown_with_the_command_that_mends_it(site: Site, page: Page) -> None:
    open_page(page, f"{site.url}/data-health?category=translation&ills=on")
    model, task = NOT_RUN
    command = f"bench demo --tasks {task} --models {model}"
    expect(page.get_by_text(command, exact=True)).to_be_visible()
    expect(page.get_by_role("table", name="Cells without a score")).to_contain_text("529 overloaded")
    rows = page.get_by_role("table", name="Items with a score of those asked").locator("tbody tr")
    expect(rows).to_have_count(1)
