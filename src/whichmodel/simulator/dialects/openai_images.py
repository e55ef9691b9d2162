"""OpenAI image generation: https://platform.openai.com/docs/api-reference/images."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from whichmodel.simulator.behaviour import Reply
from whichmodel.simulator.dialects.dialect import Asked, Dialect, Unreadable
from whichmodel.simulator.dialects.openai_chat import error


def _read(body: Mapping[str, Any], path: Mapping[str, str]) -> Asked:
    prompt = body.get("prompt")
    if not isinstance(prompt, str):
        raise Unreadable("There is no `prompt`.")
    if body.get("stream"):
        raise Unreadable("Images are not streamed here; leave `stream` out.")
    return Asked(wire=str(body.get("model")), prompt=prompt, characters=len(prompt))


def _body(asked: Asked, reply: Reply) -> dict[str, Any]:
    data = [{"b64_json": base64.b64encode(reply.image).decode()}] if reply.image else []
    usage = {
        "input_tokens": reply.input_tokens,
        "output_tokens": reply.output_tokens,
        "total_tokens": reply.input_tokens + reply.output_tokens,
        "input_tokens_details": {"text_tokens": reply.input_tokens, "image_tokens": 0},
    }
    return {"created": 0, "output_format": "png", "data": data, "usage": usage}


def _events(asked: Asked, reply: Reply) -> Iterator[bytes]:
    raise NotImplementedError("`_read` refuses a request for a stream.")


def _empty(asked: Asked) -> dict[str, Any]:
    return {"created": 0, "data": []}


OPENAI_IMAGES = Dialect(read=_read, body=_body, events=_events, error=error, empty=_empty)
