"""Near misses: models that fail one demand alone, and that by little. Most often a setting away from a route.

By little is at most 5 points under the floor, the bar or the coverage, a quarter over the latency objective,
or twice the margin behind the model that it has to be as good as. A policy is kept or not, so that no model
barred by one is near.
"""

from __future__ import annotations

from dataclasses import dataclass

from whichmodel.analyse.evidence import Evidence
from whichmodel.analyse.standings import RANKED_COVERAGE
from whichmodel.decide.eligibility import floor_of, limit_of, mean_score, p95_of
from whichmodel.decide.field import Field
from whichmodel.decide.words import against, measured, points, score, share
from whichmodel.domain import Organisation, Standing

POINTS = 0.05
SLOWER = 0.25
MARGINS = 2.0
QUALITY = "quality"


@dataclass(frozen=True, slots=True)
class NearMiss:
    """One model, one demand, and by how much it is missed."""

    model: str
    demand: str
    """low coverage, too slow, below floor (reasons of `WhyNot`), or quality."""
    text: str
    """What was measured beside what is demanded: "score 0.76, floor 0.8"."""
    shortfall: float
    """How much is missing as a share of what counts as little, in [0, 1]."""


def near_misses(
    field: Field, standings: dict[str, Standing], organisation: Organisation, pick: int | None
) -> tuple[NearMiss, ...]:
    """The near misses of a task, the nearest first. pick: the routed model. None = there is no route."""
    found = []
    for m in range(len(field.names)):
        failed = _failed(field, m)
        if m == pick or len(failed) != 1:
            continue
        near = _near(field, m, failed.pop(), standings[field.names[m]], organisation)
        if near is not None:
            found.append(near)
    return tuple(sorted(found, key=lambda each: (each.shortfall, each.model)))


def _failed(field: Field, m: int) -> set[str]:
    """The demands that a model does not meet; that the bank is too small for anyone is no fault of its."""
    fitness = field.fitness[m]
    failed = {bar.reason for bar in fitness.bars}
    failed |= {doubt.reason for doubt in fitness.doubts if doubt.reason != "few items"}
    if field.proven and fitness.unproven is not None:
        failed.add(fitness.unproven.reason)
    return failed if field.passes(m) else failed | {QUALITY}


def _near(
    field: Field, m: int, demand: str, standing: Standing, organisation: Organisation
) -> NearMiss | None:
    evidence = field.contest.evidence
    match demand:
        case "below floor":
            found = _floor(evidence, m, floor_of(evidence, organisation))
        case "too slow":
            found = _slow(evidence, m, limit_of(evidence, organisation))
        case "low coverage":
            found = _coverage(standing, organisation.rule.min_coverage)
        case "quality":
            found = _quality(field, m)
        case _:
            found = None
    if found is None or found[1] > 1:
        return None
    return NearMiss(field.names[m], demand, found[0], max(found[1], 0.0))


Missed = tuple[str, float] | None
"""What is missing in words, and as a share of what counts as little; None = that cannot be told."""


def _floor(evidence: Evidence, m: int, floor: float | None) -> Missed:
    mean = mean_score(evidence, m)
    if floor is None or mean is None:
        return None
    shown = " (not shown to reach it)" if mean >= floor else ""
    return f"score {score(mean)}, floor {floor:g}{shown}", (floor - mean) / POINTS


def _slow(evidence: Evidence, m: int, limit: float | None) -> Missed:
    p95 = p95_of(evidence, m)
    if limit is None or p95 is None:
        return None
    shown = " (not shown to keep it)" if p95 <= limit else ""
    return f"p95 {p95:.2f} s, objective {limit:g} s{shown}", (p95 / limit - 1) / SLOWER


def _coverage(standing: Standing, wanted: float) -> Missed:
    answered = (standing.n - standing.refused - standing.truncated) / standing.planned
    if answered >= RANKED_COVERAGE:
        text = f"{standing.coverage:.1%} of its items have a score, {share(wanted)} needed to certify it"
        return text, (wanted - standing.coverage) / POINTS
    text = f"{answered:.1%} of its items answered, {share(RANKED_COVERAGE)} needed"
    return text, (RANKED_COVERAGE - answered) / POINTS


def _quality(field: Field, m: int) -> Missed:
    contest = field.contest
    if field.race is not None or field.error_usd is not None:
        return None
    if contest.bar is not None:
        text = f"score {score(contest.score(m))}, bar {contest.bar:g}"
        return text, (contest.bar - contest.score(m)) / POINTS
    opponent = contest.hardest(m)
    found = None if opponent is None else contest.pairs.difference(m, opponent)
    if opponent is None or found is None:
        return None
    text = f"{against(found, field.names[opponent])} ({measured(found)}), margin {points(contest.delta)}"
    return text, -found.mean / (MARGINS * contest.delta)
