"""Percentiles of timed calls, with intervals that suppose nothing of the distribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from whichmodel.analyse.latency import is_late, known

Floats = NDArray[np.float64]
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
BLOCK_HOURS = 6
"""Hours of one part of the day."""


@dataclass(frozen=True, slots=True)
class Percentile:
    """A percentile and its interval, in the unit of the sample."""

    value: float | None
    """None = less than one value is to be expected above it, so that it would only be the largest one."""
    low: float | None
    high: float | None
    """None = there are too few values for that end."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """What is told of one quantity."""

    n: int
    """Known values."""
    percentiles: dict[str, Percentile]
    """By the names in SHARES."""


@dataclass(frozen=True, slots=True)
class Speed:
    """One model's timed calls, all of them or those of a part of the day."""

    model: str
    settings_hash: str
    block: str | None
    """Hours in UTC, such as "06-12". None = the whole day."""
    calls: int
    failed: int
    refused: int
    truncated: int
    cold: int
    """Calls for which a connection had to be opened; they are in none of the percentiles."""
    late: int
    """Other calls that this program's own event loop has bent; they are in none of the percentiles."""
    not_streamed: int
    """Calls whose content came whole, so that the time to its first part is not known."""
    first_kinds: dict[str, int]
    """What came first in streamed replies -> calls."""
    ttft_s: Distribution
    latency_s: Distribution
    tokens_per_s: Distribution
    inter_token_s: Distribution
    """Mean time between tokens, of requests that another tool timed."""
    spend_usd: float
    """Of calls whose cost is known."""
    unpriced: int
    """Calls that came back and whose cost is unknown."""


def percentile(values: Floats, share: float, *, confidence: float = 0.95) -> Percentile:
    """A percentile with its interval between two order statistics.

    values: known ones, in any order. The number of values below the true percentile is binomial whatever the
    distribution is, so each end misses it with at most half of 1 - confidence (David and Nagaraja 2003,
    "Order Statistics", 7.1). Ties only widen the interval.
    """
    n = len(values)
    ranked = np.sort(values)
    below, above = ranks(n, share, confidence=confidence)
    tells = n * min(share, 1 - share) >= 1 - 1e-9
    return Percentile(
        float(np.quantile(ranked, share)) if tells else None,
        None if below is None else float(ranked[below - 1]),
        None if above is None else float(ranked[above - 1]),
    )


def ranks(n: int, share: float, *, confidence: float = 0.95) -> tuple[int | None, int | None]:
    """Ranks from 1 of the values that bound a percentile of n values; None = no value bounds it so surely."""
    tail = (1 - confidence) / 2
    at_most = special.bdtr(np.arange(n), n, share)
    low = int(np.searchsorted(at_most, tail, side="right"))
    high = int(np.searchsorted(at_most, 1 - tail, side="left")) + 1
    return (low if low >= 1 else None), (high if high <= n else None)


def distribution(values: Floats) -> Distribution:
    """What is told of a sample; NaN = unknown, and left out."""
    seen = known(values)
    return Distribution(len(seen), {name: percentile(seen, share) for name, share in SHARES.items()})


def speeds(timings: pd.DataFrame, *, by_hour: bool = False) -> tuple[Speed, ...]:
    """Each model's calls, in the order of names and hours.

    timings: columns as in `domain.Timing`, in any order. A model whose settings changed is another one.
    """
    if timings.empty:
        return ()
    rows = timings.assign(block=timings.hour_utc // BLOCK_HOURS if by_hour else -1)
    groups = rows.groupby(["model", "settings_hash", "block"], sort=True)
    return tuple(_speed(str(m), str(s), int(str(b)), group) for (m, s, b), group in groups)


def _speed(model: str, settings_hash: str, block: int, rows: pd.DataFrame) -> Speed:
    came = rows[rows.status != "failed"]
    warm = came[~came.cold.astype(bool)]
    latency, first = _column(warm, "latency_s"), _column(warm, "ttft_s")
    lag_s = _column(warm, "loop_lag_ms") / 1000
    late, late_first = is_late(latency, lag_s), is_late(first, lag_s)
    cost = _column(came, "cost_usd")
    return Speed(
        model=model,
        settings_hash=settings_hash,
        block=None if block < 0 else hours(block),
        calls=len(rows),
        failed=int((rows.status == "failed").sum()),
        refused=int((rows.status == "refused").sum()),
        truncated=int((rows.status == "truncated").sum()),
        cold=len(came) - len(warm),
        late=int((late | late_first).sum()),
        not_streamed=int((came.streamed == False).sum()),  # noqa: E712  (a column of objects)
        first_kinds={str(kind): int(n) for kind, n in came.first_kind.value_counts().sort_index().items()},
        ttft_s=distribution(np.where(late_first, np.nan, first)),
        latency_s=distribution(np.where(late, np.nan, latency)),
        tokens_per_s=distribution(np.where(late | late_first, np.nan, _column(warm, "tokens_per_s"))),
        inter_token_s=distribution(_column(warm, "inter_token_s")),
        spend_usd=float(np.nansum(cost)),
        unpriced=int(np.isnan(cost).sum()),
    )


def _column(rows: pd.DataFrame, name: str) -> Floats:
    """A column's values; all NaN where a snapshot is older than it."""
    if name not in rows:
        return np.full(len(rows), np.nan)
    return rows[name].to_numpy(dtype=np.float64, na_value=np.nan)


def hours(block: int) -> str:
    """The hours of a part of the day, such as "00-06"."""
    return f"{block * BLOCK_HOURS:02d}-{(block + 1) * BLOCK_HOURS:02d}"
