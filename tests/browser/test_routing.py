"""The page "The routing table", and its gateway files beside those of `bench export`."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from browser.every_page import ended
from browser.site import Site
from playwright.sync_api import Browser, Page, expect
from program import Bench

from whichmodel.export import EXPORTERS
from whichmodel.export.stored import stored


def visit(page: Page, address: str) -> None:
    """Open an address and wait until the page stands whole."""
    page.goto(address)
    expect(page.get_by_role("heading", name="Use it")).to_be_visible()
    ended(page)


@pytest.fixture(scope="module")
def bench(site: Site) -> Bench:
    """The program in the site's own folder."""
    return Bench(site.config.parent)


@pytest.fixture(scope="module")
def written(bench: Bench) -> Bench:
    """After the tables of two organisations were written."""
    for organisation in ("acme", "nordbank"):
        assert bench("route", "--org", organisation).code == 0
    return bench


@pytest.fixture(scope="module")
def shown(site: Site, written: Bench, chromium: Browser) -> Iterator[Page]:
    """The page as it opens, for tests that only read it."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page = context.new_page()
    visit(page, f"{site.url}/routing")
    yield page
    context.close()


def test_before_a_table_is_written_the_page_names_the_command(site: Site, page: Page) -> None:
    visit(page, f"{site.url}/routing")
    expect(page.get_by_text("Nothing is deployed yet")).to_be_visible()
    expect(page.get_by_test_id("stCode").filter(has_text="bench route --org acme")).to_have_count(2)


def test_each_task_has_its_primary_fallbacks_status_and_evidence(site: Site, shown: Page) -> None:
    view = site.decided()
    rows = shown.get_by_role("table", name="Who answers each task").locator("tbody tr").all()
    assert len(rows) == len(view.routes) > 5
    for row, route in zip(rows, view.routes, strict=True):
        words = row.inner_text()
        assert all(name in words for name in (route.model or "no route", *route.fallbacks))
        assert f"n {route.n}" in words
        assert "2 runs" in words


def test_choosing_a_task_tells_why_with_a_funnel_that_loses_each_model_once(site: Site, page: Page) -> None:
    view = site.decided()
    route = view.routes[2]
    visit(page, f"{site.url}/routing")
    page.get_by_role("table", name="Who answers each task").get_by_role("button").nth(2).click()
    expect(page.locator(".line.title")).to_contain_text(f"Why {route.model} for {view.title(route.task)}")
    stages = page.get_by_role("list", name="How many models are left").locator("li")
    expect(stages).to_have_count(7)
    counts = [int(text) for text in stages.locator(".left").all_inner_texts()]
    measured = len(view.by_model(route.task))
    assert (counts[0], counts[-1]) == (measured, 1)
    lost = " ".join(stages.locator(".lost").all_inner_texts())
    others = set(view.by_model(route.task)) - {route.model}
    assert all(lost.count(model) == 1 for model in others)


def test_what_is_deployed_still_holds(shown: Page) -> None:
    expect(shown.get_by_text("Today's decision changes nothing.")).to_be_visible()
    expect(shown.get_by_text("No finding: all routes hold.")).to_be_visible()


def parsed(gateway: str, text: str) -> Any:
    """The file as its own format reads it."""
    match EXPORTERS[gateway].suffix:
        case ".json":
            return json.loads(text)
        case ".toml":
            return tomllib.loads(text)
    return list(yaml.safe_load_all(text))


@pytest.mark.parametrize("gateway", EXPORTERS)
def test_a_download_is_what_the_program_writes_with_each_task_and_no_banned_model(
    site: Site, written: Bench, page: Page, gateway: str
) -> None:
    visit(page, f"{site.url}/routing?gateway={gateway}")
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Download for {EXPORTERS[gateway].title}").click()
    got = Path(download.value.path()).read_bytes()
    file = site.config.parent / f"by-hand-{gateway}"
    assert written("export", gateway, "--org", "acme", "-o", str(file)).code == 0
    assert got == file.read_bytes()
    text = got.decode()
    assert parsed(gateway, text)
    table = stored(site.results, "acme")
    assert all(route.task in text for route in table.routes)
    if gateway == "json":
        assert [route["task"] for route in json.loads(text)["routes"]] == [r.task for r in table.routes]


def test_no_file_names_a_model_that_the_policy_bars(site: Site, page: Page, written: Bench) -> None:
    table = stored(site.results, "nordbank")
    banned = {entry.model for route in table.routes for entry in route.why_not if entry.reason == "policy"}
    assert banned
    visit(page, f"{site.url}/routing?org=nordbank&gateway=litellm")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download for").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    names = [entry["litellm_params"]["model"] for entry in yaml.safe_load(text)["model_list"]]
    assert names
    assert not [model for model in banned if any(model.rpartition("/")[2] in name for name in names)]


def test_a_gateway_that_can_serve_nothing_is_refused_in_words(site: Site, page: Page, written: Bench) -> None:
    visit(page, f"{site.url}/routing?org=nordbank&gateway=kong")
    expect(page.get_by_text("No task of this table can be served")).to_be_visible()
    expect(page.get_by_role("button", name="Download for")).to_have_count(0)


def test_the_address_for_programs_answers_what_the_file_holds(site: Site, shown: Page) -> None:
    curl = shown.get_by_test_id("stCode").last.inner_text()
    asked = curl.split("'")[1]
    assert asked == f"{site.url}/api/v1/routing/acme?format=litellm"
    reply = shown.request.get(asked)
    assert reply.status == 200
    again = shown.request.get(asked, headers={"If-None-Match": reply.headers["etag"]})
    assert again.status == 304


def test_the_csv_holds_every_route(site: Site, shown: Page) -> None:
    with shown.expect_download() as download:
        shown.get_by_role("button", name="This table (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8"))))
    view = site.decided()
    assert [(row["task"], row["model"]) for row in rows] == [(r.task, r.model or "") for r in view.routes]


def test_another_rule_says_that_files_are_of_the_stored_table(site: Site, page: Page, written: Bench) -> None:
    visit(page, f"{site.url}/routing?run=r20261120-1")
    expect(page.get_by_text("Files are of the stored table.")).to_be_visible()
    expect(page.get_by_text("Compared with the latest run")).to_be_visible()
