"""Which certified routes of a deployed table are shown to hold no more, by all that is measured now.

A certified route promises quality (at most delta worse than whom the rule compares with), the floor, the
latency objective and the cost that its table states; and that the model answers as it did then. Each promise
is bet against (`analyse.bets`). One is broken where the bet has grown K / alpha times, of K promises that are
tested: a table whose promises all hold raises an alarm with a chance of at most alpha, however often it is
looked at. That a certificate would narrowly be missed today is no regression, nor that a cheaper model
exists.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from whichmodel.analyse.again import difference_of
from whichmodel.analyse.bets import by_cluster, log_e, log_e_of_sums
from whichmodel.analyse.evidence import Codes, Evidence, Floats
from whichmodel.analyse.latency import known
from whichmodel.analyse.paired import Difference, difference
from whichmodel.analyse.standings import standings
from whichmodel.decide.eligibility import assess, floor_of, limit_of
from whichmodel.decide.words import against, measured, score, share, usd
from whichmodel.domain import Model, Organisation, Route, RouteStatus, RoutingTable
from whichmodel.store import Again

SLOW = 0.05
"""Share of answers that may take longer than a p95 objective."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise of a deployed route, and what is bet against it."""

    task: str
    model: str
    kind: str
    """inferior, overtaken (by a model measured since), below floor, too slow, dearer, drifted: what it would
    be if it were broken."""
    log_e: float
    """Natural logarithm of how many times the bet has grown."""
    n: int
    """Items, or pairs, or answers."""
    text: str


@dataclass(frozen=True, slots=True)
class Untested:
    """A route about which nothing could be tested."""

    task: str
    model: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Regression:
    """What became of the promises of a table."""

    promises: tuple[Promise, ...]
    untested: tuple[Untested, ...]
    alpha: float
    """Chance that a table raises an alarm at all while its promises hold."""

    @property
    def limit(self) -> float:
        """log_e from which a promise is broken."""
        return math.log(max(len(self.promises), 1) / self.alpha)

    @property
    def broken(self) -> tuple[Promise, ...]:
        """Those that are shown to hold no more."""
        return tuple(promise for promise in self.promises if promise.log_e >= self.limit)


def regression(
    deployed: RoutingTable,
    evidence: Sequence[Evidence],
    again: Sequence[Again],
    models: Mapping[str, Model],
    organisation: Organisation,
) -> Regression:
    """Test what a deployed table promises.

    evidence: of its panel, as it is now. again: items asked anew by runs that the table does not rest on.
    models: every configured one.
    """
    by_task = {task.task: task for task in evidence}
    twice = {(one.task, one.model): one for one in again}
    promises: list[Promise] = []
    untested: list[Untested] = []
    for route in deployed.routes:
        task = by_task.get(route.task)
        why = _untestable(route, task)
        if why or task is None:
            untested.append(Untested(route.task, route.model, why))
            continue
        case = _Case(route, task, str(route.model), task.column(str(route.model)), organisation)
        promises += _promises(case, models, deployed.run_ids, twice.get((route.task, str(route.model))))
    return Regression(tuple(promises), tuple(untested), deployed.rule.alpha)


@dataclass(frozen=True, slots=True)
class _Case:
    """A deployed route and the evidence of its task."""

    route: Route
    evidence: Evidence
    model: str
    column: int
    organisation: Organisation

    @property
    def scores(self) -> Floats | None:
        """Items x models: of judged tasks people's labels. None = there is none."""
        return self.evidence.human if self.evidence.judged else self.evidence.score

    def promise(self, kind: str, grown: float, n: int, text: str) -> Promise:
        return Promise(self.route.task, self.model, kind, grown, n, text)

    def bet(self, values: Floats, seen: Codes, least: float) -> float:
        """On values of these items; those of one cluster count as one."""
        if self.evidence.clustered:
            values = by_cluster(values, self.evidence.clusters[seen])
        return log_e(values, least)


def _untestable(route: Route, task: Evidence | None) -> str:
    if route.model is None:
        return "it routes to nobody"
    if route.status is not RouteStatus.CERTIFIED:
        return f"it was {route.status.value}, which promises nothing"
    if task is None:
        return "nothing is measured of the task any more"
    return "" if route.model in task.models else "the model is not measured any more"


def _promises(
    case: _Case, models: Mapping[str, Model], run_ids: Sequence[str], again: Again | None
) -> list[Promise]:
    found = (_quality(case, models, run_ids), _floor(case), _latency(case), _cost(case), _drift(case, again))
    return [promise for promise in found if promise is not None]


