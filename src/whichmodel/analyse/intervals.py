"""Intervals of one model's score (DECISION section 2).

Rates (every score 0 or 1): Wilson, Jeffreys under 300 items. Means: t from 300 items, else BCa bootstrap.
Clustered items: cluster-robust standard error (Miller 2024, "Adding error bars to evals"). Where an
estimate of spread breaks down, because all scores are equal or there are too few, Wilson's interval at the
mean stands in: among scores in [0, 1] with a given mean, a rate has the largest variance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from whichmodel.analyse.resampling import draws

Floats = NDArray[np.float64]
LARGE = 300
"""Items from which the large-sample methods are used."""
FEWEST_FOR_BCA = 10
BCA_DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean in [0, 1] with its interval and how that was found, such as "Wilson 95%"."""

    n: int
    mean: float
    low: float
    high: float
    method: str


def interval(
    scores: Floats, clusters: NDArray[np.int64] | None = None, *, confidence: float = 0.95
) -> Interval | None:
    """The interval of a mean of scores in [0, 1]; None without a score.

    scores: without NaN. clusters: the cluster of each; None = all independent.
    """
    n = len(scores)
    if n == 0:
        return None
    mean = float(scores.mean())
    independent = n if clusters is None else len(np.unique(clusters))
    if clusters is not None and independent < n:
        name, bounds = "cluster-robust", cluster_robust(scores, clusters, confidence)
    elif bool(np.isin(scores, (0.0, 1.0)).all()):
        name = "Wilson" if n >= LARGE else "Jeffreys"
        bounds = rate(mean * n, n, confidence)
    elif n >= LARGE:
        name, bounds = "t", student(scores, confidence)
    else:
        name, bounds = "BCa", bca(scores, confidence)
    if bounds is None:
        name, bounds = "Wilson", wilson(mean * independent, independent, confidence)
    low, high = min(max(bounds[0], 0.0), mean), max(min(bounds[1], 1.0), mean)
    return Interval(n, mean, low, high, f"{name} {confidence * 100:g}%")


def wilson(successes: float, n: int, confidence: float) -> tuple[float, float]:
    """Wilson's score interval (1927); `successes` need not be whole."""
    share, reach = successes / n, float(special.ndtri((1 + confidence) / 2)) ** 2 / n
    middle = (share + reach / 2) / (1 + reach)
    half = (reach * share * (1 - share) + reach**2 / 4) ** 0.5 / (1 + reach)
    return max(0.0, middle - half), min(1.0, middle + half)


def rate(successes: float, n: int, confidence: float) -> tuple[float, float]:
    """Jeffreys under 300 items, reaching 0 or 1 where none or all succeed; else Wilson."""
    if n >= LARGE:
        return wilson(successes, n, confidence)
    count = round(successes)
    levels = (1 - confidence) / 2, (1 + confidence) / 2
    low, high = special.betaincinv(count + 0.5, n - count + 0.5, levels)
    return (0.0 if successes == 0 else float(low)), (1.0 if successes == n else float(high))


def student(scores: Floats, confidence: float) -> tuple[float, float] | None:
    """Student's t; None when all scores are equal."""
    return _around(
        float(scores.mean()), float(scores.std(ddof=1)) / len(scores) ** 0.5, len(scores), confidence
    )


def cluster_robust(
    scores: Floats, clusters: NDArray[np.int64], confidence: float
) -> tuple[float, float] | None:
    """t on the number of clusters, with residuals summed by cluster; None when there is no spread."""
    _, codes = np.unique(clusters, return_inverse=True)
    sums = np.bincount(codes, weights=scores - scores.mean())
    groups = len(sums)
    if groups < 2:
        return None
    error = float(np.sqrt(groups / (groups - 1) * (sums**2).sum())) / len(scores)
    return _around(float(scores.mean()), error, groups, confidence)


def exact(
    successes: float, n: float, confidence: float = 0.95, *, sides: Literal["both", "upper", "lower"] = "both"
) -> tuple[float, float]:
    """Clopper and Pearson's interval of a rate (1934), which holds for every rate and every n.

    Neither number need be whole, so that `design_effect` can divide both. sides: one-sided bounds have all of
    1 - confidence on their side, and 0 or 1 on the other. Nothing is known without n: (0, 1).
    """
    if n <= 0:
        return 0.0, 1.0
    tail = (1 - confidence) / 2 if sides == "both" else 1 - confidence
    low = (
        special.betaincinv(successes, n - successes + 1, tail) if successes > 0 and sides != "upper" else 0.0
    )
    high = (
        special.betaincinv(successes + 1, n - successes, 1 - tail)
        if successes < n and sides != "lower"
        else 1.0
    )
    return float(low), float(high)


def design_effect(scores: Floats, clusters: NDArray[np.int64]) -> float:
    """How much clustering inflates the variance of a mean: at least 1.

    Where all scores are equal, the mean size of a cluster: as if each held one score.
    """
    _, codes = np.unique(clusters, return_inverse=True)
    n, groups = len(scores), int(codes.max()) + 1 if len(codes) else 0
    if groups in (0, n):
        return 1.0
    residual = scores - scores.mean()
    plain = float((residual**2).sum()) * n / max(n - 1, 1)
    if plain < 1e-12 or groups < 2:
        return n / groups
    sums = np.bincount(codes, weights=residual)
    return max(float((sums**2).sum()) * groups / (groups - 1) / plain, 1.0)


def _around(mean: float, error: float, groups: int, confidence: float) -> tuple[float, float] | None:
    if not error > 1e-12:
        return None
    reach = float(special.stdtrit(groups - 1, (1 + confidence) / 2)) * error
    return mean - reach, mean + reach


def bca(scores: Floats, confidence: float) -> tuple[float, float] | None:
    """Bias-corrected and accelerated bootstrap of the mean (Efron 1987).

    The jackknife of a mean has a closed form, and the draws are shared by all models. None where it breaks
    down: under ten scores, or all equal.
    """
    if len(scores) < FEWEST_FOR_BCA or float(np.ptp(scores)) < 1e-12:
        return None
    mean = float(scores.mean())
    means = draws(len(scores), BCA_DRAWS) @ scores / len(scores)
    below = float((np.sum(means < mean) + np.sum(means <= mean)) / (2 * BCA_DRAWS))
    if not 0.0 < below < 1.0:
        return None
    bias = special.ndtri(below)
    off = mean - scores
    acceleration = -float((off**3).sum()) / (6 * float((off**2).sum()) ** 1.5)
    tail = special.ndtri([(1 - confidence) / 2, (1 + confidence) / 2])
    level = special.ndtr(bias + (bias + tail) / (1 - acceleration * (bias + tail)))
    low, high = np.quantile(means, level)
    return float(low), float(high)
