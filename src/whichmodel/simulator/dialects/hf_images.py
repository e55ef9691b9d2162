"""Hugging Face `text_to_image`: `POST` of `inputs`, and the picture's own bytes come back.

https://huggingface.co/docs/inference-providers/tasks/text-to-image
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whichmodel.simulator.behaviour import Reply
from whichmodel.simulator.dialects import hf_errors
from whichmodel.simulator.dialects.dialect import Asked, Dialect, Unreadable


def _read(body: Mapping[str, Any], path: Mapping[str, str]) -> Asked:
    prompt = body.get("inputs")
    if not isinstance(prompt, str):
        raise Unreadable("There is no `inputs`.")
    return Asked(wire=path["wire"], prompt=prompt, characters=len(prompt))


def _body(asked: Asked, reply: Reply) -> bytes:
    return reply.image or b""


def _empty(asked: Asked) -> bytes:
    return b""


HF_IMAGES = Dialect(
    answers=frozenset({"image"}),
    read=_read,
    body=_body,
    error=hf_errors.error,
    quota=hf_errors.QUOTA,
    blocked=None,
    empty=_empty,
    never=frozenset({"filter", "length", "other_model"}),
)
