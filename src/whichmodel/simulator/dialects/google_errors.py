"""Google's error documents: https://ai.google.dev/gemini-api/docs/troubleshooting."""

from __future__ import annotations

from typing import Any

from whichmodel.simulator.dialects.dialect import Refusal

STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
}


def error(status: int, message: str) -> dict[str, Any]:
    """Google's error document."""
    return {"error": {"code": status, "message": message, "status": STATUS.get(status, "INTERNAL")}}


def _quota() -> dict[str, Any]:
    """A daily allowance that is used up; a limit by the minute differs in `quotaId` alone."""
    document = error(
        429,
        "You exceeded your current quota, please check your plan and billing details.",
    )
    violation = {
        "quotaMetric": "generativelanguage.googleapis.com/generate_content_free_tier_requests",
        "quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
        "quotaValue": "250",
    }
    document["error"]["details"] = [
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "36s"},
    ]
    return document


QUOTA = Refusal(429, _quota())
BLOCKED = Refusal(
    400,
    error(
        400,
        "The prompt could not be submitted. This prompt contains sensitive words that violate Google's "
        "Responsible AI practices.",
    ),
)
"""As Imagen turns a prompt down."""
