"""Sums over tasks with their intervals."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whichmodel.analyse.evidence import Evidence
from whichmodel.analyse.resampling import SEED, draws

Floats = NDArray[np.float64]
DRAWS = 1000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95% interval; n = items it rests on."""

    value: float
    low: float
    high: float
    n: int

    def times(self, factor: float) -> Figure:
        """In another unit; factor > 0."""
        return Figure(self.value * factor, self.low * factor, self.high * factor, self.n)


@dataclass(frozen=True, eq=False)
class Sampled:
    """A mean, or a sum of means, in every resample."""

    value: float
    draws: Floats
    """DRAWS values."""
    n: int

    def times(self, factor: float) -> Sampled:
        """In another unit."""
        return Sampled(self.value * factor, self.draws * factor, self.n)

    def plus(self, fixed: float) -> Sampled:
        """With a sum added that no resample changes."""
        return Sampled(self.value + fixed, self.draws + fixed, self.n)

    def minus(self, other: Sampled) -> Sampled:
        """The difference in each resample, over the same items."""
        return Sampled(self.value - other.value, self.draws - other.draws, self.n)

    def figure(self) -> Figure:
        """With its percentile interval, which is never left without the value itself."""
        low, high = np.quantile(self.draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return Figure(self.value, min(float(low), self.value), max(float(high), self.value), self.n)


def means(evidence: Evidence, columns: Floats) -> tuple[Sampled, ...]:
    """The mean of each column, items or whole clusters of them drawn with replacement, all columns together.

    columns: items x columns of this evidence; an item counts where no column is NaN. Tasks have draws in an
    order of their own: what is drawn in one says nothing of another.
    """
    kept = ~np.isnan(columns).any(axis=1)
    values = columns[kept]
    n = len(values)
    if n == 0:
        return ()
    clusters = np.unique(evidence.clusters[kept], return_inverse=True)[1]
    groups = int(clusters.max()) + 1
    sums = np.column_stack([np.bincount(clusters, weights=v, minlength=groups) for v in values.T])
    sizes = np.bincount(clusters, minlength=groups).astype(np.float64)
    own = np.random.default_rng([SEED, zlib.crc32(evidence.task.encode())]).permutation(DRAWS)
    times = draws(groups, DRAWS)
    drawn = ((times @ sums) / (times @ sizes)[:, None])[own]
    return tuple(Sampled(float(values[:, c].mean()), drawn[:, c], n) for c in range(values.shape[1]))


def together(parts: Sequence[Sampled]) -> Sampled:
    """The sum over tasks."""
    return Sampled(
        sum(part.value for part in parts),
        np.sum([part.draws for part in parts], axis=0) if parts else np.zeros(DRAWS),
        sum(part.n for part in parts),
    )


def share_saved(cost: Sampled, against: Sampled) -> Figure | None:
    """1 - cost / against; None where the latter is nothing in some resample."""
    if against.value <= 0 or (against.draws <= 0).any():
        return None
    return Sampled(1 - cost.value / against.value, 1 - cost.draws / against.draws, cost.n).figure()


def combined(parts: Sequence[tuple[float, Figure]]) -> Figure:
    """A weighted sum of independent figures, its interval from theirs.

    Zou and Donner 2008, "Construction of confidence limits about effect measures": the distances to the
    limits add up as standard errors do. So a rate without a single miss keeps an interval, which a bootstrap
    would take from it.
    """
    value = sum(weight * part.value for weight, part in parts)
    reach = [
        (w * (part.value - part.low), w * (part.high - part.value))
        if w >= 0
        else (w * (part.high - part.value), w * (part.value - part.low))
        for w, part in parts
    ]
    below, above = (sum(side[k] ** 2 for side in reach) ** 0.5 for k in (0, 1))
    return Figure(value, value - below, value + above, sum(part.n for _, part in parts))


def widened(found: Figure, errors: Sequence[tuple[float, Figure]]) -> Figure:
    """A total cost whose interval is at least that of its errors alone.

    Items without an error in them resample to none, which would make a small bank sure of too much.
    errors: worth of a point of score in money, and the score.
    """
    spread = combined(errors)
    below, above = spread.value - spread.low, spread.high - spread.value
    return Figure(
        found.value, min(found.low, found.value - above), max(found.high, found.value + below), found.n
    )
