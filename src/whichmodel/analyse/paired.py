"""Paired differences between models on the items both have a score for (DECISION section 3).

d = score of m minus score of j on one item. The floor-score z tests H0: E[d] <= -delta with two made-up
pairs, one each way, and a floor under the variance, so that a few items near the ceiling cannot certify.
Functions take numbers or arrays alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from whichmodel.analyse.evidence import Codes, Evidence
from whichmodel.analyse.ppi import estimate

Floats = NDArray[np.float64]
Number = float | Floats
POWER = 0.80


def variance(n: Number, total: Number, squares: Number, delta: float = 0.0) -> Floats:
    """Variance of one difference with two made-up pairs, at least delta * (1 - delta)."""
    mean = np.asarray(total) / (np.asarray(n) + 2)
    spread = (np.asarray(squares) + 2) / (np.asarray(n) + 2) - mean**2
    return np.asarray(np.maximum(spread, delta * (1 - delta)))


def floor_z(n: Number, total: Number, squares: Number, delta: float, design: Number = 1.0) -> Floats:
    """The floor-score z: large = shown to be no more than delta worse. NaN without a pair.

    n pairs, total = sum of d, squares = sum of d^2, design = how much clustering inflates the variance.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(variance(n, total, squares, delta) * design / np.asarray(n))
        return np.asarray((np.asarray(total) / np.asarray(n) + delta) / error)


@dataclass(frozen=True, slots=True)
class Difference:
    """One model against another: mean paired difference in score units, with its interval."""

    n: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Pairs:
    """All models against all: entry [m, j] is about score of m minus score of j."""

    n: Floats
    total: Floats
    squares: Floats
    design: Floats
    """How much the variance of the mean exceeds that of n independent differences: 1 without clusters."""

    def z(self, delta: float) -> Floats:
        """The floor-score z of each pair."""
        return floor_z(self.n, self.total, self.squares, delta, self.design)

    def discordance(self, m: int, j: int) -> float:
        """psi: mean squared difference, the share of discordant pairs between rates, made-up pairs in."""
        return float((self.squares[m, j] + 2) / (self.n[m, j] + 2))

    def difference(self, m: int, j: int, *, confidence: float = 0.95) -> Difference | None:
        """The difference with its two-sided interval; None without a pair."""
        n, total, squares = float(self.n[m, j]), float(self.total[m, j]), float(self.squares[m, j])
        return difference(n, total, squares, float(self.design[m, j]), confidence=confidence)


def difference(
    n: float, total: float, squares: float, design: float = 1.0, *, confidence: float = 0.95
) -> Difference | None:
    """The mean of n differences with its two-sided interval; None without one. Sums as of `floor_z`."""
    if n == 0:
        return None
    spread = float(variance(n, total, squares)) * design
    reach = float(special.ndtri((1 + confidence) / 2)) * (spread / n) ** 0.5
    mean = total / n
    return Difference(int(n), mean, max(mean - reach, -1.0), min(mean + reach, 1.0))


def pairs(evidence: Evidence) -> Pairs:
    """The paired sums of every two models of a task."""
    return paired_sums(evidence.score, evidence.clusters if evidence.clustered else None)


def paired_sums(score: Floats, clusters: Codes | None = None) -> Pairs:
    """The paired sums of every two columns of a matrix items x models. NaN = no score.

    clusters: cluster number of each item. None = items are independent.
    """
    valid = (~np.isnan(score)).astype(np.float64)
    score = np.nan_to_num(score)
    n = valid.T @ valid
    cross = score.T @ valid
    square = (score**2).T @ valid
    squares = np.maximum(square - 2 * (score.T @ score) + square.T, 0.0)
    design = np.ones_like(n) if clusters is None else _design(clusters, score, valid)
    return Pairs(n, cross - cross.T, np.where(squares < 1e-9, 0.0, squares), design)


def label_pairs(evidence: Evidence, delta: float) -> Pairs:
    """The same from human labels, with the scores to help (`ppi`), for scores that a model has a part in.

    n counts items on which people labelled both answers. A pair under two of them has n = 0.
    """
    human = np.full_like(evidence.score, np.nan) if evidence.human is None else evidence.human
    clusters = evidence.clusters if evidence.clustered else None
    size = evidence.score.shape[1]
    n, total, squares, design = np.zeros((4, size, size))
    design += 1.0
    for m, j in combinations(range(size), 2):
        found = estimate(
            human[:, m] - human[:, j],
            evidence.score[:, m] - evidence.score[:, j],
            clusters,
            least=delta * (1 - delta),
        )
        if found is None:
            continue
        both, back = (m, j), (j, m)
        n[both] = n[back] = found.labels
        total[both], total[back] = found.labels * found.mean, -found.labels * found.mean
        square = (total[both] / (found.labels + 2)) ** 2
        squares[both] = squares[back] = (found.spread + square) * (found.labels + 2) - 2
        design[both] = design[back] = found.design
    return Pairs(n, total, squares, design)


def _design(clusters: Codes, score: Floats, valid: Floats) -> Floats:
    """How much clustering inflates the variance of each mean difference: at least 1."""
    order = np.argsort(clusters, kind="stable")
    starts = np.flatnonzero(np.diff(clusters[order], prepend=-1))
    score, valid = score[order], valid[order]
    columns = [_design_column(score, valid, m, starts) for m in range(score.shape[1])]
    return np.stack(columns)


def _design_column(score: Floats, valid: Floats, m: int, starts: NDArray[np.int64]) -> Floats:
    both = valid * valid[:, [m]]
    n = np.maximum(both.sum(axis=0), 1)
    differences = (score[:, [m]] - score) * both
    residual = (differences - differences.sum(axis=0) / n) * both
    groups = np.maximum((np.add.reduceat(both, starts) > 0).sum(axis=0), 1)
    clustered = (np.add.reduceat(residual, starts) ** 2).sum(axis=0) * groups / np.maximum(groups - 1, 1)
    plain = (residual**2).sum(axis=0) * n / np.maximum(n - 1, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(plain > 1e-12, clustered / plain, n / groups)
    return np.asarray(np.maximum(ratio, 1.0))


def _reach(alpha: float, power: float) -> float:
    return float(special.ndtri(1 - alpha) + special.ndtri(power))


def items_needed(
    psi: float, delta: float, *, alpha: float = 0.05, power: float = POWER, difference: float = 0.0
) -> int | None:
    """Pairs that show non-inferiority within delta with that power; None when it is not there to be shown.

    psi: variance of a difference (share of discordant pairs between equal models). difference: the true mean.
    """
    if difference + delta <= 0:
        return None
    spread = max(psi, delta * (1 - delta))
    return math.ceil(spread * _reach(alpha, power) ** 2 / (difference + delta) ** 2)


def achievable_delta(psi: float, n: int, *, alpha: float = 0.05, power: float = POWER) -> float | None:
    """The margin that n pairs settle between equal models with that power; None without a pair.

    The inverse of `items_needed`: where the variance floor binds, delta^2 = k^2 delta (1 - delta) / n.
    """
    if n <= 0:
        return None
    k = _reach(alpha, power)
    return max(k * math.sqrt(psi / n), k**2 / (n + k**2))
