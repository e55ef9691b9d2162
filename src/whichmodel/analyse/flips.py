"""Few items asked twice: an exact test of their changes, and the drop that it can show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import comb

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ALPHA = 0.05
"""Two-sided."""
POWER = 0.80
STEP = 0.01
"""Drops are looked at in whole points."""


def sign_flip_p(changes: Sequence[float]) -> float:
    """Exact two-sided p of the paired permutation test: each change might as well have had the other sign.

    Between scores of 0 and 1 this is McNemar's exact test. At most some 20 changes: all 2^k are looked at.
    Source: Fisher, The Design of Experiments (1935), section 21.
    """
    moved = [change for change in changes if change]
    sums: Floats = np.zeros(1)
    for change in moved:
        sums = np.concatenate([sums + change, sums - change])
    return float(np.mean(np.abs(sums) >= abs(sum(moved)) - 1e-9))


def detectable_drop(n: int, churn: float, score: float) -> float | None:
    """The smallest drop that n items show in that test with 80% power; None = not even a fall to 0 would.

    In whole answers: a share of the items turns from right to wrong, and beside that `churn` of them turns by
    chance, half each way. score: mean score then, which nothing can drop below 0.
    """
    rejected = [
        (down, up)
        for down in range(n + 1)
        for up in range(min(down, n - down + 1))
        if mcnemar_p(down, up) < ALPHA
    ]
    for step in range(1, round(min(score, 1 - churn) / STEP) + 1):
        drop = step * STEP
        if _chance(rejected, n, drop + churn / 2, churn / 2) >= POWER:
            return round(drop, 2)
    return None


def mcnemar_p(down: int, up: int) -> float:
    """The p of `sign_flip_p` where all changes are of one size: McNemar's exact test."""
    k = down + up
    tail = sum(comb(k, few) for few in range(min(down, up) + 1))
    return float(min(1.0, 2 * tail / 2**k))


def _chance(counts: Iterable[tuple[int, int]], n: int, down: float, up: float) -> float:
    """Probability that the counts of items that got worse and better are among these."""
    still = max(0.0, 1 - down - up)
    return sum(float(comb(n, d) * comb(n - d, u) * down**d * up**u * still ** (n - d - u)) for d, u in counts)
