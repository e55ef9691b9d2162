"""Prediction-powered inference: few human labels, many scores of an instrument (DECISION section 6).

    theta = lam * mean_unlabelled(J) + mean_labelled(Y - lam * J)
    var   = lam^2 * var(J) / (N - n) + var_labelled(Y - lam * J) / n
    lam   = cov_labelled(Y, J) / (var(J) * (1 + n / (N - n))), clipped to [0, 1]

(PPI++: Angelopoulos, Duchi, Zrnic, 2023, "PPI++: efficient prediction-powered inference", section 6.) An
instrument that says nothing of the labels gets lam = 0 and leaves the labels alone; one that is biased shifts
nothing, since what it is off by on the labelled is taken from all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
FEWEST = 2
"""Labels under which there is no interval."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A mean of human labels as an instrument helps to estimate it."""

    labels: int
    items: int
    """Labelled or not."""
    mean: float
    low: float
    high: float
    weight: float
    """lam: how much the instrument counts, 0 to 1."""


def corrected(human: Floats, judge: Floats, rest: Floats, *, confidence: float = 0.95) -> Corrected | None:
    """The mean of human labels over labelled and other items, with its interval by t; None under two labels.

    human, judge: of the labelled items, in one order. rest: the judge's scores of the others. Differences of
    two models' labels and scores serve as well. Items are taken for independent of each other.
    """
    n, others = len(human), len(rest)
    if n < FEWEST:
        return None
    weight = _weight(human, judge, rest)
    residual = human - weight * judge
    mean = float(residual.mean())
    variance = float(residual.var(ddof=1)) / n
    if others and weight:
        mean += weight * float(rest.mean())
        spread = np.concatenate([judge, rest]).var(ddof=1)
        variance += weight**2 * float(spread) / others
    half = float(special.stdtrit(n - 1, (1 + confidence) / 2)) * variance**0.5
    return Corrected(n, n + others, mean, mean - half, mean + half, weight)


def _weight(human: Floats, judge: Floats, rest: Floats) -> float:
    """lam; 0 where there is nothing beside the labels, or the instrument always says the same."""
    spread = float(np.concatenate([judge, rest]).var(ddof=1))
    if not len(rest) or spread == 0.0:
        return 0.0
    shared = float(np.cov(human, judge, ddof=1)[0, 1])
    return min(1.0, max(0.0, shared / (spread * (1 + len(human) / len(rest)))))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean of labels, or of differences of labels, with a variance that never collapses."""

    labels: int
    groups: int
    """Clusters among the labelled."""
    mean: float
    spread: float
    """Variance of one label's residual, two made-up ones (+1 and -1) and the floor in it."""
    design: float
    """Variance of the mean over spread / labels: what the unlabelled items and clusters add. At least 1."""
    weight: float

    @property
    def error(self) -> float:
        """Standard error of the mean."""
        return math.sqrt(self.spread * self.design / self.labels)


def estimate(
    human: Floats, judge: Floats, clusters: NDArray[np.int64] | None = None, *, least: float = 0.0
) -> Estimate | None:
    """As `corrected`, for decisions: a few labels that agree do not look certain, and clusters count.

    human, judge: of all items in one order; NaN in `judge` = no score, in `human` = no label. clusters: of
    each item, None = all independent. least: floor under `spread`. None under two labels.
    """
    scored = ~np.isnan(judge)
    told, others = scored & ~np.isnan(human), scored & np.isnan(human)
    n, count = int(told.sum()), int(others.sum())
    if n < FEWEST:
        return None
    rest = judge[others]
    weight = _weight(human[told], judge[told], rest)
    residual = human[told] - weight * judge[told]
    spread = max(_padded_variance(residual), least)
    variance, mean = spread / n, float(residual.mean())
    if count and weight:
        mean += weight * float(rest.mean())
        variance += weight**2 * _padded_variance(rest) / count
    groups = n if clusters is None else len(np.unique(clusters[told]))
    influence = np.zeros(len(judge))
    influence[told] = (residual - residual.mean()) / n
    if count and weight:
        influence[others] = weight * (rest - rest.mean()) / count
    inflation = 1.0 if clusters is None else _inflation(influence, clusters, n / groups)
    return Estimate(n, groups, mean, spread, variance / (spread / n) * inflation, weight)


def _padded_variance(values: Floats) -> float:
    """Variance with two made-up values, +1 and -1."""
    n = len(values) + 2
    return float((np.dot(values, values) + 2) / n - (values.sum() / n) ** 2)


def _inflation(influence: Floats, clusters: NDArray[np.int64], size: float) -> float:
    """How much clustering inflates the variance, at least 1; where nothing varies, the mean cluster size."""
    plain = float(influence @ influence)
    if plain < 1e-18:
        return max(size, 1.0)
    _, codes = np.unique(clusters, return_inverse=True)
    sums = np.asarray(np.bincount(codes, weights=influence), dtype=np.float64)
    groups = len(np.unique(codes[influence != 0]))
    return max(float(sums @ sums) * groups / max(groups - 1, 1) / plain, 1.0)
