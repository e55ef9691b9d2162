"""What a failed request means: try again, give up on this item, or stop asking this model.

Each provider's own judgement (`ModelAPI.should_retry` of Inspect) is asked for what may pass; what ends a
model is told by HTTP status and by the words in which providers say that an account has run dry.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

import httpx
from inspect_ai.model import ModelAPI

FATAL = {
    401: "the key was refused",
    402: "the account has to be paid",
    403: "access was refused",
    404: "the model or the address does not exist",
}
PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
QUOTA = re.compile(
    r"insufficient_quota|billing_hard_limit|billing_not_active|credit balance is too low|PerDay"
    r"|out of credits|exceeded your (?:monthly|current) (?:included )?credits",
    re.IGNORECASE,
)
"""How OpenAI, Anthropic, Google, OpenRouter and Hugging Face say that a quota or the money is used up."""
MAX_TEXT = 300


class Kind(StrEnum):
    """What to do about a failed request."""

    LIMITED = "limited"
    """Too many requests: wait, and send fewer."""
    PASSING = "passing"
    """Trouble that may pass: try again."""
    PERMANENT = "permanent"
    """This request will never succeed."""
    FATAL = "fatal"
    """No request to this model will succeed."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed request, judged."""

    kind: Kind
    text: str
    """Class and message, in one line; holds no key."""
    retry_after_s: float | None = None
    """How long the provider asks to wait. None = it does not say."""
    status: int | None = None
    """HTTP status. None = no reply was read to its end, so the request may have been billed."""


def failure(api: ModelAPI, error: Exception) -> Failure:
    """What an exception out of `api.generate` means."""
    status = _status(error)
    text = _text(error, api.api_key)
    retry_after = _retry_after(error)
    if status in FATAL:
        return Failure(Kind.FATAL, f"{FATAL[status]} ({status}): {text}", status=status)
    if status is not None and QUOTA.search(str(error)):
        return Failure(Kind.FATAL, f"the quota is used up ({status}): {text}", status=status)
    decision = api.should_retry(error)
    asked = getattr(decision, "retry_after", None)
    wait = retry_after if retry_after is not None else asked
    if status == 429 or getattr(decision, "kind", None) == "rate_limit":
        return Failure(Kind.LIMITED, text, wait, status)
    if bool(getattr(decision, "retry", decision)) or status in PASSING or _lost(error):
        return Failure(Kind.PASSING, text, wait, status)
    return Failure(Kind.PERMANENT, text, status=status)


def _lost(error: Exception) -> bool:
    return isinstance(error, TimeoutError | ConnectionError | httpx.TransportError)


def _status(error: BaseException | None) -> int | None:
    """HTTP status of an exception or of what caused it, by the names the SDKs give it."""
    depth = 0
    while error is not None and depth < 4:
        response = getattr(error, "response", None)
        for holder, name in (
            (error, "status_code"),
            (error, "code"),
            (error, "status"),
            (response, "status_code"),
        ):
            value = getattr(holder, name, None)
            if isinstance(value, int) and 100 <= value < 600:
                return value
        error, depth = error.__cause__, depth + 1
    return None


def _retry_after(error: Exception) -> float | None:
    """Seconds of a `Retry-After` or `retry-after-ms` header (RFC 9110, 10.2.3). None = there is none."""
    headers: Mapping[str, str] = getattr(getattr(error, "response", None), "headers", None) or {}
    if (ms := headers.get("retry-after-ms")) and ms.replace(".", "", 1).isdigit():
        return float(ms) / 1000
    value = (headers.get("retry-after") or headers.get("Retry-After") or "").strip()
    if not value:
        return None
    if value.replace(".", "", 1).isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _text(error: Exception, key: str | None) -> str:
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return without_key(text, key)[:MAX_TEXT]


def without_key(text: str, key: str | None) -> str:
    """A text with a key blotted out, since some endpoints repeat it in their errors."""
    return text.replace(key, "[key]") if key and len(key) > 4 else text
