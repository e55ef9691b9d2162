"""Figures with their intervals: the wider of a paired bootstrap and of exact binomial bounds.

A bootstrap cannot draw what was never seen. Where no accepted answer was wrong, or nothing was left to
anybody else, it would take that for certain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whichmodel.analyse.agreement.replay import Course, Replay
from whichmodel.analyse.evidence import Codes, Floats
from whichmodel.analyse.intervals import Interval, design_effect, exact

Rows = np.typing.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95% interval, over n items."""

    n: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Ends:
    """The ends of a cost for one request, in USD. NaN = unknown."""

    mean: float
    low: float
    high: float


def error_rate(wrong: Floats, clusters: Codes) -> Interval | None:
    """The exact interval of a rate; clustered items count as the fewer that they are worth."""
    n = len(wrong)
    if n == 0:
        return None
    worth = n / design_effect(wrong, clusters)
    rate = float(wrong.mean())
    low, high = exact(rate * worth, worth)
    return Interval(n, rate, min(low, rate), max(high, rate), "Clopper-Pearson 95%")


def paid(course: Course, rows: Rows) -> Ends:
    """What one model, or a person, is paid."""
    mean = float(course.paid_usd[rows].mean())
    return Ends(mean, mean, mean)


def total(course: Course, rows: Rows, clusters: Codes) -> Ends:
    """What is paid and lost, with as many errors as there may be; clusters: of the rows."""
    seen = error_rate(np.where(course.measured, course.wrong, 0.0)[rows], clusters)
    known = float(np.where(course.measured, 0.0, course.wrong)[rows].mean())
    assert seen is not None
    costs = (course.error_usd * (known + rate) for rate in (seen.mean, seen.low, seen.high))
    return Ends(*(float(course.paid_usd[rows].mean()) + cost for cost in costs))


def policy_paid(found: Replay, rows: Rows, clusters: Codes) -> Ends:
    """What a policy pays, with as much left to others as there may be."""
    left = error_rate((~found.agreed[rows]).astype(np.float64), clusters)
    assert left is not None
    models, rest = float(found.models_usd[rows].mean()), float(found.rest.paid_usd[rows].mean())
    mean = float(found.course.paid_usd[rows].mean())
    return Ends(mean, models + left.low * rest, models + left.high * rest)


def policy_total(found: Replay, rows: Rows, clusters: Codes) -> Ends:
    """What a policy pays and loses, with the less favourable of both."""
    asked, lost = policy_paid(found, rows, clusters), total(found.course, rows, clusters)
    errors = lost.mean - asked.mean
    low, high = np.minimum(lost.low, asked.low + errors), np.maximum(lost.high, asked.high + errors)
    return Ends(lost.mean, float(low), float(high))


def mean(n: int, ends: Ends, drawn: Floats) -> Estimate | None:
    """A cost with its interval; drawn: its resamples. None = unknown."""
    if np.isnan([ends.mean, ends.low, ends.high]).any():
        return None
    low, high = bounds(drawn)
    return Estimate(n, ends.mean, min(low, ends.low), max(high, ends.high))


def ratio(n: int, mine: Ends, other: Ends, drawn: Floats) -> Estimate | None:
    """One cost over another; drawn: resamples of the ratio. None = unknown, or the other is free."""
    if np.isnan([mine.low, mine.high, other.low, other.high]).any() or other.low <= 0:
        return None
    low, high = bounds(drawn)
    return Estimate(
        n,
        mine.mean / other.mean,
        min(low, mine.low / other.mean, mine.mean / other.high),
        max(high, mine.high / other.mean, mine.mean / other.low),
    )


def bounds(drawn: Floats) -> tuple[float, float]:
    """The 95% interval of what was drawn."""
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)
