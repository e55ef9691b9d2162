"""How each fault looks on the wire."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from aiohttp import web

from whichmodel.simulator.behaviour import Reply
from whichmodel.simulator.dialects.dialect import ASKED_FOR, Asked, Dialect, Refusal, Streaming
from whichmodel.simulator.faults import Faults, Kind
from whichmodel.simulator.wire import EVENTS, PICTURE, document, payload

NO_LINGER = struct.pack("ii", 1, 0)
"""Closing a socket with this option sends RST instead of FIN."""
NOT_JSON = b'{"id": "fault", "choices": [{"mess'
PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>"
IN_STREAM = frozenset({"early_end", "error_event"})
"""Kinds that only a stream can show."""


@dataclass(frozen=True, slots=True)
class Struck:
    """A request that goes wrong, with what it would have got."""

    request: web.Request
    dialect: Dialect
    asked: Asked
    fault: Faults
    reply: Callable[[], Awaitable[Reply]]
    """The good reply, when its time has come."""

    @property
    def streaming(self) -> Streaming | None:
        """How this reply would be streamed. None = in one piece."""
        return self.dialect.stream if self.asked.stream else None


async def faulty(struck: Struck) -> web.StreamResponse:
    """The response that goes wrong; what it leaves unwritten is the caller's to write."""
    kind = struck.fault.kind
    if kind in struck.dialect.never or (kind in IN_STREAM and struck.streaming is None):
        return _speechless(struck)
    return await _WAYS[kind](struck)


def _speechless(struck: Struck) -> web.Response:
    message = f"This protocol cannot show the fault `{struck.fault.kind}`."
    return document(struck.dialect.error(501, message), status=501)


async def _status(struck: Struck) -> web.StreamResponse:
    fault = struck.fault
    headers = {} if fault.retry_after_s is None else {"Retry-After": f"{fault.retry_after_s:g}"}
    return document(struck.dialect.error(fault.status, ASKED_FOR), status=fault.status, headers=headers)


async def _quota(struck: Struck) -> web.StreamResponse:
    return _refused(struck.dialect.quota)


async def _blocked(struck: Struck) -> web.StreamResponse:
    blocked = struck.dialect.blocked
    return _speechless(struck) if blocked is None else _refused(blocked)


def _refused(refusal: Refusal) -> web.Response:
    return document(refusal.document, status=refusal.status)


async def _hang(struck: Struck) -> NoReturn:
    await asyncio.Event().wait()
    raise AssertionError("nobody sets this event")


async def _html(struck: Struck) -> web.StreamResponse:
    return web.Response(text=PAGE, content_type="text/html")


async def _reset(struck: Struck) -> NoReturn:
    _abort(struck.request, reset=True)


def _abort(request: web.Request, *, reset: bool = False) -> NoReturn:
    """End the connection here and now; the handler's cancellation is what follows."""
    if request.transport is not None:
        if reset:
            sock = request.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        request.transport.abort()
    raise asyncio.CancelledError


async def _empty(struck: Struck) -> web.StreamResponse:
    if struck.streaming is not None:
        return await _written(struck.request, list(struck.streaming.empty(struck.asked)))
    return payload(struck.dialect.empty(struck.asked))


async def _bad_json(struck: Struck) -> web.StreamResponse:
    if struck.streaming is not None:
        return await _written(struck.request, [*await _half(struck), b"data: " + NOT_JSON + b"\n\n"])
    return web.Response(body=NOT_JSON, content_type="application/json")


async def _cut(struck: Struck) -> web.StreamResponse:
    if struck.streaming is not None:
        await _written(struck.request, await _half(struck))
    else:
        whole = payload(struck.dialect.body(struck.asked, await struck.reply())).body
        assert isinstance(whole, bytes)
        response = web.StreamResponse(
            headers={"Content-Type": _content_type(struck), "Content-Length": str(len(whole))}
        )
        await response.prepare(struck.request)
        await response.write(whole[: len(whole) // 2])
    _abort(struck.request)


async def _early_end(struck: Struck) -> web.StreamResponse:
    return await _written(struck.request, await _half(struck))


async def _error_event(struck: Struck) -> web.StreamResponse:
    assert struck.streaming is not None
    return await _written(struck.request, [*await _half(struck), struck.streaming.error])


async def _drip(struck: Struck) -> NoReturn:
    """Spaces before a document, or what keeps a stream awake: each is legal, and none is the end."""
    streaming = struck.streaming
    drop = b" " if streaming is None else streaming.alive
    begun = [drop] if streaming is None else (await _half(struck))[:2]
    response = await _written(struck.request, begun, content_type=_content_type(struck))
    while True:
        await asyncio.sleep(struck.fault.every_s)
        await response.write(drop)


async def _stopped(struck: Struck) -> web.StreamResponse:
    """A reply that a filter or a token limit ended."""
    reply = await struck.reply()
    if struck.fault.kind == "length" and reply.image is not None:
        return _speechless(struck)
    if struck.fault.kind == "filter":
        stopped = replace(reply, text="", stop="refused", image=None)
    else:
        stopped = replace(reply, text=reply.text[: len(reply.text) // 2 + 1], stop="truncated")
    return await _said(struck, struck.asked, stopped)


async def _other_model(struck: Struck) -> web.StreamResponse:
    return await _said(struck, replace(struck.asked, wire=struck.fault.served), await struck.reply())


async def _said(struck: Struck, asked: Asked, reply: Reply) -> web.StreamResponse:
    if struck.streaming is not None:
        return await _written(struck.request, list(struck.streaming.events(asked, reply)))
    return payload(struck.dialect.body(asked, reply))


async def _half(struck: Struck) -> Sequence[bytes]:
    """The first half of the stream's events, the last ones never among them."""
    assert struck.streaming is not None
    events: Iterator[bytes] = struck.streaming.events(struck.asked, await struck.reply())
    every = list(events)
    return every[: max(1, len(every) // 2)]


async def _written(
    request: web.Request, parts: Sequence[bytes], *, content_type: str = EVENTS
) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": content_type})
    await response.prepare(request)
    for part in parts:
        await response.write(part)
    return response


def _content_type(struck: Struck) -> str:
    if struck.streaming is not None:
        return EVENTS
    return PICTURE if isinstance(struck.dialect.empty(struck.asked), bytes) else "application/json"


_WAYS: Mapping[Kind, Callable[[Struck], Awaitable[web.StreamResponse]]] = {
    "status": _status,
    "quota": _quota,
    "filter_400": _blocked,
    "hang": _hang,
    "drip": _drip,
    "reset": _reset,
    "cut": _cut,
    "early_end": _early_end,
    "error_event": _error_event,
    "bad_json": _bad_json,
    "html": _html,
    "empty": _empty,
    "filter": _stopped,
    "length": _stopped,
    "other_model": _other_model,
}
