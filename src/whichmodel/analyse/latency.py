"""Latency of answers: percentiles, and the proof of a p95 objective."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]


LATE_SHARE = 0.05
"""Of a latency: an event loop that was later than that has bent it."""
LEAST_STEADY = 20
"""Answers whose latency is not bent, under which no percentile is told where others are."""


def is_late(latency_s: Floats, lag_s: Floats) -> NDArray[np.bool_]:
    """Where the measuring program was later than a small share of the latency. NaN lag = nowhere."""
    with np.errstate(invalid="ignore"):
        return np.asarray(lag_s > LATE_SHARE * latency_s)


def known(latency_s: Floats) -> Floats:
    """The known latencies among a model's answers, flat."""
    return np.asarray(latency_s[~np.isnan(latency_s)])


def percentile(latency_s: Floats, share: float) -> float | None:
    """A percentile in seconds of answers with a score; None when no latency is known."""
    seen = known(latency_s)
    return float(np.quantile(seen, share)) if len(seen) else None


def proves_p95(latency_s: Floats, limit_s: float, *, confidence: float = 0.95) -> bool:
    """Whether p95 <= limit is shown: so few answers above it would be unlikely if 5% or more were.

    Exact binomial on the number of answers above the limit: at 95%, 59, 93 or 124 answers prove it with at
    most 0, 1 or 2 above.
    """
    seen = known(latency_s)
    misses = int((seen > limit_s).sum())
    return bool(len(seen)) and float(special.bdtr(misses, len(seen), 0.05)) <= 1 - confidence


def answers_needed(misses: int, *, confidence: float = 0.95) -> int:
    """Answers that prove a p95 objective with at most that many above it."""
    n = misses + 1
    while float(special.bdtr(misses, n, 0.05)) > 1 - confidence:
        n += 1
    return n


def told_percentile(steady_s: Floats, late: NDArray[np.bool_], share: float) -> float | None:
    """A percentile over the answers whose latency is not bent; None where too few are left to tell it."""
    if late.any() and len(known(steady_s)) < LEAST_STEADY:
        return None
    return percentile(steady_s, share)
