"""A policy in figures: coverage, errors among what it accepts, cost, and how it stands against others.

Differences and ratios come from one paired bootstrap over the items (or clusters): quality and cost of all
ways of answering are drawn together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from whichmodel.analyse.agreement import estimates
from whichmodel.analyse.agreement.estimates import Estimate
from whichmodel.analyse.agreement.replay import Course, Replay
from whichmodel.analyse.evidence import Codes, Floats
from whichmodel.analyse.intervals import Interval, design_effect, interval
from whichmodel.analyse.latency import known
from whichmodel.analyse.paired import floor_z, variance
from whichmodel.analyse.resampling import resampled
from whichmodel.analyse.timing import Percentile, percentile

DRAWS = 2000
NOTABLY = 0.95
"""Share of another's cost under which a policy counts as cheaper, as a model does."""


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
    p95: Percentile
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
    """Share of resamples in which the policy pays under 95% of what the other pays. None = unknown."""


def figures(found: Replay) -> Figures:
    """The figures of a policy by itself."""
    counts, course = found.counts, found.course
    clusters, agreed, items = found.clusters[counts], found.agreed[counts], int(counts.sum())
    wrong = course.wrong[counts][agreed]
    score, accepted = course.score[counts], course.score[counts][agreed]
    models, asked, lost = _costs(found)
    return Figures(
        items=items,
        left_out=len(counts) - items,
        coverage=interval(agreed.astype(np.float64), clusters),
        accepted=int(agreed.sum()),
        wrong=int(wrong.sum()),
        error=estimates.error_rate(wrong, clusters[agreed]),
        accepted_score=interval(accepted, clusters[agreed]),
        score=interval(score, clusters),
        models_usd=models,
        paid_usd=asked,
        total_usd=lost,
        p95=_p95(found.latency_s[counts]),
    )


def _costs(found: Replay) -> tuple[Estimate | None, Estimate | None, Estimate | None]:
    """Of the models always asked, of all who are asked, and with the errors."""
    rows, course = found.counts, found.course
    if not rows.any():
        return None, None, None
    clusters, n = found.clusters[rows], int(rows.sum())
    columns = [found.models_usd[rows], course.paid_usd[rows], course.total_usd[rows]]
    (_, *sums), drawn = resampled(np.column_stack([np.ones(n), *columns]), clusters, DRAWS)
    models = sums[0] / n
    ends = (
        estimates.Ends(models, models, models),
        estimates.policy_paid(found, rows, clusters),
        estimates.policy_total(found, rows, clusters),
    )
    first, second, third = (
        estimates.mean(n, one, drawn[:, k] / drawn[:, 0]) for k, one in enumerate(ends, start=1)
    )
    return first, second, third


def _p95(latency: Floats) -> Percentile:
    """Infinite = a person's time, into which no p95 reaches; NaN = unknown, and left out."""
    seen = known(latency)
    if not len(seen) or not np.isfinite(np.quantile(seen, 0.95, method="higher")):
        return Percentile(None, None, None)
    found = percentile(seen, 0.95)
    return found if found.high is None or np.isfinite(found.high) else replace(found, high=None)


def against(found: Replay, other: Course, delta: float) -> Against | None:
    """A policy against another way of answering; None without an item that both have."""
    rows = found.counts & ~np.isnan(other.score)
    if not rows.any():
        return None
    mine, clusters, n = found.course, found.clusters[rows], int(rows.sum())
    change = (mine.score - other.score)[rows]
    columns = [change, mine.paid_usd[rows], other.paid_usd[rows], mine.total_usd[rows], other.total_usd[rows]]
    _, drawn = resampled(np.column_stack([np.ones(n), *columns]), clusters, DRAWS)
    count, moved, paid, other_paid, total, other_total = drawn.T
    asked, alone = estimates.policy_paid(found, rows, clusters), estimates.paid(other, rows)
    lost, missed = (
        estimates.policy_total(found, rows, clusters),
        estimates.total(other, rows, clusters),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        paid_ratio = estimates.ratio(n, asked, alone, paid / other_paid)
        total_ratio = estimates.ratio(n, lost, missed, total / other_total)
    return Against(
        name=other.name,
        n=n,
        score=float(other.score[rows].mean()),
        paid_usd=_known(alone.mean),
        total_usd=_known(missed.mean),
        difference=_difference(change, clusters, moved / count),
        z=as_good(change, clusters, delta),
        paid_ratio=paid_ratio,
        total_ratio=total_ratio,
        cheaper=None
        if np.isnan([asked.mean, alone.mean]).any()
        else float((paid < NOTABLY * other_paid).mean()),
    )


def as_good(change: Floats, clusters: Codes, delta: float) -> float:
    """The floor-score z of paired differences, large = shown to be no more than delta worse."""
    n, total, squares = len(change), float(change.sum()), float((change**2).sum())
    return float(floor_z(n, total, squares, delta, design_effect(change, clusters)))


def _difference(change: Floats, clusters: Codes, drawn: Floats) -> Estimate:
    """The wider of two: the bootstrap, and the interval with two made-up pairs, which is not empty where no
    item differs."""
    n, mean = len(change), float(change.mean())
    plain = float(variance(n, float(change.sum()), float((change**2).sum())))
    reach = float(special.ndtri(0.975)) * (plain * design_effect(change, clusters) / n) ** 0.5
    low, high = estimates.bounds(drawn)
    return Estimate(n, mean, max(min(low, mean - reach), -1.0), min(max(high, mean + reach), 1.0))


def _known(amount: float) -> float | None:
    return None if np.isnan(amount) else amount
