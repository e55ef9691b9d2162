"""The panel's models as each provider lists its own, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from whichmodel.simulator.panel import PANEL, SimulatedModel

RELEASED = "2026-11-01T00:00:00Z"
CONTEXT = 128_000
OUTPUT = 8_192
ANTHROPIC_PAGE, GOOGLE_PAGE = 20, 50
"""Entries on a page where the request names no number."""


def listed(headers: Mapping[str, str], query: Mapping[str, str]) -> dict[str, Any]:
    """`GET /v1/models`, which three providers share, told apart by the header that their clients send."""
    if "anthropic-version" in headers:
        return anthropic(query)
    if "x-goog-api-key" in headers or "key" in query:
        return google(query)
    return openai()


def openai() -> dict[str, Any]:
    """Every model, pictures too, on one page."""
    entries = [{"id": m.wire, "object": "model", "created": 0, "owned_by": m.vendor} for m in PANEL]
    return {"object": "list", "data": entries}


def hugging_face() -> dict[str, Any]:
    """The router's list: chat models alone, each with the providers that serve it."""
    return {"object": "list", "data": [_routed(model) for model in _of("text")]}


def anthropic(query: Mapping[str, str]) -> dict[str, Any]:
    """Chat models by `limit` and `after_id`."""
    found = _of("text")
    start = 1 + next((n for n, model in enumerate(found) if model.wire == query.get("after_id")), -1)
    page = found[start : start + int(query.get("limit", ANTHROPIC_PAGE))]
    return {
        "data": [_claimed(model) for model in page],
        "first_id": page[0].wire if page else None,
        "last_id": page[-1].wire if page else None,
        "has_more": start + len(page) < len(found),
    }


def google(query: Mapping[str, str]) -> dict[str, Any]:
    """Every model by `pageSize` and `pageToken`."""
    start, size = int(query.get("pageToken") or 0), int(query.get("pageSize", GOOGLE_PAGE))
    page: dict[str, Any] = {"models": [_generating(model) for model in PANEL[start : start + size]]}
    if start + size < len(PANEL):
        page["nextPageToken"] = str(start + size)
    return page


def _of(answers: str) -> Sequence[SimulatedModel]:
    return [model for model in PANEL if model.answers == answers]


def _routed(model: SimulatedModel) -> dict[str, Any]:
    kinds = ["text", "image"] if model.vision else ["text"]
    return {
        "id": model.wire,
        "object": "model",
        "created": 0,
        "owned_by": model.vendor,
        "architecture": {"input_modalities": kinds, "output_modalities": ["text"]},
        "providers": [{"provider": "hf-inference", "status": "live", "context_length": CONTEXT}],
    }


def _claimed(model: SimulatedModel) -> dict[str, Any]:
    return {
        "type": "model",
        "id": model.wire,
        "display_name": model.id,
        "created_at": RELEASED,
        "lifecycle": "active",
        "max_input_tokens": CONTEXT,
        "max_tokens": OUTPUT,
    }


def _generating(model: SimulatedModel) -> dict[str, Any]:
    methods = (
        ["generateContent", "predict"] if model.answers == "image" else ["generateContent", "countTokens"]
    )
    return {
        "name": f"models/{model.wire}",
        "version": "001",
        "displayName": model.id,
        "description": "An invented model of the demo panel.",
        "inputTokenLimit": CONTEXT,
        "outputTokenLimit": OUTPUT,
        "supportedGenerationMethods": methods,
    }
