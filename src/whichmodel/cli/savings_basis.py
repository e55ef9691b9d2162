"""What `bench savings` rests on: the routes, the workloads, and costs at their tokens and throughput."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import numpy as np
import pandas as pd

from whichmodel.analyse.economics.choice import Single, single
from whichmodel.analyse.economics.demand import Care, Demand
from whichmodel.analyse.economics.hosting import throughput_cost
from whichmodel.analyse.economics.whatif import WhatIf, organisation_if, volumes_if
from whichmodel.analyse.economics.workload import Scale, at_workload
from whichmodel.analyse.evidence import Evidence, collect
from whichmodel.analyse.own_prices import reprice
from whichmodel.cli.decision import decide
from whichmodel.cli.project import Project
from whichmodel.decide.eligibility import assess
from whichmodel.decide.outlook import held_out
from whichmodel.domain import Load, Model, Organisation, Price, Route, Workload
from whichmodel.errors import UsageError
from whichmodel.store import Panel, loads
from whichmodel.views.decision import Decision

UNFIT = frozenset({"policy", "few items", "low coverage"})
"""Why a model may not be the single one; one that is slow or weak on a task still may."""
BARRED = UNFIT | {"too slow"}
"""Why a model may not serve a task where quality is averaged."""
BEHIND = frozenset({"inferior", "not shown non-inferior"})
"""Why a race stopped asking a model: what it has answered until then is too little to stand for the task."""
Reasons = frozenset[str]


@dataclass(frozen=True, eq=False)
class Basis:
    """Everything that is needed; tasks without a workload or without outcomes are named, not counted."""

    organisation: Organisation
    panel: Panel
    decision: Decision
    frame: pd.DataFrame
    """Outcomes with costs at the workload's tokens and at measured throughput."""
    demands: tuple[Demand, ...]
    scales: tuple[Scale, ...]
    loads: Mapping[tuple[str, str], Load]
    """(task, model) -> the latest load measurement."""
    no_workload: tuple[str, ...]
    """Measured tasks that nobody asks for."""
    not_measured: tuple[str, ...]
    """Workloads without a measured task."""

    def models(self) -> Mapping[str, Model]:
        """The configured models of the panel."""
        return self.decision.models

    def route(self, task: str) -> Route:
        """The route of a measured task."""
        return next(route for route in self.decision.table.routes if route.task == task)

    def barred(self, reasons: Reasons) -> dict[str, Collection[str]]:
        """Task -> models that are barred there for one of these reasons."""
        return {
            task: {name for name, reason in why.items() if reason in reasons}
            for task, why in self._barred.items()
        }

    @cached_property
    def _barred(self) -> dict[str, dict[str, str]]:
        """Task -> model -> why it may not be routed to there, of those that may not."""
        return {demand.task: self._barred_on(demand) for demand in self.demands}

    def _barred_on(self, demand: Demand) -> dict[str, str]:
        standings = {s.model: s for s in self.decision.standings if s.task == demand.task}
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


def basis(project: Project, org: str | None, change: WhatIf) -> Basis:
    """Decide for the organisation as it would be, and put a workload to each measured task.

    Raises UsageError where there is no workload, or no measured task has one.
    """
    organisation = organisation_if(project.config.organisation(org), change)
    _has_workloads(organisation, project)
    panel = project.stored_panel(project.reader())
    decision = decide(project, organisation, panel)
    found = sorted(decision.evidence, key=lambda evidence: evidence.task)
    used = [e for e in found if organisation.workload(e.task, e.category)]
    if not used:
        named = ", ".join(w.task for w in organisation.workloads)
        raise UsageError(
            f"No task that {organisation.name} has a workload for was measured ({named}).",
            where="bench savings",
            remedy=f"bench run --tasks {','.join(w.task for w in organisation.workloads)}",
        )
    measured = _loads(project, decision, panel)
    frame, scales = _priced(project, organisation, decision, panel, measured)
    evidence = {e.task: e for e in _collected(project, frame, decision)}
    workloads = [_workload(organisation, e) for e in used]
    volumes = volumes_if([w.requests_per_month for w in workloads], change)
    demands = [
        _demand(evidence[e.task], decision, organisation, workload, requests)
        for e, workload, requests in zip(used, workloads, volumes, strict=True)
    ]
    topics = {name for e in found for name in (e.task, e.category)}
    return Basis(
        organisation=organisation,
        panel=panel,
        decision=decision,
        frame=frame,
        demands=tuple(demands),
        scales=scales,
        loads=measured,
        no_workload=tuple(e.task for e in found if e not in used),
        not_measured=tuple(w.task for w in organisation.workloads if w.task not in topics),
    )


def _has_workloads(organisation: Organisation, project: Project) -> None:
    if organisation.workloads:
        return
    raise UsageError(
        f"{organisation.name} has no workload: nothing says how many requests a month a saving is over.",
        where=f"{project.config_path}: organisations.{organisation.name}.workloads",
        remedy="Add `workloads: [{task: extraction, requests_per_month: 10000}]`, a task or a category.",
    )


def _workload(organisation: Organisation, evidence: Evidence) -> Workload:
    found = organisation.workload(evidence.task, evidence.category)
    assert found is not None, "tasks without one are left out"
    return found


def _demand(
    evidence: Evidence, decision: Decision, organisation: Organisation, workload: Workload, requests: int
) -> Demand:
    route = next(r for r in decision.table.routes if r.task == evidence.task)
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


def _loads(project: Project, decision: Decision, panel: Panel) -> dict[tuple[str, str], Load]:
    """The latest measurement of each task and model in which a step held, on today's bank and settings."""
    measured = {(s.task, s.task_hash, s.model, s.settings_hash) for s in decision.standings}
    return {
        (load.task, load.model): load
        for load in loads.stored(project.results)
        if load.sustained is not None
        and load.simulated is (panel == "simulated")
        and (load.task, load.task_hash, load.model, load.settings_hash) in measured
    }


def gpu_price(basis_models: Mapping[str, Model], organisation: Organisation, name: str) -> Price | None:
    """The price by the GPU hour that a model has here. None = it has none."""
    model = basis_models.get(name)
    price = organisation.prices.get(name) or (model.price if model else None)
    return price if price is not None and price.per_gpu_hour is not None else None


def _priced(
    project: Project,
    organisation: Organisation,
    decision: Decision,
    panel: Panel,
    measured: Mapping[tuple[str, str], Load],
) -> tuple[pd.DataFrame, tuple[Scale, ...]]:
    """Outcomes at the organisation's prices, its workloads' tokens, and the throughput that was measured."""
    frame = reprice(project.reader().outcomes(panel), organisation.prices).reset_index(drop=True)
    frame, scales = at_workload(frame, organisation, decision.models, at=datetime.now(UTC))
    scaled = {scale.task for scale in scales if (scale.input, scale.output) != (1.0, 1.0)}
    cost = frame["cost_usd"].to_numpy(dtype=np.float64, na_value=np.nan).copy()
    for (task, name), load in measured.items():
        price = gpu_price(decision.models, organisation, name)
        each = throughput_cost(float(price.per_gpu_hour or 0), load) if price else None
        if each is not None and task not in scaled:
            cost[(frame["task"].eq(task) & frame["model"].eq(name)).to_numpy(dtype=bool)] = each
    return frame.assign(cost_usd=cost), scales


def _collected(project: Project, frame: pd.DataFrame, decision: Decision) -> Sequence[Evidence]:
    judged = {card.name for card in project.cards() if card.judged}
    return collect(frame, decision.models, judged)
