"""Outcomes made for tests: a plain one, changed where a test needs it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from whichmodel.domain import Cell, Outcome, Status, content_hash

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
PLAIN = Outcome(
    key="",
    cell_key="",
    task="invoices",
    task_hash="bank-1",
    category="extraction",
    item_id="i0",
    cluster_id="",
    stratum="plain",
    epoch=1,
    model="aurora/lite",
    settings_hash="settings-1",
    requested_model="lite",
    served_model="lite",
    fingerprint=None,
    status=Status.SCORED,
    parsed=True,
    score=1.0,
    judge_score=None,
    human_score=None,
    answer_norm="a",
    input_tokens=100,
    cached_tokens=0,
    cache_write_tokens=None,
    output_tokens=20,
    reasoning_tokens=None,
    images=None,
    cost_usd=Decimal("0.0012"),
    judge_cost_usd=Decimal(0),
    price_source="test",
    price_date=START.date(),
    latency_s=0.5,
    ttft_s=None,
    queue_s=0.01,
    attempts=1,
    loop_lag_ms=1.0,
    error_class=None,
    error_text=None,
    output_ref=None,
    log_ref="logs/r/j#u",
    run_id="run-1",
    started_at=START,
    simulated=False,
    baseline=False,
)
FAILED: dict[str, Any] = {
    "status": Status.FAILED,
    "score": None,
    "parsed": None,
    "answer_norm": None,
    "latency_s": None,
    "cost_usd": None,
    "price_source": None,
    "price_date": None,
    "error_class": "APIStatusError",
    "error_text": "529 overloaded",
}


def outcome(number: int = 0, *, attempt: int = 0, **changes: Any) -> Outcome:
    """The outcome of item `number`; attempts at one cell differ in key and time."""
    row = replace(PLAIN, item_id=f"i{number}", started_at=START + timedelta(minutes=attempt))
    row = replace(row, **changes)
    cell = Cell(row.task, row.task_hash, row.model, row.settings_hash, row.item_id, row.epoch)
    key = content_hash([cell.key, attempt], length=32)
    return replace(row, key=key, cell_key=cell.key, cluster_id=row.cluster_id or row.item_id)
