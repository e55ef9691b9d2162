"""What an accepted answer costs: all answers are paid for, those with the full score are kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whichmodel.analyse.costs import mean_cost
from whichmodel.analyse.evidence import Evidence, Floats
from whichmodel.analyse.intervals import Interval, interval
from whichmodel.analyse.resampling import draws

DRAWS = 1000
FULL = 1.0 - 1e-9
"""A mean score over epochs from which every one of them was accepted."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Share of answers with the full score, and the cost of one of them."""

    model: str
    n: int
    """Items with a score."""
    share: float
    low: float
    high: float
    cost_usd: float | None
    """Cost of all answers / accepted answers. None = a cost is unknown, or none was accepted."""
    cost_low_usd: float | None
    cost_high_usd: float | None
    """None beside a known cost = without bound: in some resamples none is accepted."""


def accepted(evidence: Evidence, *, confidence: float = 0.95) -> tuple[Accepted, ...]:
    """One a model with a score, the cheapest accepted answer first and unknown costs last."""
    rows = [_accepted(evidence, column, confidence) for column in range(len(evidence.measured))]
    found = [row for row in rows if row is not None]
    return tuple(sorted(found, key=lambda r: (r.cost_usd is None, r.cost_usd or 0.0, -r.share, r.model)))


def _accepted(evidence: Evidence, column: int, confidence: float) -> Accepted | None:
    scored = ~np.isnan(evidence.score[:, column])
    kept = (evidence.score[scored, column] >= FULL).astype(np.float64)
    clusters = evidence.clusters[scored] if evidence.clustered else None
    share = interval(kept, clusters, confidence=confidence)
    if share is None:
        return None
    cost, low, high = None, None, None
    if mean_cost(evidence, column) is not None and kept.any():
        paid = evidence.cost_usd[scored, column]
        cost = float(paid.sum() / kept.sum())
        low, high = _bounds(paid, kept, share, confidence)
    model = evidence.measured[column].model
    return Accepted(model, share.n, share.mean, share.low, share.high, cost, low, high)


def _bounds(
    paid: Floats, kept: Floats, share: Interval, confidence: float
) -> tuple[float | None, float | None]:
    """The wider of two: mean cost over the share's bounds, which holds where all are accepted, and a
    percentile bootstrap over the items, which draws cost and acceptance of an item together."""
    times = draws(len(paid), DRAWS)
    with np.errstate(divide="ignore"):
        ratios = (times @ paid) / (times @ kept)
        by_share = np.float64(paid.mean()) / np.array([share.high, share.low])
    low, high = np.quantile(ratios, [(1 - confidence) / 2, (1 + confidence) / 2], method="nearest")
    return _finite(min(float(low), float(by_share[0]))), _finite(max(float(high), float(by_share[1])))


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
