"""Imagen's `:predict`: https://ai.google.dev/api/models and Vertex AI's Imagen reference."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from whichmodel.simulator.behaviour import Reply
from whichmodel.simulator.dialects import google_errors
from whichmodel.simulator.dialects.dialect import Asked, Dialect, Unreadable

FILTERED = (
    "Unable to show generated images. All images were filtered out because they violated Google's "
    "Responsible AI practices. Support codes: 56562880"
)


def _read(body: Mapping[str, Any], path: Mapping[str, str]) -> Asked:
    instances = body.get("instances") or [{}]
    prompt = instances[0].get("prompt")
    if not isinstance(prompt, str):
        raise Unreadable("`instances` holds no `prompt`.")
    return Asked(wire=path["wire"], prompt=prompt, characters=len(prompt))


def _body(asked: Asked, reply: Reply) -> dict[str, Any]:
    """No token is counted and no model named: pictures are all that it bills."""
    if reply.stop == "refused" or reply.image is None:
        return {"predictions": [{"raiFilteredReason": FILTERED}]}
    data = base64.b64encode(reply.image).decode()
    return {"predictions": [{"mimeType": "image/png", "bytesBase64Encoded": data}]}


def _empty(asked: Asked) -> dict[str, Any]:
    return {}


GOOGLE_PREDICT = Dialect(
    answers=frozenset({"image"}),
    read=_read,
    body=_body,
    error=google_errors.error,
    quota=google_errors.QUOTA,
    blocked=google_errors.BLOCKED,
    empty=_empty,
    never=frozenset({"length", "other_model"}),
)
