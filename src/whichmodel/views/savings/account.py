"""The account of an organisation: savings against both baselines, approaches, and break-evens that apply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whichmodel.analyse.costs import mean_cost
from whichmodel.analyse.economics.approaches import Approach, side_by_side
from whichmodel.analyse.economics.breakeven import BreakEven, Success, specialist_requests
from whichmodel.analyse.economics.choice import Single
from whichmodel.analyse.economics.demand import Demand
from whichmodel.analyse.economics.figures import Figure, means
from whichmodel.analyse.economics.hosting import Hosting, hosting
from whichmodel.analyse.economics.savings import Against, against, change
from whichmodel.domain import Model
from whichmodel.views.savings.basis import BARRED, Basis
from whichmodel.views.savings.priced import PricedTask, gpu_price

SINGLE, ROUTED, SPECIALIST = "single general model", "routed", "fine-tuned specialist"


@dataclass(frozen=True, slots=True)
class Trained:
    """A fine-tuned model on one task, against what serves it otherwise."""

    task: str
    model: str
    against: str
    yearly_usd: float
    """Training, and the refreshes of a year."""
    requests_per_year: int
    found: BreakEven | None
    """None = a cost is unknown."""
    score_difference: Figure | None
    """Its score less the other's. None = no item that both answered."""


@dataclass(frozen=True, slots=True)
class Retried:
    """What a right answer costs with several tries, where items were asked several times."""

    task: str
    model: str
    role: str
    found: Success


@dataclass(frozen=True, eq=False)
class Account:
    """All that `bench savings` tells."""

    basis: Basis
    singles: Mapping[str, Single | None]
    """Kind of answer -> the best single model. None = nobody allowed was measured on all its tasks."""
    single: Against | None
    """None = no kind of answer has one."""
    incumbent: Against | None
    """None = no workload names one."""
    no_incumbent: tuple[str, ...]
    """Tasks whose workload names no model that serves it today."""
    approaches: tuple[Approach, ...]
    specialists: tuple[Trained, ...]
    hosted: tuple[Hosting, ...]
    unloaded: tuple[tuple[str, str], ...]
    """(model, task) of GPU hours whose throughput was not measured."""
    retries: tuple[Retried, ...]

    @property
    def priced(self) -> tuple[str, ...]:
        """What totals hold beside the calls."""
        return tuple(dict.fromkeys(part for d in self.basis.demands for part in d.care.priced))


def account(basis: Basis) -> Account:
    """Work everything out."""
    singles = basis.singles()
    serving = {d.task: one.model for one, of in singles.values() if one for d in of}
    covered = [d for d in basis.demands if d.task in serving]
    barred = basis.barred(BARRED)
    named = [d for d in basis.demands if d.incumbent]
    hosted, unloaded = _hosted(basis, serving)
    return Account(
        basis=basis,
        singles={kind: one for kind, (one, _) in singles.items()},
        single=against(covered, serving, barred) if covered else None,
        incumbent=against(named, {d.task: d.incumbent or "" for d in named}, barred) if named else None,
        no_incumbent=tuple(d.task for d in basis.demands if not d.incumbent),
        approaches=_approaches(basis, covered, serving),
        specialists=_specialists(basis, serving),
        hosted=hosted,
        unloaded=unloaded,
        retries=_retries(basis, serving),
    )


def _trained(basis: Basis) -> dict[str, Model]:
    """Task -> the specialist that was measured on it; of several the one of the best score."""
    best: dict[str, Model] = {}
    for demand in basis.demands:
        able = [
            (float(np.nanmean(demand.chosen.score[:, demand.chosen.column(name)])), name)
            for name in demand.chosen.models
            if name in basis.models()
            and basis.models()[name].specialist
            and not np.isnan(demand.chosen.score[:, demand.chosen.column(name)]).all()
        ]
        if able:
            best[demand.task] = basis.models()[max(able)[1]]
    return best


