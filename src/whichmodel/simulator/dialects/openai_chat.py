"""OpenAI chat completions: https://platform.openai.com/docs/api-reference/chat."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any

from whichmodel.domain import content_hash
from whichmodel.simulator.behaviour import Reply
from whichmodel.simulator.dialects.dialect import Asked, Dialect, Unreadable, pieces

FINISH = {"stop": "stop", "truncated": "length", "refused": "content_filter"}
ERROR_TYPES = {401: "invalid_request_error", 404: "not_found_error", 429: "rate_limit_error"}


def _read(body: Mapping[str, Any], path: Mapping[str, str]) -> Asked:
    messages = body.get("messages") or []
    users = [message for message in messages if message.get("role") == "user"]
    if not users:
        raise Unreadable("`messages` holds no message of the role `user`.")
    return Asked(
        wire=str(body.get("model")),
        prompt=_text(users[-1]),
        characters=sum(len(_text(message)) for message in messages),
        images=tuple(_images(users[-1])),
        max_tokens=body.get("max_completion_tokens") or body.get("max_tokens"),
        stream=bool(body.get("stream")),
    )


def _parts(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    content = message.get("content") or ""
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _text(message: Mapping[str, Any]) -> str:
    return "\n".join(part["text"] for part in _parts(message) if part.get("type") == "text")


def _images(message: Mapping[str, Any]) -> Iterator[bytes]:
    for part in _parts(message):
        if part.get("type") == "image_url":
            head, _, data = part["image_url"]["url"].partition(";base64,")
            if not head.startswith("data:image/"):
                raise Unreadable("Images are read from data: addresses only; none is ever fetched.")
            try:
                yield base64.b64decode(data, validate=True)
            except binascii.Error as error:
                raise Unreadable(f"The image is not base64: {error}.") from error


def _usage(reply: Reply) -> dict[str, Any]:
    return {
        "prompt_tokens": reply.input_tokens,
        "completion_tokens": reply.output_tokens,
        "total_tokens": reply.input_tokens + reply.output_tokens,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": reply.reasoning_tokens},
    }


def _head(asked: Asked, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{content_hash([asked.wire, asked.prompt])}",
        "object": kind,
        "created": 0,
        "model": asked.wire,
        "system_fingerprint": f"fp_{content_hash(asked.wire, length=10)}",
    }


def _body(asked: Asked, reply: Reply) -> dict[str, Any]:
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": reply.text},
        "finish_reason": FINISH[reply.stop],
    }
    return {**_head(asked, "chat.completion"), "choices": [choice], "usage": _usage(reply)}


def _events(asked: Asked, reply: Reply) -> Iterator[bytes]:
    head = _head(asked, "chat.completion.chunk")
    for part in pieces(reply.text):
        delta = {"role": "assistant", "content": part}
        yield _event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    yield _event({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": FINISH[reply.stop]}]})
    yield _event({**head, "choices": [], "usage": _usage(reply)})
    yield b"data: [DONE]\n\n"


def _event(document: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(document)}\n\n".encode()


def error(status: int, message: str) -> dict[str, Any]:
    """OpenAI's error document."""
    kind = ERROR_TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    return {"error": {"message": message, "type": kind, "param": None, "code": None}}


def _empty(asked: Asked) -> dict[str, Any]:
    return {**_head(asked, "chat.completion"), "choices": []}


OPENAI_CHAT = Dialect(read=_read, body=_body, events=_events, error=error, empty=_empty)
