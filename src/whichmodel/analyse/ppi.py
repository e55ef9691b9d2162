"""Prediction-powered inference: few human labels, many scores of an instrument (DECISION section 6).

    theta = lam * mean_unlabelled(J) + mean_labelled(Y - lam * J)
    var   = lam^2 * var(J) / (N - n) + var_labelled(Y - lam * J) / n
    lam   = cov_labelled(Y, J) / (var(J) * (1 + n / (N - n))), clipped to [0, 1]

(PPI++: Angelopoulos, Duchi, Zrnic, 2023, "PPI++: efficient prediction-powered inference", section 6.) An
instrument that says nothing of the labels gets lam = 0 and leaves the labels alone; one that is biased shifts
nothing, since what it is off by on the labelled is taken from all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

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
    half = float(stats.t.ppf((1 + confidence) / 2, n - 1)) * variance**0.5
    return Corrected(n, n + others, mean, mean - half, mean + half, weight)


def _weight(human: Floats, judge: Floats, rest: Floats) -> float:
    """lam; 0 where there is nothing beside the labels, or the instrument always says the same."""
    spread = float(np.concatenate([judge, rest]).var(ddof=1))
    if not len(rest) or spread == 0.0:
        return 0.0
    shared = float(np.cov(human, judge, ddof=1)[0, 1])
    return min(1.0, max(0.0, shared / (spread * (1 + len(human) / len(rest)))))
