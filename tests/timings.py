"""Timed calls made for tests: a plain one, changed where a test needs it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from whichmodel.domain import Ended, Timing

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
PLAIN = Timing(
    key="",
    run_id="pass-1",
    number=0,
    task="tickets",
    task_hash="bank-1",
    item_id="i0",
    model="aurora/lite",
    settings_hash="settings-1",
    requested_model="lite",
    served_model="lite",
    status=Ended.ANSWERED,
    streamed=True,
    first_kind="text",
    deltas=4,
    ttft_s=0.2,
    latency_s=0.5,
    tokens_per_s=60.0,
    input_tokens=100,
    cached_tokens=None,
    cache_write_tokens=None,
    output_tokens=19,
    reasoning_tokens=0,
    cost_usd=Decimal("0.0000000001"),
    price_source="test",
    price_date=START.date(),
    loop_lag_ms=1.5,
    cold=False,
    concurrency=1,
    hour_utc=12,
    error_class=None,
    error_text=None,
    started_at=START,
    simulated=False,
)


def timing(number: int, **changes: Any) -> Timing:
    return replace(PLAIN, key=f"k{number}", number=number, **changes)
