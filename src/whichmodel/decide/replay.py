"""A stored race replayed over the stored outcomes: what it needs next, or how it ended.

The race itself is `decide.race`, a function of scores and costs. Here stands what an organisation adds:
floor and latency objective, models that cannot be asked any more, today's model.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import special

from whichmodel.analyse.evidence import FAILED, NOT_ASKED, REFUSED, TRUNCATED, Evidence
from whichmodel.analyse.latency import known
from whichmodel.analyse.standings import RANKED_COVERAGE, standings
from whichmodel.decide.eligibility import Fitness, assess
from whichmodel.decide.race import Measure, Settled, Track, provisional, step
from whichmodel.domain import DecisionRule, Model, Organisation, RouteStatus, policy_reason
from whichmodel.store import Race

DAYS_A_MONTH = 30
SHOWN = 0.05
"""Level at which a model is shown to be too slow, or to answer too little."""


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
    evidence: Evidence | None,
    race: Race,
    organisation: Organisation,
    models: Mapping[str, Model],
    *,
    lost: Collection[str] = (),
) -> Replayed:
    """Where a race stands with what is measured.

    models: every configured one. lost: those that cannot be asked any more. What they have answered counts; a
    race that needs more of them goes on without them. A winner that may not be certified for another reason
    than its score is passed over, unless nobody after it is certified either.
    """
    rule = rule_of(race, organisation)
    run = _priced(track(evidence, race, rule), evidence, race, organisation)
    fitness = _fitness(evidence, race, models, organisation)
    barred = _out(evidence, race, run, fitness, models, organisation)
    withdrawn: set[str] = set()
    first: Settled | None = None
    while True:
        found = step(run, rule, barred=barred)
        if isinstance(found, Measure):
            missing = set(lost) & found.until.keys()
            if not missing:
                unfit = {name for name, fit in fitness.items() if fit.barred}
                return _replayed(run, found, provisional(run, rule, barred=barred | unfit), withdrawn)
            withdrawn |= missing
            barred |= missing
        elif found.model in fitness and (first is None or found.status is RouteStatus.CERTIFIED):
            fit = fitness[found.model]
            if not (fit.barred or fit.doubt or fit.unproven):
                return _replayed(run, None, found, withdrawn)
            if found.status is not RouteStatus.CERTIFIED and not fit.barred:
                return _replayed(run, None, found, withdrawn)
            if not fit.barred:
                first = first or replace(found, status=RouteStatus.PROVISIONAL, certified=())
            barred.add(found.model)
        else:
            return _replayed(run, None, first or found, withdrawn)


def _priced(run: Track, evidence: Evidence | None, race: Race, organisation: Organisation) -> Track:
    """The track with what an error costs, and how many requests come until the route is decided again."""
    workload = organisation.workload(race.task, "" if evidence is None else evidence.category)
    own = workload.error_cost_usd if workload else None
    error = organisation.error_cost_usd if own is None else own
    days = organisation.rule.valid_days
    return replace(
        run,
        error_usd=None if error is None else float(error),
        requests=workload.requests_per_month * days / DAYS_A_MONTH if workload else None,
    )


def _replayed(run: Track, asks: Measure | None, answer: Settled, withdrawn: Collection[str]) -> Replayed:
    used = max((fate.items for fate in answer.fates), default=0)
    asked = {name: int(count) for name, count in zip(run.models, run.asked, strict=True)}
    return Replayed(asks, answer, tuple(sorted(withdrawn)), asks.look if asks else used, asked)


def _fitness(
    evidence: Evidence | None, race: Race, models: Mapping[str, Model], organisation: Organisation
) -> dict[str, Fitness]:
    """What a route would say of the models that were measured."""
    if evidence is None:
        return {}
    standing = {s.model: s for s in standings(evidence, models)}
    return {
        name: assess(evidence, standing, models.get(name), name, organisation, raced=True)
        for name in race.models
        if name in standing
    }


def _out(
    evidence: Evidence | None,
    race: Race,
    run: Track,
    fitness: Mapping[str, Fitness],
    models: Mapping[str, Model],
    organisation: Organisation,
) -> set[str]:
    """Models that the race asks no more, since they may not be routed to.

    What a few items say of latency and coverage may be chance: until a model has the least number of items,
    it has to be shown.
    """
    rule, out = organisation.rule, set()
    for m, name in enumerate(race.models):
        if name not in models or policy_reason(models[name], organisation.policy):
            out.add(name)
        why = fitness[name].barred if name in fitness else None
        if evidence is None or why is None or run.asked[m] < min(rule.looks_start, run.bank):
            continue
        enough = run.asked[m] >= min(rule.min_items, run.bank)
        if enough or why.reason == "below floor" or _shown(evidence, name, organisation):
            out.add(name)
    return out


def _shown(evidence: Evidence, name: str, organisation: Organisation) -> bool:
    """Whether more than the few that are allowed are too late, or unanswered, by an exact binomial test."""
    column = evidence.column(name)
    state = evidence.state[:, column]
    asked = int((state != NOT_ASKED).sum())
    unanswered = int(np.isin(state, (FAILED, REFUSED, TRUNCATED)).sum())
    workload = organisation.workload(evidence.task, evidence.category)
    own = workload.p95_s if workload else None
    limit = organisation.p95_s if own is None else own
    latency = known(evidence.steady_s(column))
    late = 0 if limit is None else int((latency > limit).sum())
    return _more_than(unanswered, asked, 1 - RANKED_COVERAGE) or _more_than(late, len(latency), 0.05)


def _more_than(count: int, n: int, allowed: float) -> bool:
    return bool(special.bdtrc(count - 1, n, allowed) < SHOWN)


def settled(
    evidence: Iterable[Evidence],
    races: Sequence[Race],
    organisation: Organisation,
    models: Mapping[str, Model],
    *,
    simulated: bool,
) -> dict[str, Settled]:
    """By task how its race ended, or the answer so far of one that is open; without a race, nothing.

    races: the one looked at last first. A race is of one bank: where another was measured later, it says
    nothing.
    """
    found = {}
    for task in evidence:
        race = latest(races, organisation.name, task.task_hash, simulated=simulated)
        if race is not None:
            found[task.task] = replay(task, race, organisation, models, lost=race.withdrawn).answer
    return found


def latest(races: Sequence[Race], organisation: str, task_hash: str, *, simulated: bool) -> Race | None:
    """The race on a bank that was looked at last. None = there is none."""
    wanted = (organisation, task_hash, simulated)
    return next((r for r in races if (r.organisation, r.task_hash, r.simulated) == wanted), None)


def open_races(races: Sequence[Race]) -> list[Race]:
    """The races that can go on: of each organisation, panel and task the one looked at last, if it is open.

    races: the one looked at last first. Those before it have been given up.
    """
    last: dict[tuple[str, bool, str], Race] = {}
    for race in races:
        last.setdefault((race.organisation, race.simulated, race.task), race)
    return [race for race in last.values() if race.ended_at is None]
