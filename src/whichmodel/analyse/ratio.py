"""One model's figure over another's, with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

from whichmodel.analyse.evidence import Evidence
from whichmodel.analyse.latency import known
from whichmodel.analyse.timing import Percentile, percentile


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio with its interval."""

    value: float
    low: float | None
    high: float | None
    """None = there are too few values for that end."""
    n: int
    """Items, or answers of the model that has fewer, that it rests on."""


def p95_ratio(evidence: Evidence, a: int, b: int, *, confidence: float = 0.95) -> Ratio | None:
    """p95 latency of a over that of b, over answers that the measuring program did not bend.

    None = a p95 is unknown: under 20 such answers. The interval puts those of both percentiles, from order
    statistics, together on the log scale (MOVER; Zou and Donner 2008), the answers taken as independent: two
    models' times on one item go up together if at all, which only narrows the truth.
    """
    first, second = known(evidence.steady_s(a)), known(evidence.steady_s(b))
    one, other = (percentile(values, 0.95, confidence=confidence) for values in (first, second))
    if one.value is None or not other.value:
        return None
    value, n = one.value / other.value, min(len(first), len(second))
    down, up = _reach(one, other), _reach(other, one)
    low = None if down is None else value * math.exp(-down)
    high = None if up is None else value * math.exp(up)
    return Ratio(value, low, high, n)


def _reach(over: Percentile, under: Percentile) -> float | None:
    """How far down the log of over / under reaches; None = one of the two ends is not known."""
    if not (over.value and over.low and under.value and under.high):
        return None
    return math.hypot(math.log(over.value / over.low), math.log(under.high / under.value))
