"""The routing table of an organisation: a route for every measured task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from whichmodel.analyse.answers import Answers
from whichmodel.analyse.evidence import Evidence
from whichmodel.analyse.standings import standings
from whichmodel.decide.agreement import adopted
from whichmodel.decide.route import route
from whichmodel.domain import CATEGORIES, Model, Organisation, RoutingTable, Standing
from whichmodel.errors import UsageError


def table(
    evidence: Sequence[Evidence],
    models: Mapping[str, Model],
    organisation: Organisation,
    *,
    now: datetime,
    simulated: bool,
    answers: Mapping[str, Answers] | None = None,
) -> tuple[tuple[Standing, ...], RoutingTable]:
    """Standings and routes of all tasks, in the order of the categories.

    answers: by task, of those that have agreement policies. simulated: whether the panel is the simulated
    one. Raises UsageError when a task of it is not: simulated
    rows are never a candidate for a real route, nor the other way round.
    """
    tasks = sorted(evidence, key=lambda task: (_place(task.category), task.category, task.task))
    for task in tasks:
        _same_panel(task, simulated)
    found = [standings(task, models) for task in tasks]
    decided = [route(task, rows, models, organisation) for task, rows in zip(tasks, found, strict=True)]
    said = answers or {}
    routes = tuple(
        replace(adopted(one, said.get(one.task), models, organisation), simulated=simulated)
        for one in decided
    )
    return tuple(row for rows in found for row in rows), RoutingTable(
        organisation=organisation.name,
        created_at=now,
        expires_at=now + timedelta(days=organisation.rule.valid_days),
        simulated=simulated,
        routes=routes,
        rule=organisation.rule,
        run_ids=tuple(sorted({run for one in routes for run in one.run_ids})),
    )


def _place(category: str) -> int:
    return CATEGORIES.index(category) if category in CATEGORIES else len(CATEGORIES)


def _same_panel(task: Evidence, simulated: bool) -> None:
    kinds = {column.simulated for column in task.measured if not column.baseline}
    if kinds - {simulated}:
        asked, met = ("simulated", "real") if simulated else ("real", "simulated")
        raise UsageError(
            f"The task '{task.task}' has {met} outcomes in a {asked} table; the two are never mixed.",
            remedy="Decide the real panel and the simulated one apart.",
        )
