"""What a failed request means: try again, give up on this item, or stop asking this model.

Each provider's own judgement (`ModelAPI.should_retry` of Inspect) is asked for what may pass; what ends a
model is told by HTTP status and by the words in which providers say that an account has run dry.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

import httpx
from aiohttp.http_exceptions import HttpProcessingError
from inspect_ai.model import ChatMessageAssistant, ModelAPI, ModelOutput

from whichmodel.providers.callables import CallableAPI
from whichmodel.providers.replay import ReplayAPI

FATAL = {
    401: "the key was refused",
    402: "the account has to be paid",
    403: "access was refused",
    404: "the model or the address does not exist",
}
PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
QUOTA = re.compile(
    r"insufficient_quota|billing_hard_limit|billing_not_active|credit balance is too low"
    r"|out of credits|exceeded your (?:(?:monthly|current) )?(?:(?:included )?credits|quota)",
    re.IGNORECASE,
)
"""How OpenAI, Anthropic, OpenRouter, Hugging Face and those who speak like them say that the money or a quota
is used up. https://platform.openai.com/docs/guides/error-codes, https://docs.claude.com/en/api/errors."""
GOOGLE_QUOTA = re.compile(r"'?quotaId'?\W+([\w-]+)")
"""Google says the same sentence of a limit by the minute and by the day; what was exceeded differs by name.
https://ai.google.dev/gemini-api/docs/rate-limits."""
FLAGGED = re.compile(r"moderation|flagged|content.?polic", re.IGNORECASE)
"""A 403 that turns down one prompt, as OpenRouter sends it, and not the key."""
FILLED_IN = "(no content)"
"""What Inspect puts where Google's reply holds no candidate."""
MOST_WORDS = 20_000
"""Characters of an error's document that are searched."""
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

    @property
    def broken(self) -> bool:
        """Whether what came was no error of the provider's, nor an answer."""
        return self.status is None or self.status < 400


def failure(api: ModelAPI, error: Exception) -> Failure:
    """What an exception out of `api.generate` means."""
    status = _status(error)
    text = _text(error, api.api_key)
    said = _document(error)
    if status == 403 and FLAGGED.search(said):
        return Failure(Kind.PERMANENT, text, status=status)
    if status in FATAL:
        return Failure(Kind.FATAL, f"{FATAL[status]} ({status}): {text}", status=status)
    if status is not None and _used_up(said):
        return Failure(Kind.FATAL, f"the quota is used up ({status}): {text}", status=status)
    decision = api.should_retry(error)
    retry_after = _retry_after(error)
    wait = retry_after if retry_after is not None else getattr(decision, "retry_after", None)
    if status == 429 or getattr(decision, "kind", None) == "rate_limit":
        return Failure(Kind.LIMITED, text, wait, status)
    if bool(getattr(decision, "retry", decision)) or status in PASSING or _lost(error):
        return Failure(Kind.PASSING, text, wait, status)
    return Failure(Kind.PERMANENT, text, status=status)


def here(api: ModelAPI) -> bool:
    """Whether a model answers in this process, where nothing breaks on the way: a function, or a record."""
    return isinstance(api, CallableAPI | ReplayAPI)


def no_answer(api: ModelAPI, output: ModelOutput) -> Failure | None:
    """Why a reply that came as a good one is none. None = it holds an answer.

    Some of Inspect's providers give a stream that was cut off, or a document without an answer, as an output.
    A function may answer with nothing.
    """
    if here(api):
        return None
    if not output.choices:
        return Failure(Kind.PERMANENT, "NoAnswer: the reply holds no answer")
    if output.stop_reason == "unknown":
        return Failure(Kind.PASSING, "BrokenReply: the reply broke off before its end")
    message = output.message
    held = message.tool_calls or message.text.strip() not in ("", FILLED_IN) or _shown(message)
    if output.stop_reason == "stop" and not held:
        return Failure(Kind.PERMANENT, "NoAnswer: the reply holds no answer")
    return None


def _shown(message: ChatMessageAssistant) -> bool:
    """Whether a message holds anything but words and thoughts, such as a picture."""
    content = message.content
    return not isinstance(content, str) and any(part.type not in ("text", "reasoning") for part in content)


def _used_up(said: str) -> bool:
    if named := GOOGLE_QUOTA.findall(said):
        return any("PerDay" in name for name in named)
    return bool(QUOTA.search(said))


def _document(error: BaseException) -> str:
    """All that a provider said: some SDKs show in an error's words no more than its message."""
    said = [str(error)]
    for name in ("body", "details", "code", "type"):
        value = getattr(error, name, None)
        if isinstance(value, str | Mapping | Sequence):
            said.append(str(value))
    if error.__cause__ is not None:
        said.append(str(error.__cause__))
    return " ".join(said)[:MOST_WORDS]


def _lost(error: Exception) -> bool:
    return isinstance(error, TimeoutError | ConnectionError | httpx.TransportError)


def _status(error: BaseException | None) -> int | None:
    """HTTP status of an exception or of what caused it, by the names the SDKs give it."""
    depth = 0
    while error is not None and depth < 4:
        if isinstance(error, HttpProcessingError):
            # What aiohttp thinks of bytes that broke off; no server sent this number.
            return None
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
