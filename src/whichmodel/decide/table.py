"""The routing table of an organisation: a route for every measured task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from whichmodel.analyse.answers import Answers
from whichmodel.analyse.evidence import Evidence
from whichmodel.analyse.standings import standings
from whichmodel.decide.agreement import adopted
from whichmodel.decide.race import Settled
from whichmodel.decide.route import route
from whichmodel.domain import CATEGORIES, Model, Organisation, Route, RoutingTable, Standing
from whichmodel.errors import UsageError


def table(
    evidence: Sequence[Evidence],
    models: Mapping[str, Model],
    organisation: Organisation,
    *,
    now: datetime,
    simulated: bool,
    previous: RoutingTable | None = None,
    races: Mapping[str, Settled] | None = None,
    answers: Mapping[str, Answers] | None = None,
) -> tuple[tuple[Standing, ...], RoutingTable]:
    """Standings and routes of all tasks, in the order of the categories.

    simulated: whether the panel is the simulated one. previous: the organisation's last table, whose routes
    do not change for nothing; None = there is none. races: how the races of tasks ended, by task. answers:
    of tasks with agreement policies. Raises UsageError when a task is of the other panel: simulated rows are
    never a candidate for a real route, nor the other way round.
    """
    tasks = sorted(evidence, key=lambda task: (_place(task.category), task.category, task.task))
    for task in tasks:
        _same_panel(task, simulated)
    found = [standings(task, models) for task in tasks]
    before, settled, said = last_routes(previous, simulated=simulated), races or {}, answers or {}
    decided = [
        route(
            task,
            rows,
            models,
            organisation,
            previous=before.get(task.task),
            race=settled.get(task.task),
        )
        for task, rows in zip(tasks, found, strict=True)
    ]
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


def last_routes(previous: RoutingTable | None, *, simulated: bool) -> dict[str, Route]:
    """The routes of the last table by task; none of a table over the other panel."""
    if previous is None or previous.simulated != simulated:
        return {}
    return {each.task: each for each in previous.routes}


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
