"""When to look, and how far a z must be out to count when one looks that often (DECISION section 4).

Group-sequential boundaries by error spending: by information time tau at most level * tau has been spent
(Lan and DeMets 1983). The joint density of the looks is integrated step by step (Armitage, McPherson and
Rowe 1969). One-sided, and computed as if nothing else could end the test: stopping early for another reason
only lowers the error.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]

EARLY_LOOKS = (50, 100, 150, 200, 300, 400, 500)
DOUBLED_LOOKS = (650, 800, 1000)
"""After 500 the looks are these times 1, 2, 4, ...: each adds a quarter to a third."""
LEAST_GROWTH = 1.1
"""A look that the whole bank exceeds by less than this is left out: the whole bank is a look itself."""
NODES = 161
REACH = 8.0
"""Standard deviations below 0 from where the density is integrated."""


@lru_cache(maxsize=256)
def looks(bank: int, start: int = 50) -> tuple[int, ...]:
    """Numbers of items at which the evidence is looked at, rising, from `start` to the whole bank.

    {50, 100, 150, 200, 300, 400, 500}, then {650, 800, 1000} * 2^k, as far as they lie between.
    """
    found = [start] if start * LEAST_GROWTH <= bank else []
    later = [*EARLY_LOOKS]
    doubled = (look * 2**k for k in range(64) for look in DOUBLED_LOOKS)
    while later[-1] * LEAST_GROWTH <= bank:
        later.append(next(doubled))
    found += [look for look in later if look > start and look * LEAST_GROWTH <= bank]
    return (*found, bank)


@lru_cache(maxsize=4096)
def boundary(times: tuple[float, ...], level: float, power: float = 1.0) -> tuple[float, ...]:
    """The z of each look from which H0 is rejected, spending level * tau^power by information time tau.

    times: rising, the last 1.0. Under H0 the whole test rejects with probability `level`.
    """
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    found: list[float] = []
    at, mass = np.zeros(1), np.ones(1)
    spent, before = 0.0, 0.0
    for time in times:
        spread, spend = math.sqrt(time - before), level * time**power - spent
        cut = _cut(at, mass, spread, spend)
        found.append(cut / math.sqrt(time))
        low = -REACH * math.sqrt(time)
        new = low + (cut - low) * (nodes + 1) / 2
        steps = (new[:, None] - at[None, :]) / spread
        density = np.exp(-(steps**2) / 2) @ mass / (spread * math.sqrt(2 * math.pi))
        at, mass = new, density * weights * (cut - low) / 2
        spent, before = level * time**power, time
    return tuple(found)


def _cut(at: Floats, mass: Floats, spread: float, spend: float) -> float:
    """The sum above which, after one more step from the mass that is still in, `spend` lies."""

    def excess(cut: float) -> float:
        return float(special.ndtr((at - cut) / spread) @ mass) - spend

    return float(optimize.brentq(excess, -REACH, 2 * REACH, xtol=1e-10))
