"""A loopback server that keeps every request and answers in the form of the protocol it was asked in."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

FIELDS = {"company": "ACME", "total": 12.5}
TEXT = json.dumps(FIELDS)


@dataclass
class Recording:
    """What came in, and what lists and failures it answers with."""

    port: int = 0
    requests: list[tuple[str, Mapping[str, str], Any]] = field(default_factory=list)
    """Path with its query, headers, body (None for GET)."""
    lists: dict[str, Any] = field(default_factory=dict)
    """Path with its query -> what GET answers: JSON, or a status."""
    drip: float = 0.0
    """Seconds between the pieces of a list."""
    arguments: str = TEXT
    """What a called tool gets."""
    calls: bool = True
    """A tool that is offered is called."""

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def body(self) -> Any:
        """The last request's body; before it Inspect may look what an endpoint can do."""
        return self.requests[-1][2]

    @property
    def path(self) -> str:
        """The last request's path."""
        return self.requests[-1][0]


@contextmanager
def recording() -> Iterator[Recording]:
    """The server while the block runs."""
    kept = Recording()
    loop = asyncio.new_event_loop()
    runner = loop.run_until_complete(_started(kept))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _started(kept: Recording) -> web.AppRunner:
    async def answer(request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else None
        headers = {name.lower(): value for name, value in request.headers.items()}
        kept.requests.append((request.path_qs, headers, body))
        if request.method == "GET":
            found = kept.lists.get(request.path_qs, 404)
            if isinstance(found, int):
                return web.Response(status=found)
            return await _dripping(request, found, kept.drip) if kept.drip else web.json_response(found)
        return _reply(kept, request.path, body)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    kept.port = runner.addresses[0][1]
    return runner


async def _dripping(request: web.Request, found: Any, seconds: float) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    body = json.dumps(found).encode()
    for start in range(0, len(body), 50):
        await response.write(body[start : start + 50])
        await asyncio.sleep(seconds)
    return response


def _reply(kept: Recording, path: str, body: Any) -> web.Response:
    called = bool(body.get("tools")) and kept.calls
    if path.endswith("/chat/completions"):
        whole = _chat(kept, body, called)
        if body.get("stream"):
            return web.Response(body=_chunks(whole), content_type="text/event-stream")
        return web.json_response(whole)
    if path.endswith("/responses"):
        return web.json_response(_responses(kept, body, called))
    if path.endswith("/messages"):
        if body.get("stream"):
            return web.Response(body=_events(kept, body, called), content_type="text/event-stream")
        return web.json_response(_message(kept, body, called))
    if path.endswith("/converse"):
        return web.json_response(_converse(kept, body))
    return web.json_response(_google(kept, body, called))


def _chat(kept: Recording, body: Any, called: bool) -> Any:
    message: dict[str, Any] = {"role": "assistant", "content": None if called else TEXT}
    if called:
        function = {"name": body["tools"][0]["function"]["name"], "arguments": kept.arguments}
        message["tool_calls"] = [{"id": "call_1", "type": "function", "function": function}]
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 0,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls" if called else "stop"}],
        "usage": {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12},
    }


def _chunks(whole: Any) -> bytes:
    """The same completion in one chunk and its end."""
    [choice] = whole["choices"]
    calls = [{"index": 0, **call} for call in choice["message"].get("tool_calls", ())]
    delta = {**choice["message"], **({"tool_calls": calls} if calls else {})}
    chunk = {**whole, "object": "chat.completion.chunk"}
    chunk["choices"] = [{"index": 0, "delta": delta, "finish_reason": choice["finish_reason"]}]
    return f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode()


def _responses(kept: Recording, body: Any, called: bool) -> Any:
    content = {"type": "output_text", "text": TEXT, "annotations": []}
    output: dict[str, Any] = {"type": "message", "id": "m1", "role": "assistant", "status": "completed"}
    output["content"] = [content]
    if called:
        name = body["tools"][0]["name"]
        output = {"type": "function_call", "id": "f1", "call_id": "call_1", "name": name}
        output |= {"arguments": kept.arguments, "status": "completed"}
    details = {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
    return {
        "id": "r1",
        "object": "response",
        "created_at": 0,
        "model": body["model"],
        "status": "completed",
        "output": [output],
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
        "usage": {"input_tokens": 5, "output_tokens": 7, "total_tokens": 12, **details},
    }


def _message(kept: Recording, body: Any, called: bool) -> dict[str, Any]:
    block: dict[str, Any] = {"type": "text", "text": TEXT}
    if called:
        block = {"type": "tool_use", "id": "toolu_1", "name": body["tools"][0]["name"]}
        block["input"] = json.loads(kept.arguments)
    return {
        "id": "m1",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": [block],
        "stop_reason": "tool_use" if called else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 5, "output_tokens": 7},
    }


def _events(kept: Recording, body: Any, called: bool) -> bytes:
    """The same message as server-sent events."""
    whole = _message(kept, body, called)
    [block] = whole["content"]
    delta = {"type": "text_delta", "text": TEXT}
    if called:
        delta = {"type": "input_json_delta", "partial_json": kept.arguments}
    empty = {**block, "input": {}} if called else {**block, "text": ""}
    stop = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": {**whole, "content": [], "stop_reason": None}},
        {"type": "content_block_start", "index": 0, "content_block": empty},
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": stop, "usage": whole["usage"]},
        {"type": "message_stop"},
    ]
    return "".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in events).encode()


def _google(kept: Recording, body: Any, called: bool) -> Any:
    part: dict[str, Any] = {"text": TEXT}
    if called:
        name = body["tools"][0]["functionDeclarations"][0]["name"]
        part = {"functionCall": {"name": name, "args": json.loads(kept.arguments)}}
    return {
        "candidates": [{"content": {"role": "model", "parts": [part]}, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 7, "totalTokenCount": 12},
        "modelVersion": "gemini",
    }


def _converse(kept: Recording, body: Any) -> Any:
    block: dict[str, Any] = {"text": TEXT}
    called = bool(body.get("toolConfig")) and kept.calls
    if called:
        name = body["toolConfig"]["tools"][0]["toolSpec"]["name"]
        block = {"toolUse": {"toolUseId": "t1", "name": name, "input": json.loads(kept.arguments)}}
    return {
        "output": {"message": {"role": "assistant", "content": [block]}},
        "stopReason": "tool_use" if called else "end_turn",
        "usage": {"inputTokens": 5, "outputTokens": 7, "totalTokens": 12},
        "metrics": {"latencyMs": 1},
    }
