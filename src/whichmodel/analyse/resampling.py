"""Seeded bootstrap draws, shared by all models so that what is compared is resampled together."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SEED = 0


@lru_cache(maxsize=8)
def draws(n: int, count: int) -> NDArray[np.float32]:
    """count x n: how often each of n items is in each resample. Row sums are n. Read-only."""
    rng = np.random.default_rng([SEED, n, count])
    drawn = rng.integers(0, n, size=(count, n)) + np.arange(count)[:, None] * n
    times = np.bincount(drawn.ravel(), minlength=count * n).reshape(count, n).astype(np.float32)
    times.flags.writeable = False
    return times


def resampled(columns: Floats, clusters: NDArray[np.int64], count: int) -> tuple[Floats, Floats]:
    """Sums of the columns over all items, and over each of `count` resamples of whole clusters.

    columns: items x columns. What stands in one row is drawn together.
    """
    _, codes = np.unique(clusters, return_inverse=True)
    groups = np.zeros((int(codes.max()) + 1, columns.shape[1]))
    np.add.at(groups, codes, columns)
    return groups.sum(axis=0), np.asarray(draws(len(groups), count) @ groups)
