"""A stored race replayed over the stored outcomes: what it needs next, or how it ended.

The race itself is `decide.race`, a function of scores and costs. Here stands what an organisation adds:
floor and latency objective, models that cannot be asked any more, today's model.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from whichmodel.analyse.evidence import NOT_ASKED, Evidence
from whichmodel.decide.eligibility import Fitness, on_items
from whichmodel.decide.race import Measure, Settled, Track, provisional, step
from whichmodel.domain import DecisionRule, Organisation, RouteStatus
from whichmodel.store import Race


@dataclass(frozen=True, slots=True)
class Replayed:
    """Where a race stands."""

    asks: Measure | None
    """What it needs to go on. None = it is over."""
    answer: Settled
    """How it ended; of an open race the answer so far, which certifies nothing."""
    withdrawn: tuple[str, ...] = ()
    """Models that it needed and that could not be asked: it went on without them."""
    look: int = 0
    """Items that the model asked most is to come to, or has come to."""
    asked: Mapping[str, int] = field(default_factory=dict)
    """Model -> items asked from the start of the order."""


def rule_of(race: Race, organisation: Organisation) -> DecisionRule:
    """The rule that a race is decided by: challengers are set against the incumbent alone."""
    rule = organisation.rule
    return replace(rule, reference="incumbent") if race.kind == "challengers" else rule


def track(evidence: Evidence | None, race: Race, rule: DecisionRule) -> Track:
    """The outcomes of a race's models in its order. evidence: None = there is none yet.

    A model that was measured under other settings than the race's counts as not measured.
    """
    shape = (len(race.items), len(race.models))
    score, cost = np.full(shape, np.nan), np.full(shape, np.nan)
    seen = np.zeros(shape, dtype=bool)
    clusters = -1 - np.arange(len(race.items))
    if evidence is not None:
        place = {item: row for row, item in enumerate(race.items)}
        known = np.array([item in place for item in evidence.items], dtype=bool)
        rows = np.array([place[item] for item in evidence.items if item in place], dtype=np.int64)
        clusters[rows] = evidence.clusters[known]
        for m, column in _columns(evidence, race):
            score[rows, m] = evidence.score[known, column]
            cost[rows, m] = evidence.cost_usd[known, column]
            seen[rows, m] = evidence.state[known, column] != NOT_ASKED
    asked = np.where(seen.all(axis=0), len(race.items), np.argmin(seen, axis=0))
    return Track(
        models=race.models,
        score=score,
        cost_usd=cost,
        asked=asked.astype(np.int64),
        bank=len(race.items),
        incumbent=race.models.index(race.incumbent) if race.incumbent in race.models else None,
        bar=rule.min_quality if rule.reference == "min_quality" else None,
        clusters=clusters if evidence is not None and evidence.clustered else None,
    )


def _columns(evidence: Evidence, race: Race) -> list[tuple[int, int]]:
    """Column in the track and column in the evidence of each model that stands in both."""
    at = {(column.model, column.settings_hash): c for c, column in enumerate(evidence.measured)}
    wanted = zip(race.models, race.settings, strict=True)
    return [(m, at[key]) for m, key in enumerate(wanted) if key in at]


def replay(
    evidence: Evidence | None, race: Race, organisation: Organisation, *, lost: Collection[str] = ()
) -> Replayed:
    """Where a race stands with what is measured.

    lost: models that cannot be asked any more. What they have answered counts; a race that needs more of
    them goes on without them.
    """
    rule = rule_of(race, organisation)
    run = track(evidence, race, rule)
    fitness = _fitness(evidence, race, run, rule, organisation)
    barred = {name for name, fit in fitness.items() if fit.barred}
    withdrawn: set[str] = set()
    first: Settled | None = None
    while True:
        found = step(run, rule, barred=barred)
        if isinstance(found, Measure):
            missing = set(lost) & found.until.keys()
            if not missing:
                so_far = provisional(run, rule, barred=barred)
                return _replayed(run, found, so_far, withdrawn)
            withdrawn |= missing
            barred |= missing
            continue
        doubted = found.model in fitness and _doubt(fitness[found.model])
        if found.status is RouteStatus.CERTIFIED and doubted and found.model is not None:
            first = first or replace(found, status=RouteStatus.PROVISIONAL, certified=())
            barred.add(found.model)
            continue
        if first is not None and found.status is not RouteStatus.CERTIFIED:
            found = first
        return _replayed(run, None, found, withdrawn)


def _replayed(run: Track, asks: Measure | None, answer: Settled, withdrawn: Collection[str]) -> Replayed:
    used = max((fate.items for fate in answer.fates), default=0)
    asked = {name: int(count) for name, count in zip(run.models, run.asked, strict=True)}
    return Replayed(asks, answer, tuple(sorted(withdrawn)), asks.look if asks else used, asked)


def _fitness(
    evidence: Evidence | None, race: Race, run: Track, rule: DecisionRule, organisation: Organisation
) -> dict[str, Fitness]:
    """Floor and latency of the models that have come to the first look."""
    if evidence is None:
        return {}
    return {
        name: on_items(evidence, name, organisation)
        for m, name in enumerate(race.models)
        if name in evidence.models and run.asked[m] >= min(rule.looks_start, run.bank)
    }


def _doubt(fitness: Fitness) -> bool:
    """Whether it may be routed to, but not certified."""
    return fitness.doubt is not None or fitness.unproven is not None