def _quality(case: _Case, models: Mapping[str, Model], run_ids: Sequence[str]) -> Promise | None:
    """At most delta worse than any opponent: the mean of the bets of the pairs is a bet against them all."""
    scores, delta = case.scores, case.route.delta
    pairs = [j for j in _opponents(case, models) if scores is not None]
    bets: list[tuple[float, int, Difference]] = []
    for j in pairs:
        assert scores is not None
        d = scores[:, case.column] - scores[:, j]
        seen = np.flatnonzero(~np.isnan(d))
        told = difference(len(seen), float(d[seen].sum()), float((d[seen] ** 2).sum()))
        if told is not None:
            bets.append((case.bet(-d[seen] - delta, seen, -1 - delta), j, told))
    if not bets:
        return None
    grown = float(np.logaddexp.reduce([bet for bet, _, _ in bets])) - math.log(len(bets))
    _, j, told = max(bets, key=lambda one: one[0])
    rival = case.evidence.measured[j]
    kind = "inferior" if set(rival.run_ids) & set(run_ids) else "overtaken"
    text = f"{against(told, rival.model)} ({measured(told)}), {_points(delta)} allowed"
    return case.promise(kind, grown, told.n, text)


def _opponents(case: _Case, models: Mapping[str, Model]) -> list[int]:
    """Whom the rule compares with, of those that may be routed to."""
    rule, evidence = case.organisation.rule, case.evidence
    if rule.objective != "noninferior" or rule.reference == "min_quality":
        return []
    names = [name for name in evidence.models if name != case.model]
    if rule.reference == "incumbent":
        workload = case.organisation.workload(evidence.task, evidence.category)
        names = [name for name in names if workload and name == workload.incumbent]
    rows = {row.model: row for row in standings(evidence, models)}
    return [
        evidence.column(name)
        for name in names
        if assess(evidence, rows, models.get(name), name, case.organisation, raced=True).barred is None
    ]


def _floor(case: _Case) -> Promise | None:
    """At or above the floor, or the bar where that is what the rule asks for."""
    rule, scores = case.organisation.rule, case.scores
    bar = rule.min_quality if rule.reference == "min_quality" else None
    floors = [f for f in (bar, floor_of(case.evidence, case.organisation)) if f]
    if scores is None or not floors:
        return None
    floor, column = max(floors), scores[:, case.column]
    seen = np.flatnonzero(~np.isnan(column))
    if not len(seen):
        return None
    grown = case.bet(floor - column[seen], seen, floor - 1) if floor < 1 else 0.0
    text = f"score {score(float(column[seen].mean()))} over {len(seen):,} items, floor {score(floor)}"
    return case.promise("below floor", grown, len(seen), text)


def _latency(case: _Case) -> Promise | None:
    """One answer in 20 takes longer than the objective, no more."""
    limit = limit_of(case.evidence, case.organisation)
    seconds = known(case.evidence.steady_s(case.column))
    if limit is None or not len(seconds):
        return None
    over = (seconds > limit).astype(np.float64)
    text = f"{int(over.sum()):,} of {len(seconds):,} answers took over {limit:g} s, {share(SLOW)} may"
    return case.promise("too slow", log_e(over - SLOW, -SLOW), len(seconds), text)


def _cost(case: _Case) -> Promise | None:
    """Within the interval that the table states, and what hysteresis thinks nothing of above it."""
    stated, cost = case.route.cost_high_per_1k_usd, case.evidence.cost_usd[:, case.column]
    seen = np.flatnonzero(~np.isnan(cost))
    if stated is None or not len(seen):
        return None
    most = stated * (1 + case.organisation.rule.switch.saving) / 1000
    mean = float(cost[seen].mean())
    free = math.inf if mean > 0 else 0.0
    grown = case.bet(cost[seen] / most - 1, seen, -1.0) if most > 0 else free
    text = f"{usd(mean * 1000)} for 1,000 requests over {len(seen):,} items, stated at most {usd(stated)}"
    return case.promise("dearer", grown, len(seen), text)


def _drift(case: _Case, again: Again | None) -> Promise | None:
    """The same items, asked anew, are answered at most delta worse."""
    if again is None or not again.n or case.evidence.judged:
        return None
    told, design = difference_of(again)
    n, total, squares = again.n / design, again.total / design, again.squares / design
    delta = case.route.delta
    grown = log_e_of_sums(-total - n * delta, squares + 2 * delta * total + n * delta**2, -1 - delta)
    text = f"{against(told, 'itself as it was deployed')} ({measured(told)}), {_points(delta)} allowed"
    return case.promise("drifted", grown, again.n, text)


def _points(delta: float) -> str:
    return f"{delta * 100:.1f}".removesuffix(".0")
