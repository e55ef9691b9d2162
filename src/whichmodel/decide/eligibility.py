"""Which measured models may be routed to at all, and which of those may be certified.

A model is barred by policy, by too few items, by coverage under 95%, by a p95 above the objective, or by a
score interval that lies wholly below the floor. It is open to doubt, usable but never certified, while its
interval reaches below the floor, more than 2% of its items failed, or the bank is too small.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from whichmodel.analyse.evidence import Evidence
from whichmodel.analyse.intervals import Interval, interval
from whichmodel.analyse.latency import known, percentile, proves_p95, told_percentile
from whichmodel.analyse.ppi import Estimate, estimate
from whichmodel.decide.words import share
from whichmodel.domain import Model, Organisation, Policy, Standing, WhyNot, policy_reason


@dataclass(frozen=True, slots=True)
class Fitness:
    """What stands between a model and a route; () and None = nothing of that kind."""

    bars: tuple[WhyNot, ...]
    """Why it may not be routed to, one a demand."""
    unproven: WhyNot | None
    """Its latency is within the objective, but not shown to be."""
    doubts: tuple[WhyNot, ...]
    """Why it may be routed to, but not certified."""

    @property
    def barred(self) -> WhyNot | None:
        """The first bar."""
        return next(iter(self.bars), None)

    @property
    def doubt(self) -> WhyNot | None:
        """The first doubt."""
        return next(iter(self.doubts), None)


def assess(
    evidence: Evidence,
    standings: dict[str, Standing],
    model: Model | None,
    name: str,
    organisation: Organisation,
    *,
    raced: bool = False,
) -> Fitness:
    """The fitness of one measured model.

    raced: a race has measured each model as far as it took, so that few items bar nobody.

    evidence: the items the choice is made on; floor and latency are judged on them. standings: of the whole
    bank, by model; size and coverage are judged on them. model: as configured, None = not any more.
    """
    column = evidence.column(name)
    floor, limit = floor_of(evidence, organisation), limit_of(evidence, organisation)
    scores = score_interval(evidence, column)
    bars = (
        _policy(model, name, organisation.policy),
        None if raced else _few(standings, name, organisation),
        _coverage(standings[name]),
        _slow(evidence, column, limit),
        _below(scores, name, floor),
    )
    doubts = (
        None if raced else _small(standings, name, organisation),
        _failed(standings[name], organisation),
        _near(scores, name, floor),
    )
    unproven = _unproven(evidence, column, limit, organisation)
    return Fitness(tuple(b for b in bars if b), unproven, tuple(d for d in doubts if d))


def floor_of(evidence: Evidence, organisation: Organisation) -> float | None:
    """The score that a task's model has to have. None = any will do."""
    workload = organisation.workload(evidence.task, evidence.category)
    return workload.floor if workload and workload.floor is not None else organisation.floor


def limit_of(evidence: Evidence, organisation: Organisation) -> float | None:
    """The p95 in seconds that a task's model has to keep. None = any will do."""
    workload = organisation.workload(evidence.task, evidence.category)
    return workload.p95_s if workload and workload.p95_s is not None else organisation.p95_s


def p95_of(evidence: Evidence, column: int) -> float | None:
    """The p95 in seconds that a model is judged by; None = no latency is known."""
    told = told_percentile(evidence.steady_s(column), evidence.late[:, column], 0.95)
    return percentile(evidence.latency_s[:, column], 0.95) if told is None else told


def mean_score(evidence: Evidence, column: int) -> float | None:
    """A model's mean score on these items, put right by human labels where they count; None without one."""
    if evidence.human is not None and (found := _by_labels(evidence, column)):
        return min(max(found.mean, 0.0), 1.0)
    scores = evidence.score[:, column]
    seen = scores[~np.isnan(scores)]
    return float(seen.mean()) if len(seen) else None


def _by_labels(evidence: Evidence, column: int) -> Estimate | None:
    assert evidence.human is not None
    clusters = evidence.clusters if evidence.clustered else None
    return estimate(evidence.human[:, column], evidence.score[:, column], clusters)


