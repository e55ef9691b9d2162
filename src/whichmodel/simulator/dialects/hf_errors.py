"""Hugging Face's error documents: https://huggingface.co/docs/inference-providers/pricing."""

from __future__ import annotations

from typing import Any

from whichmodel.simulator.dialects.dialect import Refusal


def error(status: int, message: str) -> dict[str, Any]:
    """Hugging Face's error document."""
    return {"error": message}


QUOTA = Refusal(
    402,
    error(402, "You have exceeded your monthly included credits for Inference Providers. Subscribe to PRO."),
)
