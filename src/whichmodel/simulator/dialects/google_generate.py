"""Google generateContent, text and pictures: https://ai.google.dev/api/generate-content."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from whichmodel.domain import content_hash
from whichmodel.simulator.behaviour import Reply
from whichmodel.simulator.dialects import google_errors
from whichmodel.simulator.dialects.dialect import (
    ASKED_FOR,
    Asked,
    Dialect,
    Streaming,
    Unreadable,
    event,
    from_base64,
    pieces,
)

FINISH = {"stop": "STOP", "truncated": "MAX_TOKENS", "refused": "SAFETY"}
IMAGE_TOKENS = 1290
"""Output tokens of a picture by Gemini's image models, up to 1024 x 1024."""


def _read(body: Mapping[str, Any], path: Mapping[str, str]) -> Asked:
    contents = body.get("contents") or []
    users = [content for content in contents if content.get("role", "user") == "user"]
    if not users:
        raise Unreadable("`contents` holds nothing of the role `user`.")
    sent = [body.get("systemInstruction") or {}, *contents]
    return Asked(
        wire=path["wire"],
        prompt=_text(users[-1]),
        characters=sum(len(_text(content)) for content in sent),
        images=tuple(_images(users[-1])),
        max_tokens=(body.get("generationConfig") or {}).get("maxOutputTokens"),
        stream=path["method"] == "streamGenerateContent",
    )


def _text(content: Mapping[str, Any]) -> str:
    return "\n".join(part["text"] for part in content.get("parts") or [] if "text" in part)


def _images(content: Mapping[str, Any]) -> Iterator[bytes]:
    for part in content.get("parts") or []:
        if data := part.get("inlineData"):
            # The SDK writes URL-safe base64 here; the REST API takes both alphabets.
            yield from_base64(data["data"].replace("-", "+").replace("_", "/"))


def _chunk(asked: Asked, parts: list[dict[str, Any]], finish: str | None) -> dict[str, Any]:
    candidate: dict[str, Any] = {"index": 0, "content": {"role": "model", "parts": parts}}
    if finish:
        candidate["finishReason"] = finish
    return {
        "candidates": [candidate],
        "modelVersion": asked.wire,
        "responseId": content_hash([asked.wire, asked.prompt]),
    }


def _usage(reply: Reply) -> dict[str, Any]:
    """Cached tokens are inside the prompt's, thoughts outside the candidates'; a zero is left out.

    There is no count of cache writes: a prompt that fills the cache is input like any other.
    """
    visible = IMAGE_TOKENS if reply.image else reply.output_tokens - reply.reasoning_tokens
    usage: dict[str, Any] = {
        "promptTokenCount": reply.input_tokens,
        "candidatesTokenCount": visible,
        "totalTokenCount": reply.input_tokens + visible + reply.reasoning_tokens,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": reply.input_tokens}],
    }
    if reply.image:
        usage["candidatesTokensDetails"] = [{"modality": "IMAGE", "tokenCount": visible}]
    if reply.reasoning_tokens:
        usage["thoughtsTokenCount"] = reply.reasoning_tokens
    if reply.cached_tokens:
        usage["cachedContentTokenCount"] = reply.cached_tokens
        usage["cacheTokensDetails"] = [{"modality": "TEXT", "tokenCount": reply.cached_tokens}]
    return usage


def _parts(reply: Reply) -> list[dict[str, Any]]:
    if reply.image:
        data = base64.b64encode(reply.image).decode()
        return [{"inlineData": {"mimeType": "image/png", "data": data}}]
    return [{"text": reply.text}] if reply.text else []


def _body(asked: Asked, reply: Reply) -> dict[str, Any]:
    return {**_chunk(asked, _parts(reply), FINISH[reply.stop]), "usageMetadata": _usage(reply)}


def _events(asked: Asked, reply: Reply) -> Iterator[bytes]:
    if reply.image:
        yield _event(_chunk(asked, _parts(reply), None))
    else:
        for part in pieces(reply.text):
            yield _event(_chunk(asked, [{"text": part}] if part else [], None))
    yield _event({**_chunk(asked, [], FINISH[reply.stop]), "usageMetadata": _usage(reply)})


def _event(document: Mapping[str, Any]) -> bytes:
    return event(document, end="\r\n\r\n")


def _empty(asked: Asked) -> dict[str, Any]:
    return {"candidates": [], "modelVersion": asked.wire}


def _no_events(asked: Asked) -> Iterator[bytes]:
    yield _event(_empty(asked))


GOOGLE_GENERATE = Dialect(
    answers=frozenset({"text", "image"}),
    read=_read,
    body=_body,
    error=google_errors.error,
    quota=google_errors.QUOTA,
    blocked=None,
    empty=_empty,
    stream=Streaming(
        events=_events,
        empty=_no_events,
        error=_event(google_errors.error(503, ASKED_FOR)),
        alive=b"\r\n",
    ),
)
