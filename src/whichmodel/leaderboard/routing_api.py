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

from whichmodel.config import Config, load_config
from whichmodel.config.file import Name
from whichmodel.domain import RoutingTable
from whichmodel.errors import BenchError, CheckFailed, UsageError
from whichmodel.export import EXPORTERS
from whichmodel.export.stored import exported, organisations, text
from whichmodel.export.table import from_json
from whichmodel.leaderboard import identity
from whichmodel.leaderboard.identity import SignIn
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
    another name that resolves to this machine gets nothing. sign_in: where people sign in, the tables of
    their organisations alone are there, and a gateway shows its organisation's token.
    """

    def __init__(
        self,
        app: ASGIApp,
        places: Callable[[], Places],
        hosts: Callable[[], Sequence[str]],
        sign_in: SignIn = None,
    ) -> None:
        self.app = app
        self.places = places
        self.hosts = hosts
        self.sign_in = sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not _is_allowed(headers.get("host", ""), self.hosts()):
            reply = _error(403, "This server is not to be asked by that name.")
        else:
            reply = await asyncio.to_thread(answer, self.places(), scope, headers, self.sign_in)
        response = Response(reply.body, reply.status, dict(reply.headers), reply.media_type)
        await response(scope, receive, send)


def answer(places: Places, scope: Scope, headers: Mapping[str, str], sign_in: SignIn = None) -> Reply:
    """The answer to a request for a table."""
    try:
        tables = _seen(places, headers, sign_in)
    except BenchError:
        return _error(500, "The configuration cannot be read.")
    if tables is None:
        return _error(401, "Sign in, or send a token.", {"www-authenticate": "Bearer"})
    if scope["method"] not in METHODS:
        return _error(405, "A routing table can be read and nothing else.", {"allow": ", ".join(METHODS)})
    path: str = scope["path"]
    organisation = path.removeprefix(ROUTE)
    if not path.startswith(ROUTE) or not re.fullmatch(Name, organisation):
        return _absent("There is nothing here.", tables)
    if organisation not in tables:
        return _absent("There is no routing table of that name.", tables)
    asked = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    reply = _table(places, organisation, asked.get("format", ["json"])[-1], is_known=sign_in is not None)
    return _conditional(reply, headers)


def _seen(places: Places, headers: Mapping[str, str], sign_in: SignIn) -> tuple[str, ...] | None:
    """Organisations whose tables are there for who asks. None = that is nobody. Raises ConfigError."""
    written = organisations(places.results)
    if sign_in is None:
        return written
    config = load_config(places.config)
    who = identity.stamped(headers) or identity.gateway(config, headers.get("authorization", ""))
    if who is None:
        return None
    own = identity.organisations(config, sign_in, who)
    return tuple(name for name in written if name in own)


def _table(places: Places, organisation: str, gateway: str, *, is_known: bool) -> Reply:
    """The table. JSON is the file as it stands, which needs no configuration.

    is_known: people sign in, so a table that was written before a task became another's own is kept back.
    """
    if gateway not in EXPORTERS:
        return _error(400, "There is no such format.", formats=sorted(EXPORTERS))
    try:
        written = text(places.results, organisation)
        table = from_json(written)
        if is_known and _is_stale(table, load_config(places.config)):
            return _error(
                409, "The table has to be written anew.", command=f"bench route --org {organisation}"
            )
        body = written if gateway == "json" else exported(gateway, table, load_config(places.config))
    except CheckFailed as error:
        return _error(409, f"{error.what} {error.remedy}")
    except UsageError as error:
        return _error(409, error.what)
    except BenchError as error:
        return _error(500, "The table cannot be read." if is_known else error.what)
    return Reply(200, body.encode(), TYPES[EXPORTERS[gateway].suffix], _about(table))


def _is_stale(table: RoutingTable, config: Config) -> bool:
    """Whether it holds a task that is another organisation's own by now."""
    hidden = config.private_to_others(table.organisation)
    return any(route.task in hidden for route in table.routes)


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


def _absent(what: str, tables: Sequence[str]) -> Reply:
    """404 with the names that have a table for who asks, and nothing else about them."""
    return _error(404, what, route=f"{ROUTE}<organisation>", organisations=list(tables))


def _error(status: int, what: str, headers: Mapping[str, str] | None = None, **more: Any) -> Reply:
    body = json.dumps({"error": what, **more}, ensure_ascii=False) + "\n"
    return Reply(status, body.encode(), headers={"cache-control": "no-store", **(headers or {})})


def _is_allowed(host: str, hosts: Sequence[str]) -> bool:
    """Whether a request's Host header names one of them, whatever the port."""
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    return not hosts or "*" in hosts or (name or "") in hosts
