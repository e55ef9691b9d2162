"""When to look, and how far a z must be out to count when one looks that often (DECISION section 4).

Group-sequential boundaries by error spending: by information time tau at most level * tau^power has been
spent (Lan and DeMets 1983). The joint density of the looks is integrated step by step (Armitage, McPherson
and Rowe 1969). One-sided, and computed as if nothing else could end the test: stopping early for another
reason only lowers the error.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

FIRST_STEP = 25
"""Items between two looks at first. It doubles at 500, 1,000, 2,000, ...: from 250 on looks add 5 to 10%."""
LEAST_GROWTH = 1.03
"""A look that the whole bank exceeds by less than this is left out: the whole bank is a look itself."""
SPENDING = 0.7
"""By information time tau at most level * tau^0.7 is spent. Measured against other powers in
docs/decisions/0010-the-race.md."""
NODES = 161
REACH = 8.0
"""Standard deviations below 0 from where the density is integrated."""


@lru_cache(maxsize=256)
def looks(bank: int, start: int = 50) -> tuple[int, ...]:
    """Numbers of items at which the evidence is looked at, rising, from `start` to the whole bank.

    Multiples of 25 up to 500, of 50 up to 1,000, of 100 up to 2,000, of 200 up to 4,000, and so on.
    """
    found, step = [start], FIRST_STEP
    while found[-1] < bank:
        while found[-1] >= 20 * step:
            step *= 2
        found.append((found[-1] // step + 1) * step)
    return (*(look for look in found if look * LEAST_GROWTH <= bank), bank)


@lru_cache(maxsize=4096)
def boundary(times: tuple[float, ...], level: float, power: float = SPENDING) -> tuple[float, ...]:
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
    from scipy.optimize import brentq

    def excess(cut: float) -> float:
        return float(special.ndtr((at - cut) / spread) @ mass) - spend

    return float(brentq(excess, -REACH, 2 * REACH, xtol=1e-10))
