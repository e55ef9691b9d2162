"""A policy in figures: coverage, errors among what it accepts, cost, and how it stands against others.

Differences and ratios come from one paired bootstrap over the items (or clusters): quality and cost of all
ways of answering are drawn together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from whichmodel.analyse.agreement.replay import Course, Replay
from whichmodel.analyse.evidence import Codes, Floats
from whichmodel.analyse.intervals import Interval, design_effect, exact, interval
from whichmodel.analyse.latency import percentile
from whichmodel.analyse.paired import floor_z, variance
from whichmodel.analyse.resampling import resampled

DRAWS = 2000
NOTABLY = 0.95
"""Share of another's cost under which a policy counts as cheaper, as a model does."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95% interval, over n items."""

    n: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What a policy does. Costs are in USD for one request; None = unknown."""

    items: int
    """On which each of its models has a score."""
    left_out: int
    """Items of the bank on which one of them has none."""
    coverage: Interval | None
    """Share of answers that are accepted. None = there is no item."""
    accepted: int
    wrong: int
    """Of the accepted."""
    error: Interval | None
    """Error given agreement, by Clopper and Pearson. None = nothing is accepted."""
    accepted_score: Interval | None
    score: Interval | None
    """Of all that goes out, whoever answered."""
    models_usd: Estimate | None
    """The models that are always asked."""
    paid_usd: Estimate | None
    """And the model or the person asked otherwise."""
    total_usd: Estimate | None
    """And the errors that nobody notices."""
    p95_s: float | None
    """The models asked at once, then the one asked otherwise. None = unknown, or a person's time."""


@dataclass(frozen=True, slots=True)
class Against:
    """A policy against another way of answering, over the items that both have."""

    name: str
    n: int
    score: float
    """The other's own."""
    paid_usd: float | None
    total_usd: float | None
    difference: Estimate
    """The policy's score less the other's."""
    z: float
    """Floor-score z of "worse by delta or more": large = shown to be as good (DECISION section 3)."""
    paid_ratio: Estimate | None
    """What the policy pays, over what the other pays. None = unknown, or the other is free."""
    total_ratio: Estimate | None
    cheaper: float | None
    """Share of resamples in which the policy pays under 95% of what the other pays and, where errors have a
    price, costs less in total. None = unknown."""


def figures(replay: Replay) -> Figures:
    """The figures of a policy by itself."""
    counts, course = replay.counts, replay.course
    clusters, agreed = replay.clusters[counts], replay.agreed[counts]
    wrong = course.wrong[counts][agreed]
    return Figures(
        items=int(counts.sum()),
        left_out=int((~counts).sum()),
        coverage=interval(agreed.astype(np.float64), clusters),
        accepted=int(agreed.sum()),
        wrong=int(wrong.sum()),
        error=error_rate(wrong, clusters[agreed]),
        accepted_score=interval(course.score[counts][agreed], clusters[agreed]),
        score=interval(course.score[counts], clusters),
        models_usd=_mean(replay.models_usd[counts], clusters),
        paid_usd=_mean(course.paid_usd[counts], clusters),
        total_usd=_mean(course.total_usd[counts], clusters),
        p95_s=_p95(replay.latency_s[counts]),
    )


def _p95(latency: Floats) -> float | None:
    if np.isinf(latency).mean() > 0.05:
        return None
    found = percentile(latency, 0.95)
    return found if found is not None and np.isfinite(found) else None


def error_rate(wrong: Floats, clusters: Codes) -> Interval | None:
    """The exact interval of a rate; clustered items count as the fewer that they are worth."""
    n = len(wrong)
    if n == 0:
        return None
    worth = n / design_effect(wrong, clusters)
    rate = float(wrong.mean())
    low, high = exact(rate * worth, worth)
    return Interval(n, rate, min(low, rate), max(high, rate), "Clopper-Pearson 95%")


def against(replay: Replay, other: Course, delta: float) -> Against | None:
    """A policy against another way of answering; None without an item that both have."""
    both = replay.counts & ~np.isnan(other.score)
    if not both.any():
        return None
    mine, clusters, n = replay.course, replay.clusters[both], int(both.sum())
    change = (mine.score - other.score)[both]
    columns = [change, mine.paid_usd[both], other.paid_usd[both], mine.total_usd[both], other.total_usd[both]]
    whole, drawn = resampled(np.column_stack([np.ones(n), *columns]), clusters, DRAWS)
    return Against(
        name=other.name,
        n=n,
        score=float(other.score[both].mean()),
        paid_usd=_known(other.paid_usd[both]),
        total_usd=_known(other.total_usd[both]),
        difference=_difference(change, clusters, drawn[:, 1] / drawn[:, 0]),
        z=as_good(change, clusters, delta),
        paid_ratio=_ratio(n, whole, drawn, 2),
        total_ratio=_ratio(n, whole, drawn, 4),
        cheaper=_cheaper(drawn),
    )


def _cheaper(drawn: Floats) -> float | None:
    _, _, paid, other_paid, total, other_total = drawn.T
    if np.isnan(paid).any() or np.isnan(other_paid).any():
        return None
    less = np.isnan(total) | np.isnan(other_total) | (total < other_total)
    return float(((paid < NOTABLY * other_paid) & less).mean())


def bounds(drawn: Floats) -> tuple[float, float]:
    """The 95% interval of what was drawn."""
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def as_good(change: Floats, clusters: Codes, delta: float) -> float:
    """The floor-score z of paired differences, large = shown to be no more than delta worse."""
    n, total, squares = len(change), float(change.sum()), float((change**2).sum())
    return float(floor_z(n, total, squares, delta, design_effect(change, clusters)))


def _mean(values: Floats, clusters: Codes) -> Estimate | None:
    if not len(values) or np.isnan(values).any():
        return None
    whole, drawn = resampled(np.column_stack([np.ones(len(values)), values]), clusters, DRAWS)
    return Estimate(len(values), float(whole[1] / whole[0]), *bounds(drawn[:, 1] / drawn[:, 0]))


def _difference(change: Floats, clusters: Codes, drawn: Floats) -> Estimate:
    """The wider of two: the bootstrap, and the interval with two made-up pairs, which is not empty where no
    item differs."""
    n, mean = len(change), float(change.mean())
    spread = float(variance(n, float(change.sum()), float((change**2).sum()))) * design_effect(
        change, clusters
    )
    reach = float(stats.norm.ppf(0.975)) * (spread / n) ** 0.5
    low, high = bounds(drawn)
    return Estimate(n, mean, max(min(low, mean - reach), -1.0), min(max(high, mean + reach), 1.0))


def _ratio(n: int, whole: Floats, drawn: Floats, column: int) -> Estimate | None:
    """Of a column to the next one."""
    mine, other = drawn[:, column], drawn[:, column + 1]
    if np.isnan(whole[[column, column + 1]]).any() or not (other > 0).all():
        return None
    return Estimate(n, float(whole[column] / whole[column + 1]), *bounds(mine / other))


def _known(values: Floats) -> float | None:
    return None if np.isnan(values).any() else float(values.mean())
