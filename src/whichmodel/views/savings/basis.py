"""What `bench savings` rests on: the routes, the workloads, and costs at their tokens and throughput."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from whichmodel.analyse.economics.choice import Single, single
from whichmodel.analyse.economics.demand import Care, Demand
from whichmodel.analyse.economics.whatif import WhatIf, organisation_if, volumes_if
from whichmodel.analyse.economics.workload import Scale
from whichmodel.decide.eligibility import assess
from whichmodel.decide.outlook import held_out
from whichmodel.domain import Load, Model, Organisation, Route, RoutingTable, Standing, Workload
from whichmodel.errors import UsageError
from whichmodel.store import Panel
from whichmodel.views.savings.priced import Priced, PricedTask
from whichmodel.views.source import Source

UNFIT = frozenset({"policy", "few items", "low coverage"})
"""Why a model may not be the single one; one that is slow or weak on a task still may."""
BARRED = UNFIT | {"too slow"}
"""Why a model may not serve a task where quality is averaged."""
BEHIND = frozenset({"inferior", "not shown non-inferior"})
"""Why a race stopped asking a model: what it has answered until then is too little to stand for the task."""
Reasons = frozenset[str]


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided for the organisation as it would be."""

    standings: tuple[Standing, ...]
    table: RoutingTable
    models: Mapping[str, Model]


@dataclass(frozen=True, eq=False)
class Basis:
    """Everything that is needed; tasks without a workload or without outcomes are named, not counted."""

    organisation: Organisation
    panel: Panel
    decided: Decided
    priced: Priced
    demands: tuple[Demand, ...]
    scales: tuple[Scale, ...]
    no_workload: tuple[str, ...]
    """Measured tasks that nobody asks for."""
    not_measured: tuple[str, ...]
    """Workloads without a measured task."""
    known_barred: Mapping[str, Mapping[str, str]] | None = None
    """`all_barred` of the same decision. None = it is to be found."""

    @property
    def loads(self) -> Mapping[tuple[str, str], Load]:
        """(task, model) -> the latest load measurement."""
        return self.priced.loads

    def models(self) -> Mapping[str, Model]:
        """The configured models of the panel."""
        return self.decided.models

    def route(self, task: str) -> Route:
        """The route of a measured task."""
        return next(route for route in self.decided.table.routes if route.task == task)

    def barred(self, reasons: Reasons) -> dict[str, Collection[str]]:
        """Task -> models that are barred there for one of these reasons."""
        return {
            task: {name for name, reason in why.items() if reason in reasons}
            for task, why in self.all_barred.items()
        }

    @cached_property
    def all_barred(self) -> Mapping[str, Mapping[str, str]]:
        """Task -> model -> why it may not be routed to there, of those that may not."""
        if self.known_barred is not None:
            return self.known_barred
        return {demand.task: self._barred_on(demand) for demand in self.demands}

    def _barred_on(self, demand: Demand) -> dict[str, str]:
        standings = {s.model: s for s in self.decided.standings if s.task == demand.task}
        models, route = self.models(), self.route(demand.task)
        fits = {
            name: assess(
                demand.chosen, standings, models.get(name), name, self.organisation, raced=route.raced
            )
            for name in demand.chosen.models
        }
        behind = (why.model for why in route.why_not if route.raced and why.reason in BEHIND)
        barred = {name: fit.barred.reason for name, fit in fits.items() if fit.barred}
        return dict.fromkeys(behind, "few items") | barred

    def singles(self) -> dict[str, tuple[Single | None, tuple[Demand, ...]]]:
        """Kind of answer -> the best single model for all tasks of it, and these."""
        general = {
            name for name, model in self.models().items() if not model.baseline and model.specialist is None
        }
        barred = self.barred(UNFIT)
        kinds: dict[str, list[Demand]] = {}
        for demand in self.demands:
            kinds.setdefault(self._kind(demand), []).append(demand)
        return {kind: (single(of, barred, general), tuple(of)) for kind, of in kinds.items()}

    def _kind(self, demand: Demand) -> str:
        answers = [self.models()[name].answers for name in demand.evidence.models if name in self.models()]
        return "image" if "image" in answers else "text"


def basis(
    source: Source,
    organisation: Organisation,
    panel: Panel,
    change: WhatIf,
    *,
    decided: Decided,
    priced: Priced,
    before: Basis | None = None,
) -> Basis:
    """Put a workload to each measured task.

    organisation: as bench.yaml has it. decided, priced: what was decided for it after the change, and its
    outcomes. before: of the same outcomes and decision, from which is taken what a change leaves alone.
    Raises UsageError where there is no workload, or no measured task has one.
    """
    organisation = organisation_if(organisation, change)
    has_workloads(organisation, source.config.path)
    found = {task.measured.task: task for task in priced.tasks}
    topics = {route.task: route.category for route in decided.table.routes}
    used = {
        task: workload
        for task in sorted(topics)
        if (workload := organisation.workload(task, topics[task])) and task in found
    }
    if not used:
        raise _nothing_used(organisation)
    volumes = volumes_if([workload.requests_per_month for workload in used.values()], change)
    demands = [
        _demand(found[task], decided.table, organisation, workload, requests)
        for (task, workload), requests in zip(used.items(), volumes, strict=True)
    ]
    named = {*topics, *topics.values()}
    if before is not None:
        for demand, other in zip(demands, before.demands, strict=True):
            demand.take_over(other)
    return Basis(
        organisation=organisation,
        panel=panel,
        decided=decided,
        priced=priced,
        demands=tuple(demands),
        scales=tuple(scale for task in priced.tasks if (scale := task.scale)),
        no_workload=tuple(task for task in sorted(topics) if task not in used),
        not_measured=tuple(w.task for w in organisation.workloads if w.task not in named),
        known_barred=None if before is None else before.all_barred,
    )


def _nothing_used(organisation: Organisation) -> UsageError:
    tasks = [workload.task for workload in organisation.workloads]
    return UsageError(
        f"No task that {organisation.name} has a workload for was measured ({', '.join(tasks)}).",
        where="bench savings",
        remedy=f"bench run --tasks {','.join(tasks)}",
    )


def has_workloads(organisation: Organisation, config: Path) -> None:
    """Raises UsageError for an organisation that asks for nothing."""
    if organisation.workloads:
        return
    raise UsageError(
        f"{organisation.name} has no workload: nothing says how many requests a month a saving is over.",
        where=f"{config}: organisations.{organisation.name}.workloads",
        remedy="Add `workloads: [{task: extraction, requests_per_month: 10000}]`, a task or a category.",
    )


def _demand(
    task: PricedTask, table: RoutingTable, organisation: Organisation, workload: Workload, requests: int
) -> Demand:
    evidence = task.priced
    route = next(r for r in table.routes if r.task == evidence.task)
    items, error = len(evidence.items), workload.error_cost_usd
    held = 0 if route.raced else held_out(items, organisation.rule)
    return Demand(
        evidence=evidence,
        requests=requests,
        choosing=items - held,
        route=route.model,
        status=route.status.value,
        incumbent=workload.incumbent,
        floor=organisation.floor if workload.floor is None else workload.floor,
        delta=route.delta,
        alpha=organisation.rule.alpha,
        care=Care(
            review_usd=_float(organisation.review_cost_usd),
            error_usd=_float(organisation.error_cost_usd if error is None else error),
            reviewer_error=organisation.reviewer_error,
        ),
    )


def _float(amount: object) -> float | None:
    return None if amount is None else float(str(amount))
