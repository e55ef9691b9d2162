"""One mean against a bar (reference `min_quality`)."""

from __future__ import annotations

import numpy as np

from whichmodel.analyse.paired import Floats, Number


def bar_z(n: Number, total: Number, squares: Number, bar: float, design: Number = 1.0) -> Floats:
    """The score z for H0: E[x] <= bar, x in [0, 1]: large = shown to reach it. NaN without a score.

    n scores, total = sum of x, squares = sum of x^2, design = how much clustering inflates the variance.
    Right or wrong answers have the variance bar * (1 - bar) under H0, however many happen to be right. Other
    scores have the share of it that theirs has of right-or-wrong ones with the same mean, a made-up 0 and a
    made-up 1 among them, so that a few equal scores do not look certain.
    """
    n, total, squares = np.asarray(n), np.asarray(total), np.asarray(squares)
    mean = (total + 1) / (n + 2)
    share = np.clip(((squares + 1) / (n + 2) - mean**2) / (mean * (1 - mean)), 0.0, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((total / n - bar) / np.sqrt(bar * (1 - bar) * share * np.asarray(design) / n))
