"""Google generateContent: https://ai.google.dev/api/generate-content."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from whichmodel.domain import content_hash
from whichmodel.simulator.behaviour import Reply
from whichmodel.simulator.dialects.dialect import Asked, Dialect, Unreadable, pieces

FINISH = {"stop": "STOP", "truncated": "MAX_TOKENS", "refused": "SAFETY"}
ERROR_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
}


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
        max_tokens=(body.get("generationConfig") or {}).get("maxOutputTokens"),
        stream=path["method"] == "streamGenerateContent",
    )


def _text(content: Mapping[str, Any]) -> str:
    return "\n".join(part["text"] for part in content.get("parts") or [] if "text" in part)


def _chunk(asked: Asked, text: str, finish: str | None) -> dict[str, Any]:
    candidate: dict[str, Any] = {"index": 0, "content": {"role": "model", "parts": []}}
    if text:
        candidate["content"]["parts"] = [{"text": text}]
    if finish:
        candidate["finishReason"] = finish
    return {
        "candidates": [candidate],
        "modelVersion": asked.wire,
        "responseId": content_hash([asked.wire, asked.prompt]),
    }


def _usage(reply: Reply) -> dict[str, Any]:
    return {
        "promptTokenCount": reply.input_tokens,
        "cachedContentTokenCount": 0,
        "candidatesTokenCount": reply.output_tokens - reply.reasoning_tokens,
        "thoughtsTokenCount": reply.reasoning_tokens,
        "totalTokenCount": reply.input_tokens + reply.output_tokens,
    }


def _body(asked: Asked, reply: Reply) -> dict[str, Any]:
    return {**_chunk(asked, reply.text, FINISH[reply.stop]), "usageMetadata": _usage(reply)}


def _events(asked: Asked, reply: Reply) -> Iterator[bytes]:
    for part in pieces(reply.text):
        yield _event(_chunk(asked, part, None))
    yield _event({**_chunk(asked, "", FINISH[reply.stop]), "usageMetadata": _usage(reply)})


def _event(document: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(document)}\r\n\r\n".encode()


def _error(status: int, message: str) -> dict[str, Any]:
    name = ERROR_STATUS.get(status, "INTERNAL")
    return {"error": {"code": status, "message": message, "status": name}}


def _empty(asked: Asked) -> dict[str, Any]:
    return {"candidates": [], "modelVersion": asked.wire}


GOOGLE_GENERATE = Dialect(read=_read, body=_body, events=_events, error=_error, empty=_empty)