def score_interval(evidence: Evidence, column: int, *, confidence: float = 0.95) -> Interval | None:
    """The interval of a model's score on these items; None without a score.

    Where human labels count (`Evidence.human`), they put it right, and n is the number of them.
    """
    if evidence.human is not None and (found := _by_labels(evidence, column)):
        mean = min(max(found.mean, 0.0), 1.0)
        reach = float(special.stdtrit(max(found.groups - 1, 1), (1 + confidence) / 2)) * found.error
        low, high = max(found.mean - reach, 0.0), min(found.mean + reach, 1.0)
        return Interval(
            found.labels, mean, min(low, mean), max(high, mean), f"labels (PPI++) {confidence * 100:g}%"
        )
    scored = ~np.isnan(evidence.score[:, column])
    clusters = evidence.clusters[scored] if evidence.clustered else None
    return interval(evidence.score[scored, column], clusters, confidence=confidence)


def _policy(model: Model | None, name: str, policy: Policy) -> WhyNot | None:
    if model is None:
        return WhyNot(name, "not configured", "it is not configured in bench.yaml")
    text = policy_reason(model, policy)
    return WhyNot(name, "policy", text) if text else None


def _few(standings: dict[str, Standing], name: str, organisation: Organisation) -> WhyNot | None:
    bank = max(standing.planned for standing in standings.values())
    needed, planned = min(organisation.rule.min_items, bank), standings[name].planned
    if planned >= needed:
        return None
    return WhyNot(
        name, "few items", f"measured on {planned:,} items, {needed:,} needed to compare it", n=planned
    )


def _small(standings: dict[str, Standing], name: str, organisation: Organisation) -> WhyNot | None:
    planned, needed = standings[name].planned, organisation.rule.min_items
    if planned >= needed:
        return None
    return WhyNot(
        name, "few items", f"measured on {planned:,} items, {needed:,} needed to certify it", n=planned
    )


def _coverage(standing: Standing) -> WhyNot | None:
    if standing.status == "failed":
        return WhyNot(standing.model, "low coverage", f"no score: all {standing.planned:,} items failed")
    if standing.status != "low-coverage":
        return None
    counts = {"failed": standing.failed, "refused": standing.refused, "truncated": standing.truncated}
    seen = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
    text = f"of {standing.planned:,} items {seen}: under 95% answered, so it is not ranked"
    return WhyNot(standing.model, "low coverage", text)


def _failed(standing: Standing, organisation: Organisation) -> WhyNot | None:
    if standing.coverage >= organisation.rule.min_coverage:
        return None
    needed = share(organisation.rule.min_coverage)
    text = f"{standing.coverage:.1%} of its items have a score, {needed} needed to certify it"
    return WhyNot(standing.model, "low coverage", text)


def _slow(evidence: Evidence, column: int, limit: float | None) -> WhyNot | None:
    if limit is None:
        return None
    name, latency = evidence.models[column], evidence.latency_s[:, column]
    p95 = p95_of(evidence, column)
    if p95 is None:
        return WhyNot(name, "too slow", f"its latency is unknown; p95 must be under {limit:g} s")
    if p95 <= limit:
        return None
    return WhyNot(
        name, "too slow", f"p95 is {p95:.1f} s over {len(known(latency)):,} answers, above {limit:g} s"
    )


def _unproven(
    evidence: Evidence, column: int, limit: float | None, organisation: Organisation
) -> WhyNot | None:
    latency = evidence.latency_s[:, column]
    if limit is None or proves_p95(latency, limit, confidence=organisation.rule.slo.p95_confidence):
        return None
    seen = known(latency)
    over = int((seen > limit).sum())
    text = f"{over:,} of {len(seen):,} answers took over {limit:g} s: that does not yet prove p95 under it"
    return WhyNot(evidence.models[column], "too slow", text)


def _below(scores: Interval | None, name: str, floor: float | None) -> WhyNot | None:
    if floor is None or scores is None or scores.high >= floor:
        return None
    return WhyNot(name, "below floor", f"{_in_words(scores)} is wholly below the floor of {share(floor)}")


def _near(scores: Interval | None, name: str, floor: float | None) -> WhyNot | None:
    if floor is None or scores is None or scores.low >= floor:
        return None
    return WhyNot(name, "below floor", f"{_in_words(scores)} is not shown above the floor of {share(floor)}")


def _in_words(scores: Interval) -> str:
    return f"score {scores.mean:.1%} ({scores.low:.1%} to {scores.high:.1%})"
