"""Chance without state: every draw is a hash of what it is drawn for.

Two servers with the same seed give the same answers, in whatever order they are asked.
"""

from __future__ import annotations

import hashlib
import math
import random
from statistics import NormalDist

NORMAL = NormalDist()
ITEM_CORRELATION = 0.4
"""Share of the latent variance that all models have in common on an item: some items are hard for all."""


def _number(parts: tuple[object, ...]) -> int:
    digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).digest()
    return int.from_bytes(digest[:8], "big")


def uniform(*parts: object) -> float:
    """A number strictly between 0 and 1 (52 bits, so that neither end can be reached by rounding)."""
    return ((_number(parts) >> 12) + 0.5) * 2.0**-52


def normal(*parts: object) -> float:
    """A standard normal draw."""
    return NORMAL.inv_cdf(uniform(*parts))


def generator(*parts: object) -> random.Random:
    """A random generator of its own."""
    return random.Random(_number(parts))


def right(skill: float, *, seed: int, model: str, prompt: str) -> bool:
    """Whether a model of this skill answers this item rightly: a Gaussian copula over models.

    Each model is right with probability `skill`; errors of two models on one item are correlated.
    """
    shared = math.sqrt(ITEM_CORRELATION) * normal(seed, "item", prompt)
    own = math.sqrt(1 - ITEM_CORRELATION) * normal(seed, "model", model, prompt)
    return NORMAL.cdf(shared + own) < skill


def lognormal(median: float, sigma: float, *parts: object) -> float:
    """A positive draw with this median; sigma is the standard deviation of its logarithm."""
    return median * math.exp(sigma * normal(*parts))
