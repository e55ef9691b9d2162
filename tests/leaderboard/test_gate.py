"""Who is let in: asked of the real server, from addresses that stand for its proxy and for strangers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import aiohttp
import httpx
import pytest
from leaderboard.signed_in import ANN, BEA, EVE, SECRET, Running, running, write_table

PROXY, STRANGER = "127.0.0.2", "127.0.0.1"
HEADER = "X-Forwarded-Email"
PROOF = "the-proxy-proves-itself-by-this-1234"
TOKEN = "acme-gateway-token-0123456789"
SIGN_IN = f"{{header: {HEADER}, proxies: [{PROXY}], secret_env: PROXY_PROOF}}"
ACME, NORD = "/api/v1/routing/acme", f"/api/v1/routing/{SECRET}"
STREAM = "/_stcore/stream"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    variables = {"PROXY_PROOF": PROOF, "ACME_TOKEN": TOKEN}
    with running(tmp_path_factory.mktemp("gate"), SIGN_IN, variables=variables) as server:
        write_table(server.results, "acme")
        write_table(server.results, SECRET)
        yield server


def ask(site: Running, path: str, *headers: tuple[str, str], by: str = PROXY) -> httpx.Response:
    """A request from an address of this machine."""
    transport = httpx.HTTPTransport(local_address=by)
    with httpx.Client(transport=transport, trust_env=False, timeout=60) as client:
        return client.get(f"{site.url}{path}", headers=list(headers))


def named(address: str) -> tuple[tuple[str, str], ...]:
    """What the proxy sends for somebody it has signed in."""
    return ((HEADER, address), ("X-Proxy-Secret", PROOF))


def connects(site: Running, *headers: tuple[str, str], by: str = PROXY) -> int:
    """The status that a web socket to the pages is answered with; 101 = it was opened."""

    async def status() -> int:
        connector = aiohttp.TCPConnector(local_addr=(by, 0))
        async with aiohttp.ClientSession(connector=connector, trust_env=False) as session:
            try:
                async with session.ws_connect(
                    f"{site.url}{STREAM}", protocols=["streamlit"], headers=dict(headers)
                ):
                    return 101
            except aiohttp.WSServerHandshakeError as error:
                return error.status

    return asyncio.run(status())


REFUSED = {
    "nothing said": (PROXY, ()),
    "no proof": (PROXY, ((HEADER, ANN),)),
    "a wrong proof": (PROXY, ((HEADER, ANN), ("X-Proxy-Secret", "guess"))),
    "two proofs": (PROXY, (*named(ANN), ("X-Proxy-Secret", PROOF))),
    "the header twice": (PROXY, (*named(BEA), (HEADER, ANN))),
    "an empty header": (PROXY, named("")),
    "no address": (PROXY, named("ann")),
    "two addresses": (PROXY, named(f"{ANN}, {BEA}")),
    "all of a domain": (PROXY, named("*@acme.example")),
    "not from the proxy": (STRANGER, named(ANN)),
    "a made up way": (STRANGER, (*named(ANN), ("X-Forwarded-For", PROXY), ("X-Real-IP", PROXY))),
    "a made up stamp": (STRANGER, (("X-Whichmodel-Visitor", 'guess {"address": "ann@acme.example"}'),)),
    "a guessed first visit": (STRANGER, (("X-Whichmodel-Warm-Up", "guess"),)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_who_is_not_named_by_the_proxy_gets_nothing(site: Running, case: str) -> None:
    by, headers = REFUSED[case]
    for path in ("/", "/compare?org=acme", "/media/0.csv", "/_stcore/host-config", "/static/js/x.js"):
        reply = ask(site, path, *headers, by=by)
        assert reply.status_code == 403, path
        assert reply.headers["content-type"].startswith("text/plain")
        assert "has not signed in" in reply.text
        assert SECRET not in reply.text
    assert ask(site, ACME, *headers, by=by).status_code == 401


@pytest.mark.parametrize("case", sorted(set(REFUSED) - {"the header twice", "two proofs"}))
def test_nor_does_a_web_socket_open(site: Running, case: str) -> None:
    by, headers = REFUSED[case]
    assert connects(site, *headers, by=by) == 403


def test_whom_the_proxy_names_is_let_in(site: Running) -> None:
    assert ask(site, "/", *named(ANN)).status_code == 200
    assert connects(site, *named(ANN)) == 101


def test_whether_it_runs_may_be_asked_by_anybody(site: Running) -> None:
    assert ask(site, "/_stcore/health", by=STRANGER).status_code == 200
    assert ask(site, "/_stcore/health/", by=STRANGER).status_code == 403


def test_the_first_visit_of_who_started_the_server_is_let_in_once(site: Running) -> None:
    shown = ("X-Whichmodel-Warm-Up", site.password)
    assert ask(site, "/", shown, by=STRANGER).status_code == 403
    assert [connects(site, shown, by=STRANGER) for _ in range(2)] == [101, 403]


@pytest.mark.parametrize(
    ("address", "own"), [(ANN, ["acme"]), (ANN.upper(), ["acme"]), (BEA, [SECRET]), (EVE, [])]
)
def test_a_table_is_there_for_its_own_people_and_for_others_as_if_it_were_not(
    site: Running, address: str, own: list[str]
) -> None:
    absent = ask(site, "/api/v1/routing/nobody", *named(address))
    assert absent.status_code == 404
    assert absent.json()["organisations"] == own
    for name, path in (("acme", ACME), (SECRET, NORD)):
        reply = ask(site, path, *named(address))
        if name in own:
            assert reply.status_code == 200
            continue
        assert (reply.status_code, reply.content) == (absent.status_code, absent.content)
        assert {*reply.headers} == {*absent.headers}


def test_a_gateway_reads_its_own_table_by_a_token_from_anywhere(site: Running) -> None:
    shown = ("Authorization", f"Bearer {TOKEN}")
    assert ask(site, ACME, shown, by=STRANGER).status_code == 200
    assert ask(site, f"{ACME}?format=json", shown, by=STRANGER).json()["organisation"] == "acme"
    other = ask(site, NORD, shown, by=STRANGER)
    assert (other.status_code, other.json()["organisations"]) == (404, ["acme"])
    assert ask(site, "/", shown, by=STRANGER).status_code == 403
    assert connects(site, shown, by=STRANGER) == 403
    for wrong in (f"Bearer {TOKEN}x", "Bearer", TOKEN, f"Basic {TOKEN}"):
        reply = ask(site, ACME, ("Authorization", wrong), by=STRANGER)
        assert (reply.status_code, reply.headers["www-authenticate"]) == (401, "Bearer"), wrong


def test_a_table_with_a_task_that_is_another_s_by_now_is_kept_back(site: Running) -> None:
    write_table(site.results, "acme", f"{SECRET}-contracts")
    try:
        reply = ask(site, ACME, *named(ANN))
        assert (reply.status_code, reply.json()["command"]) == (409, "bench route --org acme")
        assert SECRET not in reply.text
    finally:
        write_table(site.results, "acme")


def test_a_mistake_in_the_configuration_tells_nothing_of_others(site: Running) -> None:
    usual = site.config.read_text(encoding="utf-8")
    site.config.write_text(usual.replace("title: Nord", "titel: Nord"), encoding="utf-8")
    try:
        reply = ask(site, ACME, *named(ANN))
        assert (reply.status_code, SECRET in reply.text) == (500, False)
    finally:
        site.config.write_text(usual, encoding="utf-8")


def test_a_running_server_does_not_open_by_an_edit(site: Running) -> None:
    usual = site.config.read_text(encoding="utf-8")
    site.config.write_text(usual.replace(f"  sign_in: {SIGN_IN}\n", "  hosts: []\n"), encoding="utf-8")
    try:
        assert ask(site, "/", by=STRANGER).status_code == 403
        assert ask(site, NORD, *named(ANN)).status_code == 404
    finally:
        site.config.write_text(usual, encoding="utf-8")
