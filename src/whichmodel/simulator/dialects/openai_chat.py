"""OpenAI chat completions: https://platform.openai.com/docs/api-reference/chat.

Hugging Face's router and most self-hosted servers speak it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from whichmodel.domain import content_hash
from whichmodel.simulator.behaviour import Reply
from whichmodel.simulator.dialects import hf_errors, openai_errors
from whichmodel.simulator.dialects.dialect import (
    COMMENT,
    Asked,
    Dialect,
    Streaming,
    Unreadable,
    event,
    from_data_address,
    pieces,
)

FINISH = {"stop": "stop", "truncated": "length", "refused": "content_filter"}
DONE = b"data: [DONE]\n\n"


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
        stream_usage=bool((body.get("stream_options") or {}).get("include_usage")),
    )


def _parts(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    content = message.get("content") or ""
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _text(message: Mapping[str, Any]) -> str:
    return "\n".join(part["text"] for part in _parts(message) if part.get("type") == "text")


def _images(message: Mapping[str, Any]) -> Iterator[bytes]:
    for part in _parts(message):
        if part.get("type") == "image_url":
            yield from_data_address(part["image_url"]["url"])


def _usage(reply: Reply) -> dict[str, Any]:
    """Cached and written tokens are inside the prompt's, reasoning inside the completion's."""
    return {
        "prompt_tokens": reply.input_tokens,
        "completion_tokens": reply.output_tokens,
        "total_tokens": reply.input_tokens + reply.output_tokens,
        "prompt_tokens_details": {
            "cached_tokens": reply.cached_tokens,
            "cache_write_tokens": reply.cache_write_tokens,
            "audio_tokens": 0,
        },
        "completion_tokens_details": {
            "reasoning_tokens": reply.reasoning_tokens,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
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
        yield event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    yield event({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": FINISH[reply.stop]}]})
    if asked.stream_usage:
        yield event({**head, "choices": [], "usage": _usage(reply)})
    yield DONE


def _empty(asked: Asked) -> dict[str, Any]:
    return {**_head(asked, "chat.completion"), "choices": []}


def _no_events(asked: Asked) -> Iterator[bytes]:
    yield event({**_head(asked, "chat.completion.chunk"), "choices": []})
    yield DONE


OPENAI_CHAT = Dialect(
    answers=frozenset({"text"}),
    read=_read,
    body=_body,
    error=openai_errors.error,
    quota=openai_errors.QUOTA,
    blocked=openai_errors.BLOCKED,
    empty=_empty,
    stream=Streaming(events=_events, empty=_no_events, error=event(openai_errors.IN_STREAM), alive=COMMENT),
)
HF_CHAT = replace(OPENAI_CHAT, quota=hf_errors.QUOTA)
"""Chat as Hugging Face's router speaks it."""
