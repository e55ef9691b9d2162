"""One mean against a bar (reference `min_quality`)."""

from __future__ import annotations

import numpy as np

from whichmodel.analyse.paired import Floats, Number

LEAST_SHARE = 0.25
"""Of the variance seen, what is left at least when it is moved to the bar."""


def bar_z(
    n: Number, total: Number, squares: Number, cubes: Number, bar: float, design: Number = 1.0
) -> Floats:
    """The score z for H0: E[x] <= bar, x in [0, 1]: large = shown to reach it. NaN without a score.

    n scores, total = sum of x, squares = sum of x^2, cubes = sum of x^3, design = how much clustering
    inflates the variance. The variance is that under H0: what is seen, with a made-up 0 and a made-up 1,
    moved from the mean to the bar along its slope, the third central moment over the variance (as when the
    sample is tilted exponentially). For right or wrong answers that is bar * (1 - bar). A lucky sample near
    the ceiling has few low scores: with its own variance it certifies 8-16% at a nominal 5%.
    """
    n = np.asarray(n)
    first, second, third = ((np.asarray(x) + 1) / (n + 2) for x in (total, squares, cubes))
    seen = second - first**2
    slope = (third - 3 * first * second + 2 * first**3) / seen
    spread = np.maximum(seen + slope * (bar - first), LEAST_SHARE * seen)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((np.asarray(total) / n - bar) / np.sqrt(spread * np.asarray(design) / n))
