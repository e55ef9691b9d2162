"""One call of `bench latency` and how long it took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal


class Ended(StrEnum):
    """How a timed call ended. Only `failed` has no latency; the answer itself is not scored."""

    ANSWERED = "answered"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    FAILED = "failed"


FirstKind = Literal["text", "reasoning", "tool_call"]
"""What the first content of a streamed reply was."""


@dataclass(frozen=True, slots=True)
class Timing:
    """One call, sent once and never again; the field order is the table's column order."""

    key: str
    """Content key of the row: run, settings and the call's number."""
    run_id: str
    """Of the pass, which is the name of its folder under `logs`."""
    number: int
    """Of the calls of this model in this pass, from 0 in the order of sending."""
    task: str
    task_hash: str
    item_id: str
    model: str
    settings_hash: str
    requested_model: str
    served_model: str | None
    """None = the reply named none, or there is none."""
    status: Ended
    streamed: bool | None
    """Whether content came in parts. None = no content came, so nobody can tell."""
    first_kind: FirstKind | None
    """None = nothing was streamed."""
    deltas: int | None
    """Parts in which the content came. None = the call failed."""
    ttft_s: float | None
    """From handing the request over to its first content. None = failed, not streamed, or no content."""
    latency_s: float | None
    """From handing the request over to the whole answer. None if and only if the call failed."""
    tokens_per_s: float | None
    """After the first content. None = it cannot be known; see `rate`."""
    input_tokens: int | None
    """All prompt tokens: cached and written to a cache included."""
    cached_tokens: int | None
    cache_write_tokens: int | None
    output_tokens: int | None
    """All completion tokens: reasoning included."""
    reasoning_tokens: int | None
    cost_usd: Decimal | None
    """None = unknown. Of a failed call it always is: whether it was billed is not known."""
    price_source: str | None
    price_date: date | None
    loop_lag_ms: float | None
    """Worst delay of this program's own event loop during the call."""
    cold: bool
    """The connection was opened for it: the first calls of a model in a pass, as many as are in flight."""
    concurrency: int
    """Requests that this pass had in flight at the same time, at most."""
    hour_utc: int
    """Hour of the day at which the call was sent, 0 to 23."""
    error_class: str | None
    error_text: str | None
    started_at: datetime
    """UTC."""
    simulated: bool
    inter_token_s: float | None = None
    """Mean time between tokens, as another tool measured it. None = not told."""


def rate(
    *,
    output_tokens: int | None,
    reasoning_tokens: int | None,
    first_kind: FirstKind | None,
    deltas: int,
    ttft_s: float | None,
    latency_s: float,
) -> float | None:
    """Tokens a second after the first one: (tokens - 1) / (latency - time to first content).

    Reasoning that was not shown came before the first content, so its tokens are left out. None where that
    cannot be known: nothing or only one part was streamed, tokens are not counted, or fewer than two remain.
    """
    if ttft_s is None or output_tokens is None or deltas < 2:
        return None
    hidden = 0 if first_kind == "reasoning" else reasoning_tokens or 0
    after, seconds = output_tokens - hidden - 1, latency_s - ttft_s
    return after / seconds if after > 0 and seconds > 0 else None