def _approaches(basis: Basis, covered: list[Demand], serving: Mapping[str, str]) -> tuple[Approach, ...]:
    """Over the tasks that have a route and a single model."""
    demands = [d for d in covered if d.route is not None]
    trained = _trained(basis)
    named = {
        SINGLE: {d.task: serving[d.task] for d in demands},
        ROUTED: {d.task: d.route or "" for d in demands},
    }
    special = {task: model for task, model in trained.items() if task in named[ROUTED]}
    if special:
        named[SPECIALIST] = {**named[ROUTED], **{task: model.id for task, model in special.items()}}
    yearly = {name: _training(basis, served) for name, served in named.items()}
    return side_by_side(demands, named, yearly) if demands else ()


def _training(basis: Basis, served: Mapping[str, str]) -> float:
    """What the specialists among these models cost in a year, each once."""
    models = [basis.models()[name] for name in set(served.values()) if name in basis.models()]
    return float(sum(m.specialist.first_year_usd() for m in models if m.specialist))


def _specialists(basis: Basis, serving: Mapping[str, str]) -> tuple[Trained, ...]:
    """Each specialist against the single model and against the route of its task."""
    made = []
    for task, model in _trained(basis).items():
        demand = next(d for d in basis.demands if d.task == task)
        others = dict.fromkeys(name for name in (serving.get(task), demand.route) if name)
        assert model.specialist is not None
        yearly = float(model.specialist.first_year_usd())
        for other in others:
            if other != model.id and demand.column(other) is not None:
                found = _break_even(demand, other, model.id, yearly)
                score = change(demand, model.id, other).score
                made.append(Trained(task, model.id, other, yearly, 12 * demand.requests, found, score))
    return tuple(made)


def _break_even(demand: Demand, base: str, tuned: str, yearly: float) -> BreakEven | None:
    columns = [demand.evidence.column(name) for name in (base, tuned)]
    both: NDArray[np.bool_] = np.asarray(~np.isnan(demand.fresh.score[:, columns]).any(axis=1))
    cost = demand.fresh.cost_usd[:, columns]
    if not both.any() or np.isnan(cost[both]).any():
        return None
    one, other = means(demand.fresh, np.where(both[:, None], cost, np.nan))
    return specialist_requests(yearly, one, other)


def _hosted(
    basis: Basis, serving: Mapping[str, str]
) -> tuple[tuple[Hosting, ...], tuple[tuple[str, str], ...]]:
    """GPUs by the hour against the API that serves the task otherwise; and those without a measurement."""
    found, missing = [], []
    for demand in basis.demands:
        for name in demand.evidence.models:
            price = gpu_price(basis.models(), basis.organisation, name)
            api = _api(basis, demand, serving)
            if price is None or api is None:
                continue
            load = basis.loads.get((demand.task, name))
            if load is None:
                missing.append((name, demand.task))
                continue
            column = demand.evidence.column(api)
            if mean_cost(demand.fresh, column) is None:
                continue
            made = hosting(
                demand.task,
                name,
                api,
                gpu_hour_usd=float(price.per_gpu_hour or 0),
                load=load,
                request=means(demand.fresh, demand.fresh.cost_usd[:, [column]])[0],
                tokens=_task(basis, demand.task).tokens.get(api),
                requests=demand.requests,
                score_difference=change(demand, name, api).score,
            )
            if made:
                found.append(made)
    return tuple(found), tuple(missing)


def _api(basis: Basis, demand: Demand, serving: Mapping[str, str]) -> str | None:
    """What serves a task by the request: its route, or else the single model. None = neither does."""
    for name in (demand.route, serving.get(demand.task)):
        hosted = name is not None and gpu_price(basis.models(), basis.organisation, name)
        if name and not hosted and demand.column(name) is not None:
            return name
    return None


def _task(basis: Basis, name: str) -> PricedTask:
    return next(task for task in basis.priced.tasks if task.measured.task == name)


def _retries(basis: Basis, serving: Mapping[str, str]) -> tuple[Retried, ...]:
    """What a right answer costs on tasks whose items were asked several times: routed, and by the single."""
    found: list[Retried] = []
    for demand in basis.demands:
        named = {demand.route: "routed", serving.get(demand.task): "single"}
        if demand.route == serving.get(demand.task):
            named = {demand.route: "routed and single"}
        for name, role in named.items():
            made = None if name is None else _task(basis, demand.task).tries.get(name)
            if name is not None and made is not None:
                found.append(Retried(demand.task, name, role, made))
    return tuple(found)
