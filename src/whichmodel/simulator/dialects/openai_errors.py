"""Error documents that OpenAI's protocols share: https://platform.openai.com/docs/guides/error-codes."""

from __future__ import annotations

from typing import Any

from whichmodel.simulator.dialects.dialect import ASKED_FOR, Refusal

TYPES = {401: "invalid_request_error", 404: "not_found_error", 429: "rate_limit_error"}
CODES = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}


def error(status: int, message: str) -> dict[str, Any]:
    """OpenAI's error document."""
    kind = TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    return _document(message, kind, CODES.get(status))


def _document(message: str, kind: str | None, code: str | None, param: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


QUOTA = Refusal(
    429,
    _document(
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        "insufficient_quota",
    ),
)
BLOCKED = Refusal(
    400,
    {
        "error": {
            "message": "The response was filtered due to the prompt triggering Azure OpenAI's content "
            "management policy. Please modify your prompt and retry.",
            "type": None,
            "param": "prompt",
            "code": "content_filter",
            "status": 400,
            "innererror": {
                "code": "ResponsibleAIPolicyViolation",
                "content_filter_result": {"violence": {"filtered": True, "severity": "medium"}},
            },
        }
    },
)
"""As Azure's OpenAI endpoints send it."""
IMAGE_BLOCKED = Refusal(
    400,
    _document(
        "Your request was rejected by the safety system. safety_violations=[violence].",
        "image_generation_user_error",
        "moderation_blocked",
    ),
)
IN_STREAM = _document(ASKED_FOR, "server_error", None)
