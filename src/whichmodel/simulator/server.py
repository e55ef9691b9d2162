"""One aiohttp application for all protocols of the demo panel."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

from aiohttp import web

from whichmodel.simulator import behaviour, luck
from whichmodel.simulator.answers import Answers, prompt_key
from whichmodel.simulator.behaviour import Reply
from whichmodel.simulator.dialects.anthropic_messages import ANTHROPIC_MESSAGES
from whichmodel.simulator.dialects.dialect import Asked, Dialect, Unreadable
from whichmodel.simulator.dialects.google_generate import GOOGLE_GENERATE
from whichmodel.simulator.dialects.openai_chat import OPENAI_CHAT
from whichmodel.simulator.dialects.openai_images import OPENAI_IMAGES
from whichmodel.simulator.faults import Faults
from whichmodel.simulator.panel import PANEL, SimulatedModel

LARGEST_REQUEST = 64 * 1024**2
FIRST_TOKEN_SHARE = 0.4
"""Share of the latency that a streamed reply takes to its first event."""
IMAGE_TOKENS = 85
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """The request gets an error document with this HTTP status, never an invented answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Panel:
    """The simulated models with what they know, behind HTTP."""

    def __init__(self, answers: Answers, *, seed: int, faults: Sequence[Faults] = ()) -> None:
        self._answers = answers
        self._seed = seed
        self._faults = faults
        self._models = {model.wire: model for model in PANEL}
        self._asked: Counter[str] = Counter()
        self._log: list[dict[str, Any]] = []

    def application(self) -> web.Application:
        """The routes of all protocols, `GET /v1/models` and `GET /requests`."""
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.router.add_get("/requests", self._requests)
        app.router.add_get("/v1/models", self._list)
        app.router.add_post("/v1/chat/completions", self._speaks(OPENAI_CHAT))
        app.router.add_post("/v1/images/generations", self._speaks(OPENAI_IMAGES))
        app.router.add_post("/v1/messages", self._speaks(ANTHROPIC_MESSAGES))
        for method in ("generateContent", "streamGenerateContent"):
            path = rf"/{{version:v1\w*}}/models/{{wire:[^:/]+}}:{{method:{method}}}"
            app.router.add_post(path, self._speaks(GOOGLE_GENERATE))
        return app

    async def _requests(self, request: web.Request) -> web.Response:
        """Every request so far: when (monotonic seconds), which model, which prompt."""
        return web.json_response(self._log)

    async def _list(self, request: web.Request) -> web.Response:
        entries = [
            {"id": model.wire, "object": "model", "created": 0, "owned_by": model.vendor}
            for model in self._models.values()
        ]
        return web.json_response({"object": "list", "data": entries})

    def _speaks(self, dialect: Dialect) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                return await self._answer(request, dialect)
            except Refused as error:
                return web.json_response(dialect.error(error.status, str(error)), status=error.status)

        return handle

    async def _answer(self, request: web.Request, dialect: Dialect) -> web.StreamResponse:
        asked = await _read(request, dialect)
        number = self._asked[asked.wire]
        self._asked[asked.wire] += 1
        self._log.append({"at": time.monotonic(), "model": asked.wire, "prompt": prompt_key(asked.prompt)})
        for fault in self._faults:
            if fault.strike(asked.wire, number, self._seed):
                return await _faulty(request, dialect, asked, fault)
        started = time.monotonic()
        # In a thread, so that drawing a picture does not delay the replies of others.
        reply = await asyncio.to_thread(self._reply, asked)
        if asked.stream:
            return await _streamed(request, dialect.events(asked, reply), started, reply.latency_s)
        await _sleep_until(started + reply.latency_s)
        return web.json_response(dialect.body(asked, reply))

    def _reply(self, asked: Asked) -> Reply:
        model = self._models.get(asked.wire)
        if model is None:
            known = ", ".join(sorted(self._models))
            raise Refused(404, f"The demo panel has no model '{asked.wire}'. Known: {known}.")
        if model.vision:
            return self._seen(model, asked)
        question = self._answers.find(asked.prompt)
        if question is None:
            raise Refused(404, "No item of the banks this demo panel was started with has this prompt.")
        try:
            return behaviour.reply(
                model, question, seed=self._seed, characters=asked.characters, max_tokens=asked.max_tokens
            )
        except behaviour.Unanswerable as error:
            raise Refused(404, str(error)) from error

    def _seen(self, model: SimulatedModel, asked: Asked) -> Reply:
        """The vision model's reply to a question about one image."""
        from whichmodel.simulator import seeing

        if len(asked.images) != 1:
            raise Refused(
                400, f"{model.id} answers questions about one image; this request has {len(asked.images)}."
            )
        text = seeing.answer(asked.prompt, asked.images[0])
        return Reply(
            text=text,
            stop="stop",
            input_tokens=behaviour.tokens(asked.characters) + IMAGE_TOKENS,
            output_tokens=behaviour.tokens(len(text)),
            reasoning_tokens=0,
            latency_s=luck.lognormal(
                model.median_s, model.sigma, self._seed, "latency", model.id, asked.prompt
            ),
        )


async def _read(request: web.Request, dialect: Dialect) -> Asked:
    try:
        body = await request.json()
    except ValueError as error:
        raise Refused(400, f"The body is not JSON: {error}.") from error
    try:
        return dialect.read(body, request.match_info)
    except Unreadable as error:
        raise Refused(400, str(error)) from error
    except (AttributeError, KeyError, TypeError) as error:
        raise Refused(400, f"The request is not of this protocol: {error!r}.") from error


async def _sleep_until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.monotonic()))


async def _streamed(
    request: web.Request, events: Iterator[bytes], started: float, latency_s: float
) -> web.StreamResponse:
    """Server-sent events, the first after a share of the latency, the last when it has passed."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await _sleep_until(started + FIRST_TOKEN_SHARE * latency_s)
    await response.prepare(request)
    parts = list(events)
    for number, part in enumerate(parts, start=1):
        await response.write(part)
        share = FIRST_TOKEN_SHARE + (1 - FIRST_TOKEN_SHARE) * number / len(parts)
        await _sleep_until(started + share * latency_s)
    await response.write_eof()
    return response


async def _faulty(request: web.Request, dialect: Dialect, asked: Asked, fault: Faults) -> web.StreamResponse:
    """The reply that goes wrong on purpose."""
    if fault.kind == "status":
        headers = {} if fault.retry_after_s is None else {"Retry-After": f"{fault.retry_after_s:g}"}
        body = dialect.error(fault.status, "This fault was asked for.")
        return web.json_response(body, status=fault.status, headers=headers)
    if fault.kind == "hang":
        await asyncio.Event().wait()
    if fault.kind == "html":
        return web.Response(text="<html><body>Bad gateway</body></html>", content_type="text/html")
    if fault.kind == "empty":
        return web.json_response(dialect.empty(asked))
    return await _cut(request)


async def _cut(request: web.Request) -> web.StreamResponse:
    """A body that breaks off before its announced end."""
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"id": "')
    if request.transport is not None:
        request.transport.abort()
    return response
