"""One aiohttp application for all protocols of the demo panel."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from aiohttp import web

from whichmodel.simulator import listing
from whichmodel.simulator.answers import Answers, prompt_key
from whichmodel.simulator.behaviour import Reply
from whichmodel.simulator.conduct import Conduct
from whichmodel.simulator.dialects.anthropic_messages import ANTHROPIC_MESSAGES
from whichmodel.simulator.dialects.dialect import Asked, Dialect, Unreadable
from whichmodel.simulator.dialects.google_generate import GOOGLE_GENERATE
from whichmodel.simulator.dialects.google_predict import GOOGLE_PREDICT
from whichmodel.simulator.dialects.hf_images import HF_IMAGES
from whichmodel.simulator.dialects.openai_chat import HF_CHAT, OPENAI_CHAT
from whichmodel.simulator.dialects.openai_images import OPENAI_IMAGES
from whichmodel.simulator.dialects.openai_responses import OPENAI_RESPONSES
from whichmodel.simulator.faults import Faults
from whichmodel.simulator.faulty import Struck, faulty
from whichmodel.simulator.journal import Entry, Journal, written
from whichmodel.simulator.speaker import Refused, Speaker
from whichmodel.simulator.wire import EVENTS, document, payload

LARGEST_REQUEST = 64 * 1024**2
FIRST_TOKEN_SHARE = 0.4
"""Share of the latency that a streamed reply takes to its first event."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_GOOGLE = r"/{version:v1\w*}/{place:(?:.+/)?}models/{wire:[^:/]+}"
_ENTRY = web.RequestKey("entry", Entry)
ROUTES: Sequence[tuple[str, Dialect]] = (
    ("/v1/chat/completions", OPENAI_CHAT),
    ("/v1/responses", OPENAI_RESPONSES),
    ("/v1/images/generations", OPENAI_IMAGES),
    ("/v1/messages", ANTHROPIC_MESSAGES),
    ("/hf/v1/chat/completions", HF_CHAT),
    ("/hf-inference/models/{wire:.+}", HF_IMAGES),
    (_GOOGLE + ":{method:generateContent}", GOOGLE_GENERATE),
    (_GOOGLE + ":{method:streamGenerateContent}", GOOGLE_GENERATE),
    (_GOOGLE + ":{method:predict}", GOOGLE_PREDICT),
)


class Panel:
    """The simulated models with what they know, behind HTTP."""

    def __init__(
        self,
        answers: Answers,
        *,
        seed: int,
        faults: Sequence[Faults] = (),
        conduct: Conduct | None = None,
    ) -> None:
        self._seed = seed
        self._faults = faults
        conduct = conduct or Conduct()
        self._speaker = Speaker(answers, seed, conduct)
        self._places = None if conduct.capacity is None else asyncio.Semaphore(conduct.capacity)
        self._journal = Journal()

    def application(self) -> web.Application:
        """The routes of all protocols, the providers' lists of models and `GET /requests`."""
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.on_response_prepare.append(_note_status)
        app.router.add_get("/requests", self._requests)
        app.router.add_get("/v1/models", _models)
        app.router.add_get("/hf/v1/models", _routed_models)
        app.router.add_get(r"/{version:v1\w+}/models", _google_models)
        for path, dialect in ROUTES:
            app.router.add_post(path, self._speaks(dialect))
        return app

    async def _requests(self, request: web.Request) -> web.Response:
        """Every request so far, as `journal.Entry` says."""
        return web.json_response(self._journal.dump())

    def _speaks(self, dialect: Dialect) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                asked = await _read(request, dialect)
            except Refused as error:
                return document(dialect.error(error.status, str(error)), status=error.status)
            entry = self._journal.begin(request.path, asked.wire, prompt_key(asked.prompt), time.monotonic())
            request[_ENTRY] = entry
            try:
                try:
                    response = await self._in_its_turn(request, dialect, asked, entry)
                except Refused as error:
                    response = document(dialect.error(error.status, str(error)), status=error.status)
                await response.prepare(request)
                await response.write_eof()
                written(entry)
                return response
            finally:
                self._journal.end(entry)

        return handle

    async def _in_its_turn(
        self, request: web.Request, dialect: Dialect, asked: Asked, entry: Entry
    ) -> web.StreamResponse:
        """The response, worked on when a place is free. Raises Refused."""
        if self._places is None:
            return await self._answer(request, dialect, asked, entry)
        async with self._places:
            entry.begun = time.monotonic()
            return await self._answer(request, dialect, asked, entry)

    async def _answer(
        self, request: web.Request, dialect: Dialect, asked: Asked, entry: Entry
    ) -> web.StreamResponse:
        """The response, written or still to be written. Raises Refused."""
        for fault in self._faults:
            if fault.strike(asked.wire, entry.number, self._seed):
                entry.fault = fault.kind
                late = partial(self._when_due, dialect, asked, entry)
                return await faulty(Struck(request, dialect, asked, fault, late))
        reply = await self._speaker.reply(asked, dialect)
        if asked.stream and dialect.stream is not None:
            return await _streamed(request, list(dialect.stream.events(asked, reply)), entry, reply.latency_s)
        response = payload(dialect.body(asked, reply))
        await _sleep_until(entry.start + reply.latency_s)
        return response

    async def _when_due(self, dialect: Dialect, asked: Asked, entry: Entry) -> Reply:
        """The good reply of a request that goes wrong, when its time has come."""
        reply = await self._speaker.reply(asked, dialect)
        await _sleep_until(entry.start + reply.latency_s)
        return reply


async def _note_status(request: web.Request, response: web.StreamResponse) -> None:
    if (entry := request.get(_ENTRY)) is not None:
        entry.status = response.status


async def _models(request: web.Request) -> web.Response:
    return web.json_response(listing.listed(request.headers, request.query))


async def _routed_models(request: web.Request) -> web.Response:
    return web.json_response(listing.hugging_face())


async def _google_models(request: web.Request) -> web.Response:
    return web.json_response(listing.google(request.query))


async def _read(request: web.Request, dialect: Dialect) -> Asked:
    try:
        body = await request.json()
    except ValueError as error:
        raise Refused(400, f"The body is not JSON: {error}.") from error
    try:
        return dialect.read(body, request.match_info)
    except Unreadable as error:
        raise Refused(400, str(error)) from error
    except (AttributeError, KeyError, TypeError, IndexError) as error:
        raise Refused(400, f"The request is not of this protocol: {error!r}.") from error


async def _sleep_until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.monotonic()))


async def _streamed(
    request: web.Request, parts: Sequence[bytes], entry: Entry, latency_s: float
) -> web.StreamResponse:
    """Server-sent events, the first after a share of the latency, the last when it has passed."""
    response = web.StreamResponse(headers={"Content-Type": EVENTS})
    step = (1 - FIRST_TOKEN_SHARE) / max(1, len(parts) - 1)
    for number, part in enumerate(parts):
        await _sleep_until(entry.start + (FIRST_TOKEN_SHARE + number * step) * latency_s)
        if number == 0:
            await response.prepare(request)
        await response.write(part)
        if entry.first is None:
            entry.first = time.monotonic()
    return response
