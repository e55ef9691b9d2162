"""Cost of a request, and of one model against another's, by paired bootstrap over the items both answered."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from whichmodel.analyse.evidence import Evidence
from whichmodel.analyse.ratio import Ratio
from whichmodel.analyse.resampling import draws

Floats = NDArray[np.float64]
DRAWS = 1000


def mean_cost(evidence: Evidence, model: int) -> float | None:
    """Mean cost of one request in USD; None unless every item with a score has a known cost."""
    scored = ~np.isnan(evidence.score[:, model])
    cost = evidence.cost_usd[scored, model]
    return float(cost.mean()) if len(cost) and not np.isnan(cost).any() else None


def resampled(evidence: Evidence, a: int, b: int) -> tuple[Floats, Floats] | None:
    """Resampled total costs of two models over the items where both are known; None without such an item.

    Clusters are drawn whole.
    """
    pair = evidence.cost_usd[:, [a, b]]
    known = ~np.isnan(pair).any(axis=1)
    if not known.any():
        return None
    totals = _redrawn(pair[known], evidence.clusters[known] if evidence.clustered else None)
    return totals[:, 0], totals[:, 1]


def _redrawn(values: Floats, clusters: NDArray[np.int64] | None) -> Floats:
    """Totals of each column in each resample of the rows, or of whole clusters of them."""
    if clusters is not None:
        _, codes = np.unique(clusters, return_inverse=True)
        sums = np.zeros((int(codes.max()) + 1, values.shape[1]))
        np.add.at(sums, codes, values)
        values = sums
    return np.asarray(draws(len(values), DRAWS) @ values.astype(np.float32), dtype=np.float64)


def resampled_means(evidence: Evidence) -> Floats:
    """Draws x models: mean cost in each resample, all models over the same items; NaN = a cost is missing."""
    cost = evidence.cost_usd
    whole = ~np.isnan(cost).any(axis=0)
    found = np.full((DRAWS, cost.shape[1]), np.nan)
    if len(cost) and whole.any():
        ones = np.ones((len(cost), 1))
        clusters = evidence.clusters if evidence.clustered else None
        totals = _redrawn(np.hstack([cost[:, whole], ones]), clusters)
        found[:, whole] = totals[:, :-1] / totals[:, [-1]]
    return found


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
    known = pair[~np.isnan(pair).any(axis=1)]
    whole = known.sum(axis=0)
    low, high = np.quantile(totals[0] / totals[1], [(1 - confidence) / 2, (1 + confidence) / 2])
    value = float(whole[0] / whole[1])
    return Ratio(value, min(float(low), value), max(float(high), value), len(known))


def cost_interval(evidence: Evidence, model: int, *, confidence: float = 0.95) -> tuple[float, float] | None:
    """Percentile interval of the mean cost of one request in USD; None when it is unknown."""
    mean = mean_cost(evidence, model)
    if mean is None:
        return None
    scored = ~np.isnan(evidence.score[:, model])
    cost = np.column_stack([evidence.cost_usd[scored, model], np.ones(int(scored.sum()))])
    totals = _redrawn(cost, evidence.clusters[scored] if evidence.clustered else None)
    means = totals[:, 0] / totals[:, 1]
    low, high = np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2])
    return min(float(low), mean), max(float(high), mean)
