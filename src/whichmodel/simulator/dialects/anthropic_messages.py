"""Anthropic messages: https://docs.anthropic.com/en/api/messages and its streaming events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from whichmodel.domain import content_hash
from whichmodel.simulator.behaviour import Reply
from whichmodel.simulator.dialects.dialect import (
    Asked,
    Dialect,
    Refusal,
    Streaming,
    Unreadable,
    event,
    from_base64,
    pieces,
)

STOP = {"stop": "end_turn", "truncated": "max_tokens", "refused": "refusal"}
ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
Content = str | list[Mapping[str, Any]] | None


def _read(body: Mapping[str, Any], path: Mapping[str, str]) -> Asked:
    messages = body.get("messages") or []
    users = [message for message in messages if message.get("role") == "user"]
    if not users:
        raise Unreadable("messages: at least one message of the role `user` is required")
    sent = [body.get("system"), *(message.get("content") for message in messages)]
    return Asked(
        wire=str(body.get("model")),
        prompt=_text(users[-1].get("content")),
        characters=sum(len(_text(content)) for content in sent),
        images=tuple(_images(users[-1].get("content"))),
        max_tokens=body.get("max_tokens"),
        stream=bool(body.get("stream")),
    )


def _text(content: Content) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    return "\n".join(block["text"] for block in content if block.get("type") == "text")


def _images(content: Content) -> Iterator[bytes]:
    for block in content if isinstance(content, list) else ():
        if block.get("type") == "image":
            if block["source"]["type"] != "base64":
                raise Unreadable("Images are read from base64 sources only; none is ever fetched.")
            yield from_base64(block["source"]["data"])


def _usage(reply: Reply) -> dict[str, Any]:
    """Tokens of the prompt cache stand outside `input_tokens`."""
    return {
        "input_tokens": reply.input_tokens - reply.cached_tokens - reply.cache_write_tokens,
        "cache_creation_input_tokens": reply.cache_write_tokens,
        "cache_read_input_tokens": reply.cached_tokens,
        "cache_creation": {
            "ephemeral_5m_input_tokens": reply.cache_write_tokens,
            "ephemeral_1h_input_tokens": 0,
        },
        "output_tokens": reply.output_tokens,
        "output_tokens_details": {"thinking_tokens": reply.reasoning_tokens},
        "service_tier": "standard",
    }


def _head(asked: Asked) -> dict[str, Any]:
    return {
        "id": f"msg_{content_hash([asked.wire, asked.prompt])}",
        "type": "message",
        "role": "assistant",
        "model": asked.wire,
        "stop_sequence": None,
    }


def _body(asked: Asked, reply: Reply) -> dict[str, Any]:
    content = [{"type": "text", "text": reply.text}] if reply.text else []
    return {**_head(asked), "content": content, "stop_reason": STOP[reply.stop], "usage": _usage(reply)}


def _events(asked: Asked, reply: Reply) -> Iterator[bytes]:
    usage = _usage(reply)
    message = {**_head(asked), "content": [], "stop_reason": None, "usage": {**usage, "output_tokens": 1}}
    yield _event("message_start", message=message)
    if reply.text:
        yield _event("content_block_start", index=0, content_block={"type": "text", "text": ""})
        for part in pieces(reply.text):
            yield _event("content_block_delta", index=0, delta={"type": "text_delta", "text": part})
        yield _event("content_block_stop", index=0)
    yield _event("message_delta", delta={"stop_reason": STOP[reply.stop], "stop_sequence": None}, usage=usage)
    yield _event("message_stop")


def _event(kind: str, **fields: Any) -> bytes:
    return event({"type": kind, **fields}, kind=kind)


def _error(status: int, message: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": ERROR_TYPES.get(status, "api_error"), "message": message}}


def _empty(asked: Asked) -> dict[str, Any]:
    usage = {"input_tokens": 0, "output_tokens": 0}
    return {**_head(asked), "content": [], "stop_reason": None, "usage": usage}


def _no_events(asked: Asked) -> Iterator[bytes]:
    yield _event("message_start", message=_empty(asked))
    yield _event("message_stop")


CREDIT = "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing."

ANTHROPIC_MESSAGES = Dialect(
    answers=frozenset({"text"}),
    read=_read,
    body=_body,
    error=_error,
    quota=Refusal(400, _error(400, CREDIT)),
    blocked=Refusal(400, _error(400, "Output blocked by content filtering policy")),
    empty=_empty,
    stream=Streaming(
        events=_events,
        empty=_no_events,
        error=event(_error(529, "Overloaded"), kind="error"),
        alive=_event("ping"),
    ),
)
