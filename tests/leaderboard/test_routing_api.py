"""The routing tables over HTTP: asked of the real server, which serves the pages on the same port."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from routing_table import PLAIN, TABLE

from whichmodel.config import load_config
from whichmodel.domain import RoutingTable
from whichmodel.export import EXPORTERS
from whichmodel.export.stored import exported, file, known_models
from whichmodel.export.table import to_json
from whichmodel.leaderboard import serve

CONFIG = Path(__file__).resolve().parents[2] / "bench.yaml"
ROUTE = "/api/v1/routing/acme"
SECONDS = 120.0


@dataclass(frozen=True)
class Site:
    """The server and the files it reads."""

    client: httpx.Client
    results: Path
    config: Path

    def write(self, table: RoutingTable) -> str:
        """Write a table as `bench route` does: beside the old one, then in its place."""
        text = to_json(table, known_models(load_config(self.config), simulated=True))
        path = file(self.results, table.organisation)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".json.part")
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
        return text


def _table(**changes: object) -> RoutingTable:
    """A table of today with one simulated route."""
    return replace(TABLE, routes=(replace(PLAIN, **changes),))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Started as `bench leaderboard` starts it."""
    folder = tmp_path_factory.mktemp("site")
    config = folder / "bench.yaml"
    shutil.copyfile(CONFIG, config)
    with socket.socket() as free:
        free.bind((serve.HOST, 0))
        port = int(free.getsockname()[1])
    command = serve.command(folder / "results", config, port)
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, env=serve.environment(), cwd=folder, stdout=log, stderr=log)
        try:
            with httpx.Client(base_url=serve.url(port), trust_env=False) as client:
                _wait(client)
                yield Site(client, folder / "results", config)
        finally:
            server.terminate()
            server.wait(10)


