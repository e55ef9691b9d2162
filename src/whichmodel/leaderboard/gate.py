"""The way in, before any page, table or file: who is believed to be whom, by request and by web socket.

Without signing in only this machine is let in. Behind a proxy only the proxy is, with a person's address in a
header. With OpenID Connect everybody is let in, and the page itself asks for the sign-in (`viewer`).
"""

from __future__ import annotations

import os
from functools import cache
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from whichmodel.config import TrustedHeader
from whichmodel.config.leaderboard import ADDRESS, SECRET_HEADER
from whichmodel.leaderboard.identity import STAMP, SignIn, Visitor, is_same, stamp
from whichmodel.leaderboard.routing_api import PREFIX

HEALTH = "/_stcore/health"
STREAM = "/_stcore/stream"
WARM_HEADER = "X-Whichmodel-Warm-Up"
WARM_VARIABLE = "WHICHMODEL_WARM_UP"
"""Where the first visit's password stands: who started the server knows it too, and it is good once."""
REFUSED = "Nothing is shown to who has not signed in. Open this page at the address of its sign-in proxy.\n"


class Gate:
    """ASGI middleware, the outermost: strangers get 403 without any content."""

    def __init__(self, app: ASGIApp, sign_in: SignIn, warm_up: str = "") -> None:
        self.app = app
        self.sign_in = sign_in
        self.warm_up = warm_up

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or one web socket."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        visitor = self._visitor(scope, headers)
        if visitor is None and not self._is_open(scope):
            await _refuse(scope, receive, send)
            return
        await self.app(_stamped(scope, visitor), receive, send)

    def _visitor(self, scope: Scope, headers: Headers) -> Visitor | None:
        if self._is_warm_up(scope, headers):
            return Visitor(is_warming=True)
        if not isinstance(self.sign_in, TrustedHeader):
            return None
        named = headers.getlist(self.sign_in.name)
        if not self.sign_in.comes_from_proxy(_peer(scope)) or not _is_proved(self.sign_in, headers):
            return None
        if len(named) != 1 or not ADDRESS.fullmatch(named[0].strip()):
            return None
        return Visitor(address=named[0].strip().lower())

    def _is_open(self, scope: Scope) -> bool:
        """Whether a request is let in without its visitor being known."""
        path = str(scope["path"]) if scope["type"] == "http" else ""
        if path == HEALTH:
            return True
        if self.sign_in is None:
            return _is_loopback(_peer(scope))
        if isinstance(self.sign_in, TrustedHeader):
            return path.startswith(PREFIX)  # which asks for a token itself
        return True

    def _is_warm_up(self, scope: Scope, headers: Headers) -> bool:
        """Whether this is the first visit by who started the server; it can be made once."""
        given = headers.get(WARM_HEADER, "")
        if not self.warm_up or scope["type"] != "websocket" or scope["path"] != STREAM:
            return False
        if not is_same(given, self.warm_up):
            return False
        self.warm_up = ""
        return True


@cache
def warm_up() -> str:
    """The first visit's password, taken out of the environment; "" = nobody will make that visit."""
    return os.environ.pop(WARM_VARIABLE, "")


def _is_proved(sign_in: TrustedHeader, headers: Headers) -> bool:
    if sign_in.secret_env is None:
        return True
    known, given = os.environ.get(sign_in.secret_env, ""), headers.getlist(SECRET_HEADER)
    return bool(known) and len(given) == 1 and is_same(given[0], known)


def _stamped(scope: Scope, visitor: Visitor | None) -> Scope:
    """The request with whom it comes from, and without what it says of that itself."""
    scope = {**scope, "headers": list(scope["headers"])}
    headers = MutableHeaders(scope=scope)
    for name in (STAMP, WARM_HEADER, SECRET_HEADER):
        del headers[name]
    if visitor is not None:
        headers[STAMP] = stamp(visitor)
    return scope


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    kept = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    await PlainTextResponse(REFUSED, 403, kept)(scope, receive, send)


def _peer(scope: Scope) -> str:
    """The address at the other end of the connection; "" = there is none."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def _is_loopback(peer: str) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
