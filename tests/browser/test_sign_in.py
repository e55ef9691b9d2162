"""Signing in, in a real browser: behind a proxy that names people, and at an OpenID Connect provider."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.every_page import open_page
from browser.sign_in_proxy import CLIENT, HEADER, Provider, Proxy, serving
from browser.site import PATIENCE_MS
from leaderboard.signed_in import ANN, BEA, EVE, PRIVATE, SECRET, Running, running, write_table
from playwright.sync_api import Browser, Page, Response, WebSocket, expect

from whichmodel.leaderboard.navigation import PAGES

COOKIES = "signs-the-cookies-of-the-test-0123456789"


class Heard:
    """Everything that a browser was sent."""

    def __init__(self, page: Page) -> None:
        self.frames: list[bytes] = []
        self.places: list[str] = []
        page.on("websocket", self._listen)
        page.on("response", self._note)

    def _note(self, reply: Response) -> None:
        self.places.append(reply.url)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._keep)

    def _keep(self, payload: bytes | str) -> None:
        self.frames.append(payload.encode() if isinstance(payload, str) else payload)

    def names(self, word: str) -> bool:
        return any(word.encode() in frame for frame in self.frames)


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Proxy]]:
    """The pages behind a proxy on the same machine."""
    with running(tmp_path_factory.mktemp("proxied"), f"{{header: {HEADER}}}", warm=True) as site:
        for organisation in ("acme", SECRET):
            write_table(site.results, organisation)
        proxy = Proxy(site.url)
        with serving(proxy):
            yield site, proxy


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def test_no_page_sends_a_viewer_anything_of_another_organisation(
    behind: tuple[Running, Proxy], page: Page
) -> None:
    _, proxy = behind
    proxy.who = ANN
    heard = Heard(page)
    for path in ("", *list(PAGES)[1:]):
        open_page(page, f"{proxy.url}/{path}")
        expect(page.locator(".line.lead").first).to_have_text("ACME shop")
        assert SECRET not in page.content(), path
    assert len(heard.frames) > 7
    assert heard.names("ACME shop")
    assert not heard.names(SECRET)
    inline = ("data:", "blob:")
    assert [place for place in heard.places if not place.startswith((proxy.url, *inline))] == []


def test_a_download_holds_nothing_of_another_organisation(behind: tuple[Running, Proxy], page: Page) -> None:
    _, proxy = behind
    proxy.who = ANN
    open_page(page, proxy.url)
    with page.expect_download() as started:
        page.get_by_role("button", name="Download all standings").click()
    text = Path(started.value.path()).read_text(encoding="utf-8")
    assert "invoices" in text
    assert SECRET not in text


def test_the_planted_secrets_are_where_they_would_be_found(behind: tuple[Running, Proxy], page: Page) -> None:
    _, proxy = behind
    proxy.who = BEA
    heard = Heard(page)
    open_page(page, proxy.url)
    expect(page.locator(".line.lead").first).to_have_text(f"Nord {SECRET}")
    expect(
        page.get_by_text(f"Signed in as {BEA.lower()}").or_(page.get_by_text(BEA.lower())).first
    ).to_be_visible()
    assert heard.names(PRIVATE)
    assert not heard.names("ACME shop")


def test_an_address_of_another_organisation_is_as_one_that_does_not_exist(
    behind: tuple[Running, Proxy], page: Page
) -> None:
    _, proxy = behind
    proxy.who = ANN
    seen = []
    for organisation, task, run in (("nobody", "nothing", "r0"), (SECRET, PRIVATE, f"r20261120-{SECRET}")):
        heard = Heard(page)
        open_page(page, f"{proxy.url}/?org={organisation}&task={task}&run={run}")
        expect(page.locator(".line.lead").first).to_have_text("ACME shop")
        expect(page).to_have_url(re.compile(r"^[^?]*\??$"))
        toasts = re.findall(rb"(\w+): there is none by the name in this address", b"".join(heard.frames))
        seen.append((page.locator(".line").all_inner_texts(), toasts))
    assert len(seen[0][1]) == 3
    assert seen[0] == seen[1]


def test_who_no_organisation_lists_sees_their_address_and_whom_to_ask(
    behind: tuple[Running, Proxy], page: Page
) -> None:
    _, proxy = behind
    proxy.who = EVE
    heard = Heard(page)
    open_page(page, f"{proxy.url}/compare?org=acme")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to show you")
    expect(page.locator(".line").first).to_have_text(f"You are signed in as {EVE}.")
    expect(page.get_by_text("Ask whoever runs this leaderboard")).to_be_visible()
    assert page.get_by_test_id("stSidebarNav").count() == 0
    assert not any(heard.names(word) for word in (SECRET, "ACME", "invoices", "aurora"))


def test_without_the_proxy_s_word_there_is_no_page(behind: tuple[Running, Proxy], page: Page) -> None:
    _, proxy = behind
    proxy.who = None
    page.set_extra_http_headers({HEADER: ANN})  # which the proxy strips
    reply = page.goto(proxy.url)
    assert reply is not None
    assert (reply.status, "has not signed in" in reply.text()) == (403, True)


@pytest.fixture(scope="module")
def at_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Provider]]:
    """The pages with a sign-in at a provider."""
    folder = tmp_path_factory.mktemp("provided")
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    provider = Provider()
    with serving(provider):
        secrets = folder / "secrets.toml"
        secrets.write_text(
            f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\ncookie_secret = "{COOKIES}"\n'
            f'[auth.house]\nclient_id = "{CLIENT[0]}"\nclient_secret = "{CLIENT[1]}"\n'
            f'server_metadata_url = "{provider.url}/.well-known/openid-configuration"\n'
        )
        with running(folder, "{oidc: house}", warm=True, port=port, secrets_file=secrets) as site:
            write_table(site.results, "acme")
            yield site, provider


def sign_in(page: Page, site: Running) -> None:
    open_page(page, f"{site.url}/routing?org=acme")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_who_signs_in_at_the_provider_sees_their_own_and_can_sign_out(
    at_provider: tuple[Running, Provider], page: Page
) -> None:
    site, provider = at_provider
    provider.email, provider.is_verified = ANN, True
    heard = Heard(page)
    open_page(page, f"{site.url}/?org=acme")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert not any(heard.names(word) for word in (SECRET, "ACME", "invoices", "aurora"))
    sign_in(page, site)
    expect(page.locator(".line.lead").first).to_have_text("ACME shop")
    assert {"/authorize", "/token", "/jwks"} <= set(provider.asked)
    assert not heard.names(SECRET)
    with page.expect_response(re.compile("/auth/logout")):  # its reply takes the cookie back
        page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    open_page(page, site.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


@pytest.mark.parametrize("is_verified", [False, None])
def test_an_address_that_the_provider_did_not_check_is_not_relied_on(
    at_provider: tuple[Running, Provider], page: Page, is_verified: bool | None
) -> None:
    site, provider = at_provider
    provider.email, provider.is_verified = ANN, is_verified
    heard = Heard(page)
    sign_in(page, site)
    expect(page.get_by_text("is not relied on")).to_be_visible()
    assert not any(heard.names(word) for word in (SECRET, "ACME", "invoices", "aurora"))


def test_a_cookie_of_one_s_own_making_signs_nobody_in(
    at_provider: tuple[Running, Provider], page: Page
) -> None:
    site, _ = at_provider
    page.context.add_cookies([{"name": "_streamlit_user", "value": "guess", "url": site.url}])
    page.set_extra_http_headers({HEADER: ANN, "X-Whichmodel-Visitor": f'x {{"address": "{ANN}"}}'})
    open_page(page, site.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
