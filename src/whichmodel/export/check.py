"""What holds of every routing table and gateway file that leaves the house.

Gateways let much pass: LiteLLM starts with a fallback that does not exist and answers with an error only when
it is needed. So names are cross-checked here, before a file is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from whichmodel.domain import Model, Route, RoutingTable
from whichmodel.errors import CheckFailed


def check_table(table: RoutingTable, models: Mapping[str, Model]) -> None:
    """Each task once; every model known, allowed, named once a task; no simulated model in a real table.

    Raises CheckFailed at the first that does not hold.
    """
    for task in _twice(route.task for route in table.routes):
        raise _failed(table, task, "The task stands twice.", "Give each task one route.")
    for route in table.routes:
        _check_route(table, route, models)


def _check_route(table: RoutingTable, route: Route, models: Mapping[str, Model]) -> None:
    if route.simulated and not table.simulated:
        raise _failed(
            table, route.task, "A simulated route stands in a table that is not.", "Run real models."
        )
    if route.model is None and route.fallbacks:
        raise _failed(table, route.task, "There are fallbacks, but no route.", "Decide again: `bench route`.")
    for name in _twice(name for name in (route.model, *route.fallbacks) if name is not None):
        raise _failed(table, route.task, f"'{name}' is named twice.", "Name each model once a task.")
    _check_split(table, route)
    banned = {why.model for why in route.why_not if why.reason == "policy"}
    for name in named_by(route):
        if name in banned:
            raise _failed(table, route.task, f"The policy bans '{name}'.", "Decide again: `bench route`.")
        if name not in models:
            raise _failed(table, route.task, f"There is no model '{name}'.", "Is it still in bench.yaml?")
        if models[name].simulated and not table.simulated:
            raise _failed(table, route.task, f"'{name}' is simulated, the table is not.", "Run real models.")


def named_by(route: Route) -> tuple[str, ...]:
    """Every model that a route names, each once: routed, fallback, with a share, or in its policy."""
    policy = route.agreement
    agreeing = (*policy.models, policy.otherwise) if policy else ()
    shares = (share.model for share in route.split)
    return tuple(dict.fromkeys(n for n in (route.model, *route.fallbacks, *shares, *agreeing) if n))


def _check_split(table: RoutingTable, route: Route) -> None:
    """Each model of a split once, the routed one among them, parts above 0 that add up to 1."""
    if not route.split:
        return
    names = [share.model for share in route.split]
    whole = abs(sum(share.share for share in route.split) - 1) < 1e-6
    if _twice(names) or route.model not in names or not whole or min(s.share for s in route.split) <= 0:
        raise _failed(
            table,
            route.task,
            "The split does not add up to 1 over models of which the routed one is part.",
            "Decide again: `bench route`.",
        )


def check_names(
    where: str,
    *,
    tasks: Iterable[str],
    left_out: Iterable[str],
    defined: Sequence[str],
    referenced: Iterable[str],
) -> None:
    """The names of one gateway file: each defined once, each task defined or left out, each reference met.

    defined: what a request or a fallback can name. referenced: what aliases and fallbacks point at. Raises
    CheckFailed.
    """
    without = set(left_out)
    for name in _twice(defined):
        raise CheckFailed(f"'{name}' is defined twice.", where=where)
    for task in tasks:
        if (task in defined) == (task in without):
            raise CheckFailed(f"The task '{task}' is neither served nor left out, or both.", where=where)
    for name in referenced:
        if name not in defined:
            raise CheckFailed(f"'{name}' is named and does not exist.", where=where)


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _failed(table: RoutingTable, task: str, what: str, remedy: str) -> CheckFailed:
    return CheckFailed(what, where=f"routing table of {table.organisation}: {task}", remedy=remedy)
