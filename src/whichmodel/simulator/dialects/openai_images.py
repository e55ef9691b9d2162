"""OpenAI image generation: https://platform.openai.com/docs/api-reference/images."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from whichmodel.simulator.behaviour import Reply
from whichmodel.simulator.dialects import openai_errors
from whichmodel.simulator.dialects.dialect import Asked, Dialect, Unreadable

IMAGE_TOKENS = 1056
"""Output tokens of a square picture of medium quality by a gpt-image model."""


def _read(body: Mapping[str, Any], path: Mapping[str, str]) -> Asked:
    prompt = body.get("prompt")
    if not isinstance(prompt, str):
        raise Unreadable("There is no `prompt`.")
    if body.get("stream"):
        raise Unreadable("Images are not streamed here; leave `stream` out.")
    return Asked(wire=str(body.get("model")), prompt=prompt, characters=len(prompt))


def _body(asked: Asked, reply: Reply) -> dict[str, Any]:
    data = [{"b64_json": base64.b64encode(reply.image).decode()}] if reply.image else []
    output = IMAGE_TOKENS * len(data)
    usage = {
        "input_tokens": reply.input_tokens,
        "output_tokens": output,
        "total_tokens": reply.input_tokens + output,
        "input_tokens_details": {"text_tokens": reply.input_tokens, "image_tokens": 0},
        "output_tokens_details": {"text_tokens": 0, "image_tokens": output},
    }
    return {"created": 0, "output_format": "png", "data": data, "usage": usage}


def _empty(asked: Asked) -> dict[str, Any]:
    return {"created": 0, "data": []}


OPENAI_IMAGES = Dialect(
    answers=frozenset({"image"}),
    read=_read,
    body=_body,
    error=openai_errors.error,
    quota=openai_errors.QUOTA,
    blocked=openai_errors.IMAGE_BLOCKED,
    empty=_empty,
    never=frozenset({"filter", "length", "other_model"}),
)
