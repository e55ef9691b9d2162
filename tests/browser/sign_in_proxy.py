"""A small reverse proxy and a small OpenID Connect provider on loopback, each in a thread of its own."""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from joserfc import jwt
from joserfc.jwk import RSAKey

HEADER = "X-Forwarded-Email"
DROPPED = {"connection", "content-length", "content-encoding", "transfer-encoding", "upgrade", HEADER.lower()}
CLIENT = ("client-of-the-test", "secret-of-the-test")


@dataclass
class Proxy:
    """Passes everything on and names in a header who is signed in."""

    target: str
    who: str | None = None
    """None = nobody: the header is left out."""
    url: str = ""

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        return app

    def _headers(self, request: web.Request) -> list[tuple[str, str]]:
        kept = [
            (k, v)
            for k, v in request.headers.items()
            if k.lower() not in DROPPED and not k.lower().startswith("sec-websocket")
        ]
        return [*kept, *([(HEADER, self.who)] if self.who else [])]

    async def _pass_on(self, request: web.Request) -> web.StreamResponse:
        async with aiohttp.ClientSession(trust_env=False, auto_decompress=True) as session:
            if request.headers.get("upgrade", "").lower() == "websocket":
                return await self._socket(request, session)
            asked = session.request(
                request.method,
                f"{self.target}{request.path_qs}",
                headers=self._headers(request),
                data=await request.read(),
                allow_redirects=False,
            )
            async with asked as reply:
                kept = [(k, v) for k, v in reply.headers.items() if k.lower() not in DROPPED]
                return web.Response(status=reply.status, body=await reply.read(), headers=dict(kept))

    async def _socket(self, request: web.Request, session: aiohttp.ClientSession) -> web.StreamResponse:
        wanted = [each.strip() for each in request.headers.get("sec-websocket-protocol", "").split(",")]
        try:
            behind = await session.ws_connect(
                f"{self.target}{request.path_qs}",
                protocols=wanted,
                headers=dict(self._headers(request)),
                max_msg_size=0,
            )
        except aiohttp.WSServerHandshakeError as error:
            return web.Response(status=error.status)
        front = web.WebSocketResponse(protocols=wanted[:1], max_msg_size=0)
        await front.prepare(request)

        async def back() -> None:
            async for message in behind:
                await front.send_bytes(message.data)
            await front.close()

        returning = asyncio.create_task(back())
        async for message in front:
            await behind.send_bytes(message.data)
        await behind.close()
        await returning
        return front


@dataclass
class Provider:
    """Signs in whom it is told to, without asking for a password."""

    email: str = ""
    is_verified: bool | None = True
    """None = it does not say."""
    url: str = ""
    asked: list[str] = field(default_factory=list)
    """Paths, in the order in which they were asked for."""
    _nonces: dict[str, str] = field(default_factory=dict)
    _key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}))

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._discovery)
        app.router.add_get("/authorize", self._authorize)
        app.router.add_post("/token", self._token)
        app.router.add_get("/jwks", self._keys)
        return app

    async def _discovery(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        return web.json_response(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def _authorize(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        code = secrets.token_urlsafe()
        self._nonces[code] = request.query["nonce"]
        back = urlencode({"code": code, "state": request.query["state"]})
        raise web.HTTPFound(f"{request.query['redirect_uri']}?{back}")

    async def _token(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        form = await request.post()
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": self.url,
            "sub": self.email,
            "aud": CLIENT[0],
            "iat": now,
            "exp": now + 600,
            "nonce": self._nonces.pop(str(form["code"])),
            "email": self.email,
        }
        if self.is_verified is not None:
            claims["email_verified"] = self.is_verified
        token = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self._key)
        return web.json_response({"access_token": "a", "token_type": "Bearer", "id_token": token})

    async def _keys(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        return web.json_response({"keys": [self._key.as_dict(private=False)]})


@contextmanager
def serving(place: Proxy | Provider) -> Iterator[None]:
    """Serve it at a free port; its `url` is set."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> web.AppRunner:
        runner = web.AppRunner(place.app(), shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        place.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    runner = asyncio.run_coroutine_threadsafe(start(), loop).result(30)
    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
