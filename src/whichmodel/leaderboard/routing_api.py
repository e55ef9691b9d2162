"""The routing tables over HTTP, beside the pages: GET /api/v1/routing/<organisation>[?format=<gateway>].

Each request reads what was written last, so a new table shows at once. Errors are JSON and name no file.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from whichmodel.config import load_config
from whichmodel.config.file import Name
from whichmodel.domain import RoutingTable
from whichmodel.errors import BenchError, CheckFailed, UsageError
from whichmodel.export import EXPORTERS
from whichmodel.export.stored import exported, organisations, text
from whichmodel.export.table import from_json
from whichmodel.leaderboard.places import Places

PREFIX = "/api/"
ROUTE = "/api/v1/routing/"
METHODS = ("GET", "HEAD")
TYPES: Mapping[str, str] = {
    ".json": "application/json",
    ".toml": "application/toml",
    ".yaml": "application/yaml",
}
CACHE = "private, no-cache"
"""A copy may be kept, and has to be asked about each time: 304 answers that in a few bytes."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer before it is sent."""

    status: int
    body: bytes
    media_type: str | None = "application/json"
    """None = there is no body."""
    headers: Mapping[str, str] = field(default_factory=dict)


class RoutingApi:
    """ASGI middleware: answers what begins with /api/ and passes the rest on, untouched by the pages' own.

    hosts: names by which it may be asked, as in Streamlit's `server.allowedHosts`; () = any. A page of
    another name that resolves to this machine gets nothing.
    """

    def __init__(
        self, app: ASGIApp, places: Callable[[], Places], hosts: Callable[[], Sequence[str]]
    ) -> None:
        self.app = app
        self.places = places
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not _is_allowed(headers.get("host", ""), self.hosts()):
            reply = _error(403, "This server is not to be asked by that name.")
        else:
            reply = await asyncio.to_thread(answer, self.places(), scope, headers)
        response = Response(reply.body, reply.status, dict(reply.headers), reply.media_type)
        await response(scope, receive, send)


def answer(places: Places, scope: Scope, headers: Mapping[str, str]) -> Reply:
    """The answer to a request for a table."""
    if scope["method"] not in METHODS:
        return _error(405, "A routing table can be read and nothing else.", allow=", ".join(METHODS))
    path: str = scope["path"]
    organisation = path.removeprefix(ROUTE)
    if not path.startswith(ROUTE) or not re.fullmatch(Name, organisation):
        return _absent("There is nothing here.", places)
    asked = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return _conditional(_table(places, organisation, asked.get("format", ["json"])[-1]), headers)


def _table(places: Places, organisation: str, gateway: str) -> Reply:
    """The table. JSON is the file as it stands, which needs no configuration."""
    if gateway not in EXPORTERS:
        return _error(400, "There is no such format.", formats=sorted(EXPORTERS))
    if organisation not in organisations(places.results):
        return _absent("There is no routing table of that name.", places)
    try:
        written = text(places.results, organisation)
        table = from_json(written)
        body = written if gateway == "json" else exported(gateway, table, load_config(places.config))
    except CheckFailed as error:
        return _error(409, f"{error.what} {error.remedy}")
    except UsageError as error:
        return _error(409, error.what)
    except BenchError as error:
        return _error(500, error.what)
    return Reply(200, body.encode(), TYPES[EXPORTERS[gateway].suffix], _about(table))


def _about(table: RoutingTable) -> dict[str, str]:
    """What a reader should know before it takes the table: an expired one is answered, and says so."""
    expires = table.expires_at.astimezone(UTC)
    return {
        "routing-expires": expires.isoformat().replace("+00:00", "Z"),
        "routing-expired": str(datetime.now(UTC) >= expires).lower(),
        "routing-simulated": str(table.simulated).lower(),
    }


def _conditional(reply: Reply, headers: Mapping[str, str]) -> Reply:
    """The reply, or 304 where the reader has it already (RFC 9110, section 13.1.2)."""
    if reply.status != 200:
        return reply
    tag = f'"{hashlib.sha256(reply.body).hexdigest()[:32]}"'
    known = {each.strip().removeprefix("W/") for each in headers.get("if-none-match", "").split(",")}
    kept = {**reply.headers, "etag": tag, "cache-control": CACHE, "x-content-type-options": "nosniff"}
    if known & {tag, "*"}:
        return Reply(304, b"", None, kept)
    return Reply(200, reply.body, reply.media_type, kept)


def _absent(what: str, places: Places) -> Reply:
    """404 with the names that have a table, and nothing else about them."""
    return _error(
        404, what, route=f"{ROUTE}<organisation>", organisations=list(organisations(places.results))
    )


def _error(status: int, what: str, *, allow: str = "", **more: Any) -> Reply:
    body = json.dumps({"error": what, **more}, ensure_ascii=False) + "\n"
    headers = {"cache-control": "no-store"} | ({"allow": allow} if allow else {})
    return Reply(status, body.encode(), headers=headers)


def _is_allowed(host: str, hosts: Sequence[str]) -> bool:
    """Whether a request's Host header names one of them, whatever the port."""
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    return not hosts or "*" in hosts or (name or "") in hosts