def _wait(client: httpx.Client) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            if client.get("/_stcore/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("the server does not answer")


@pytest.fixture
def written(site: Site) -> str:
    """The table that is there at the start of a test."""
    for path in site.results.glob("routing/*"):
        path.unlink()
    return site.write(_table())


def test_the_table_is_what_bench_export_writes(site: Site, written: str) -> None:
    reply = site.client.get(ROUTE)
    assert reply.status_code == 200
    assert reply.text == written
    assert reply.headers["content-type"] == "application/json"
    assert written == exported("json", _table(), load_config(site.config))


def test_a_reader_that_has_it_already_is_sent_nothing(site: Site, written: str) -> None:
    first = site.client.get(ROUTE)
    tag = first.headers["etag"]
    assert tag.startswith('"')
    assert "no-cache" in first.headers["cache-control"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = site.client.get(ROUTE, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b""), known
        assert again.headers["etag"] == tag
        assert "content-type" not in again.headers
    assert site.client.get(ROUTE, headers={"if-none-match": '"other"'}).status_code == 200


def test_the_tag_is_of_the_bytes_that_are_sent(site: Site, written: str) -> None:
    """A strong tag: no compression on the way that would make two bodies of one tag."""
    plain = site.client.get(ROUTE, headers={"accept-encoding": "identity"})
    packed = site.client.get(ROUTE, headers={"accept-encoding": "gzip, deflate, br"})
    assert plain.headers["etag"] == packed.headers["etag"]
    assert "content-encoding" not in packed.headers
    assert plain.content == packed.content
    assert "set-cookie" not in plain.headers


def test_a_new_table_shows_at_once_and_has_another_tag(site: Site, written: str) -> None:
    tag = site.client.get(ROUTE).headers["etag"]
    newer = site.write(_table(why="same quality, 90% cheaper"))
    reply = site.client.get(ROUTE, headers={"if-none-match": tag})
    assert (reply.status_code, reply.text) == (200, newer)
    assert reply.headers["etag"] != tag
    site.write(_table())
    assert site.client.get(ROUTE).headers["etag"] == tag


def test_head_has_the_same_headers_and_no_body(site: Site, written: str) -> None:
    get, head = site.client.get(ROUTE), site.client.head(ROUTE)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(written.encode()))
    for name in ("etag", "content-type", "cache-control", "routing-expires"):
        assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize("gateway", sorted(EXPORTERS))
def test_every_gateway_s_file_is_there_too(site: Site, written: str, gateway: str) -> None:
    reply = site.client.get(ROUTE, params={"format": gateway})
    assert reply.status_code == 200
    assert reply.text == exported(gateway, _table(), load_config(site.config))
    assert reply.headers["content-type"].startswith(f"application/{EXPORTERS[gateway].suffix[1:]}")
    known = {"if-none-match": reply.headers["etag"]}
    assert site.client.get(ROUTE, params={"format": gateway}, headers=known).status_code == 304


def test_an_unknown_format_names_those_there_are(site: Site, written: str) -> None:
    reply = site.client.get(ROUTE, params={"format": "nginx"})
    assert (reply.status_code, reply.json()["formats"]) == (400, sorted(EXPORTERS))


def test_an_unknown_organisation_is_told_who_has_a_table_and_nothing_else(site: Site, written: str) -> None:
    """The other organisations of bench.yaml have none and are not named."""
    reply = site.client.get("/api/v1/routing/nobody")
    assert reply.status_code == 404
    assert reply.json() == {
        "error": "There is no routing table of that name.",
        "route": "/api/v1/routing/<organisation>",
        "organisations": ["acme"],
    }
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_done_but_reading(site: Site, written: str, method: str) -> None:
    reply = site.client.request(method, ROUTE)
    assert reply.status_code == 405
    assert reply.headers["allow"] == "GET, HEAD"
    assert "error" in reply.json()


@pytest.mark.parametrize(
    "path",
    [
        "..%2f..%2fbench",
        "..%2F..%2F..%2Fetc%2Fpasswd",
        "%2e%2e/acme",
        "acme.json",
        "acme/",
        "acme%00",
        "acme%0a",
        "ACME",
        "",
        "a" * 65,
    ],
)
def test_no_name_leads_out_of_the_folder(site: Site, written: str, path: str) -> None:
    """What does not have the form of an organisation's name in bench.yaml is not looked for."""
    (site.results / "bench.json").write_text("{}", encoding="utf-8")
    reply = site.client.get(f"/api/v1/routing/{path}")
    assert reply.status_code == 404
    assert str(site.results) not in reply.text


def test_a_page_of_another_name_that_resolves_to_here_gets_nothing(site: Site, written: str) -> None:
    for host in ("rebound.example", "127.0.0.1.example:80", "", "[", "localhost@rebound.example"):
        reply = site.client.get(ROUTE, headers={"host": host})
        assert reply.status_code in (400, 403), host
        assert "demo-borealis" not in reply.text
    assert site.client.get(ROUTE, headers={"host": "localhost:1"}).status_code == 200


@pytest.mark.parametrize(("days", "expired"), [(1, "false"), (-1, "true")])
def test_an_expired_table_is_answered_and_says_so(site: Site, written: str, days: int, expired: str) -> None:
    now = datetime.now(UTC)
    site.write(replace(_table(), created_at=now - timedelta(days=90), expires_at=now + timedelta(days=days)))
    reply = site.client.get(ROUTE)
    assert reply.status_code == 200
    assert (reply.headers["routing-expired"], reply.headers["routing-simulated"]) == (expired, "true")
    assert reply.headers["routing-expires"] == reply.json()["expires_at"]


def test_a_spoiled_table_is_an_error_and_not_an_answer(site: Site, written: str) -> None:
    file(site.results, "acme").write_text('{"version": 2', encoding="utf-8")
    reply = site.client.get(ROUTE)
    assert reply.status_code == 500
    assert "not valid JSON" in reply.json()["error"]
    assert str(site.results) not in reply.text


def test_a_table_that_a_gateway_cannot_serve_is_a_conflict_with_the_reason(site: Site, written: str) -> None:
    text = site.write(_table(model="rule/extract", fallbacks=(), why_not=()))
    assert site.client.get(ROUTE).text == text
    reply = site.client.get(ROUTE, params={"format": "litellm"})
    assert reply.status_code == 409
    assert "runs in your own process" in reply.json()["error"]


def test_the_pages_are_on_the_same_port(site: Site, written: str) -> None:
    reply = site.client.get("/")
    assert (reply.status_code, reply.headers["content-type"].partition(";")[0]) == (200, "text/html")
    assert "etag" not in reply.headers or reply.headers["etag"] != site.client.get(ROUTE).headers["etag"]
