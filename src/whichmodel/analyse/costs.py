"""Cost of one model against another's, by paired bootstrap over the items both answered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whichmodel.analyse.evidence import Evidence
from whichmodel.analyse.resampling import draws

Floats = NDArray[np.float64]
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio with its percentile interval."""

    value: float
    low: float
    high: float


def mean_cost(evidence: Evidence, model: int) -> float | None:
    """Mean cost of one request in USD; None unless every item with a score has a known cost."""
    scored = ~np.isnan(evidence.score[:, model])
    cost = evidence.cost_usd[scored, model]
    return float(cost.mean()) if len(cost) and not np.isnan(cost).any() else None


def resampled(evidence: Evidence, a: int, b: int) -> tuple[Floats, Floats] | None:
    """Resampled total costs of two models over the items where both are known; None without such an item."""
    pair = evidence.cost_usd[:, [a, b]]
    pair = pair[~np.isnan(pair).any(axis=1)]
    if not len(pair):
        return None
    totals = draws(len(pair), DRAWS) @ pair
    return totals[:, 0], totals[:, 1]


def probability_cheaper(evidence: Evidence, a: int, b: int, *, factor: float = 0.95) -> float:
    """Bootstrap probability that a costs less than `factor` of b. 0 when a cost is unknown."""
    if mean_cost(evidence, a) is None or mean_cost(evidence, b) is None:
        return 0.0
    totals = resampled(evidence, a, b)
    return 0.0 if totals is None else float((totals[0] < factor * totals[1]).mean())


def cost_ratio(evidence: Evidence, a: int, b: int, *, confidence: float = 0.95) -> Ratio | None:
    """Cost of a divided by cost of b; None when a cost is unknown or b is free."""
    if mean_cost(evidence, a) is None or mean_cost(evidence, b) is None:
        return None
    totals = resampled(evidence, a, b)
    if totals is None or not (totals[1] > 0).all():
        return None
    pair = evidence.cost_usd[:, [a, b]]
    whole = pair[~np.isnan(pair).any(axis=1)].sum(axis=0)
    low, high = np.quantile(totals[0] / totals[1], [(1 - confidence) / 2, (1 + confidence) / 2])
    return Ratio(float(whole[0] / whole[1]), float(low), float(high))
