"""Routing tables as they would have been decided after each run, each with the one before as the last.

What was routed once is not kept, and hysteresis needs it: so it is replayed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from whichmodel.domain import Organisation, RoutingTable
from whichmodel.store import Panel
from whichmodel.views.decision import decide, evidence
from whichmodel.views.source import Source

MOST_STEPS = 10
"""Decisions of one replay; of more runs those in the middle are taken together."""


def steps(runs: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Runs in the order of time, in groups after each of which is decided: the last MOST_STEPS one by one."""
    many = len(runs) - MOST_STEPS
    if many <= 0:
        return tuple((run,) for run in runs)
    return (tuple(runs[: many + 1]), *((run,) for run in runs[many + 1 :]))


def replay(
    source: Source,
    organisation: Organisation,
    panel: Panel,
    start: RoutingTable,
    runs: Sequence[str],
    brought: Mapping[str, frozenset[str]],
) -> RoutingTable:
    """The table after these runs.

    start: the one before them. runs: in the order of time. brought: run -> tasks that it measured; the route
    of another task rests on the same outcomes as before, and stays.
    """
    table = start
    for group in steps(runs):
        tasks = frozenset[str]().union(*(brought.get(run, frozenset()) for run in group))
        if not tasks:
            continue
        until = group[-1]
        found = evidence(source, organisation, panel, until_run=until, tasks=tasks)
        decision = decide(source, organisation, panel, deployed=table, until_run=until, found=found)
        table = _merged(table, decision.table)
    return table


def _merged(before: RoutingTable, after: RoutingTable) -> RoutingTable:
    """The later table, with the routes of tasks that it is silent about."""
    new = {route.task: route for route in after.routes}
    old = [new.pop(route.task, route) for route in before.routes]
    return replace(after, routes=(*old, *new.values()))
