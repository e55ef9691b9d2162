"""A cell and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from whichmodel.domain.identity import content_hash

MAX_ERROR_TEXT = 500
"""Characters of an error's text."""


class Status(StrEnum):
    """How a sample ended. Only `failed` has no score; refused and truncated answers score 0."""

    SCORED = "scored"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing to measure: task x model x item x epoch."""

    task: str
    task_hash: str
    model: str
    settings_hash: str
    item_id: str
    epoch: int = 1

    @property
    def key(self) -> str:
        """Content key: the same question to the same model has the same key, for ever."""
        asked = [self.task, self.task_hash, self.model, self.settings_hash, self.item_id, self.epoch]
        return content_hash(asked, length=32)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attempt at a cell, as it is stored; the field order is the table's column order."""

    key: str
    """Content key of the row: the cell's key and the sample's id in its log."""
    cell_key: str
    task: str
    task_hash: str
    category: str
    item_id: str
    cluster_id: str
    """The item's own id where it belongs to no cluster."""
    stratum: str
    epoch: int
    model: str
    settings_hash: str
    requested_model: str
    served_model: str | None
    fingerprint: str | None
    status: Status
    parsed: bool | None
    """None for what was never scored."""
    score: float | None
    """None if and only if status is failed."""
    judge_score: float | None
    human_score: float | None
    answer_norm: str | None
    input_tokens: int | None
    """All prompt tokens: cached, written to a cache and of images included."""
    cached_tokens: int | None
    cache_write_tokens: int | None
    output_tokens: int | None
    """All completion tokens: reasoning and images included."""
    reasoning_tokens: int | None
    images: int | None
    cost_usd: Decimal | None
    """Of the calls that reported their usage, the judge's left out. A failed attempt reports none: whether
    it was billed is not known, and `attempts` counts it."""
    judge_cost_usd: Decimal | None
    """What the scorer's own model calls cost. 0 when it made none, None when unknown."""
    price_source: str | None
    price_date: date | None
    latency_s: float | None
    """The successful attempt alone."""
    ttft_s: float | None
    queue_s: float | None
    """Waiting before the successful attempt: connections, back-off, failed attempts."""
    attempts: int
    loop_lag_ms: float | None
    error_class: str | None
    error_text: str | None
    output_ref: str | None
    """Artefact of an image answer, relative to the results folder."""
    log_ref: str | None
    """`logs/...eval#sample uuid`, relative to the results folder."""
    run_id: str
    started_at: datetime
    """UTC."""
    simulated: bool
    baseline: bool
    imported_from: str | None = None
    image_input_tokens: int | None = None
    """Of the input tokens, those of images."""
    image_output_tokens: int | None = None
    """Of the output tokens, those of drawn images."""
    megapixels: float | None = None
    """Of all drawn images, in millions of pixels."""
    cache_write_1h_tokens: int | None = None
    """Of the tokens written to a cache, those kept for an hour."""
    batch: bool | None = None
    """Asked through the provider's batch service. None = not noted."""
    billed_calls: int | None = None
    """Calls that the token counts are of. None = not noted: one."""
    judge_model: str | None = None
    """Model whose counts the next six are. None = it made no call, or several models did."""
    judge_calls: int | None = None
    judge_input_tokens: int | None = None
    judge_cached_tokens: int | None = None
    judge_cache_write_tokens: int | None = None
    judge_output_tokens: int | None = None
    judge_reasoning_tokens: int | None = None
    from_cache: bool = False
    """The answer was taken from the response cache: its cost is what the call would have cost, nothing was
    spent, and its latency is unknown."""
