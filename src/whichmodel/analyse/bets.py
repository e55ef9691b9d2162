"""Evidence against a promise, that holds however often one looks: betting e-values.

Whoever bets a share of his money, again and again, on each next value of a series being above 0 does not get
rich where their mean is 0 or less: the chance that he ever has k times what he began with is at most 1 / k
(Ville 1939). So what he has, the e-value, speaks against that mean in the same way at every look, in any
order of the values, and of several such players the mean is one again.
Source: Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting" (2024).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

STAKES = np.geomspace(0.01, 0.95, 20)
"""Shares of what could be lost at most that are bet; every player keeps to one of them."""


def log_e(values: Floats, least: float) -> float:
    """The natural logarithm of the e-value against "the mean is 0 or less"; 0.0 without a value.

    values: independent, none under `least`, which is below 0; they have no upper limit.
    """
    if not len(values):
        return 0.0
    growth = np.log1p(STAKES[:, None] * np.maximum(values / -least, -1.0)[None, :])
    return _mean_of(growth.sum(axis=1))


def log_e_of_sums(total: float, squares: float, least: float) -> float:
    """The same of the sum of the values and of their squares: never more, and a little less.

    By log(1 + s x) >= s x + x^2 (log(1 - s) + s) for x >= -1 (Fan, Grama and Liu 2015, lemma 4.1).
    """
    growth = STAKES * (total / -least) + (np.log1p(-STAKES) + STAKES) * (squares / least**2)
    return _mean_of(growth)


def by_cluster(values: Floats, clusters: NDArray[np.int64]) -> Floats:
    """A value a cluster: of mean 0 or less where the values are, and never under the least of them."""
    _, at, sizes = np.unique(clusters, return_inverse=True, return_counts=True)
    return np.asarray(np.bincount(at, weights=values) / max(int(sizes.max(initial=1)), 1), dtype=np.float64)


def _mean_of(logs: Floats) -> float:
    return float(special.logsumexp(logs) - np.log(len(logs)))
