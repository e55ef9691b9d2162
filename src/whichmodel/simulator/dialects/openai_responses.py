"""OpenAI responses: https://platform.openai.com/docs/api-reference/responses and its streaming events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from whichmodel.domain import content_hash
from whichmodel.simulator.behaviour import Reply
from whichmodel.simulator.dialects import openai_errors
from whichmodel.simulator.dialects.dialect import (
    ASKED_FOR,
    COMMENT,
    Asked,
    Dialect,
    Streaming,
    Unreadable,
    event,
    from_data_address,
    pieces,
)

INCOMPLETE = {"truncated": "max_output_tokens", "refused": "content_filter"}


def _read(body: Mapping[str, Any], path: Mapping[str, str]) -> Asked:
    sent = body.get("input") or []
    items = [{"role": "user", "content": sent}] if isinstance(sent, str) else sent
    users = [item for item in items if item.get("role") == "user"]
    if not users:
        raise Unreadable("`input` holds no message of the role `user`.")
    return Asked(
        wire=str(body.get("model")),
        prompt=_text(users[-1]),
        characters=len(body.get("instructions") or "") + sum(len(_text(item)) for item in items),
        images=tuple(_images(users[-1])),
        max_tokens=body.get("max_output_tokens"),
        stream=bool(body.get("stream")),
    )


def _parts(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    content = item.get("content") or ""
    return [{"type": "input_text", "text": content}] if isinstance(content, str) else content


def _text(item: Mapping[str, Any]) -> str:
    return "\n".join(
        part["text"] for part in _parts(item) if part.get("type") in ("input_text", "output_text")
    )


def _images(item: Mapping[str, Any]) -> Iterator[bytes]:
    for part in _parts(item):
        if part.get("type") == "input_image":
            yield from_data_address(part["image_url"])


def _usage(reply: Reply) -> dict[str, Any]:
    """Cached and written tokens are inside the input's, reasoning inside the output's."""
    return {
        "input_tokens": reply.input_tokens,
        "input_tokens_details": {
            "cached_tokens": reply.cached_tokens,
            "cache_write_tokens": reply.cache_write_tokens,
        },
        "output_tokens": reply.output_tokens,
        "output_tokens_details": {"reasoning_tokens": reply.reasoning_tokens},
        "total_tokens": reply.input_tokens + reply.output_tokens,
    }


def _response(asked: Asked, status: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"resp_{_name(asked)}",
        "object": "response",
        "created_at": 0,
        "status": status,
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "max_output_tokens": asked.max_tokens,
        "model": asked.wire,
        "output": [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": None,
        "metadata": {},
        **fields,
    }


def _name(asked: Asked) -> str:
    return content_hash([asked.wire, asked.prompt])


def _message(asked: Asked, text: str, status: str) -> dict[str, Any]:
    return {
        "id": f"msg_{_name(asked)}",
        "type": "message",
        "role": "assistant",
        "status": status,
        "content": [_part(text)],
    }


def _part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _output(asked: Asked, reply: Reply) -> list[dict[str, Any]]:
    """A reasoning item without a summary where it reasoned, then the message where there is a text."""
    reasoned = {"id": f"rs_{_name(asked)}", "type": "reasoning", "summary": []}
    said = _message(asked, reply.text, "completed" if reply.stop == "stop" else "incomplete")
    return [*([reasoned] if reply.reasoning_tokens else []), *([said] if reply.text else [])]


def _body(asked: Asked, reply: Reply) -> dict[str, Any]:
    why = INCOMPLETE.get(reply.stop)
    return _response(
        asked,
        "incomplete" if why else "completed",
        incomplete_details={"reason": why} if why else None,
        output=_output(asked, reply),
        usage=_usage(reply),
    )


def _events(asked: Asked, reply: Reply) -> Iterator[bytes]:
    number = count()
    yield _event("response.created", number, response=_response(asked, "in_progress"))
    yield _event("response.in_progress", number, response=_response(asked, "in_progress"))
    for index, item in enumerate(_output(asked, reply)):
        yield from _item_events(number, index, item)
    whole = _body(asked, reply)
    yield _event(f"response.{whole['status']}", number, response=whole)


def _item_events(number: Iterator[int], index: int, item: dict[str, Any]) -> Iterator[bytes]:
    begun = {**item, "status": "in_progress", "content": []} if item["type"] == "message" else item
    yield _event("response.output_item.added", number, output_index=index, item=begun)
    if item["type"] == "message":
        place = {"item_id": item["id"], "output_index": index, "content_index": 0}
        text = item["content"][0]["text"]
        yield _event("response.content_part.added", number, **place, part=_part(""))
        for part in pieces(text):
            yield _event("response.output_text.delta", number, **place, delta=part, logprobs=[])
        yield _event("response.output_text.done", number, **place, text=text, logprobs=[])
        yield _event("response.content_part.done", number, **place, part=_part(text))
    yield _event("response.output_item.done", number, output_index=index, item=item)


def _event(kind: str, number: Iterator[int], **fields: Any) -> bytes:
    return event({"type": kind, "sequence_number": next(number), **fields}, kind=kind)


def _empty(asked: Asked) -> dict[str, Any]:
    return _response(asked, "completed")


def _no_events(asked: Asked) -> Iterator[bytes]:
    number = count()
    yield _event("response.created", number, response=_response(asked, "in_progress"))
    yield _event("response.completed", number, response=_empty(asked))


_ERROR = _event("error", count(3), code="server_error", message=ASKED_FOR, param=None)

OPENAI_RESPONSES = Dialect(
    answers=frozenset({"text"}),
    read=_read,
    body=_body,
    error=openai_errors.error,
    quota=openai_errors.QUOTA,
    blocked=openai_errors.BLOCKED,
    empty=_empty,
    stream=Streaming(events=_events, empty=_no_events, error=_ERROR, alive=COMMENT),
)
