"""A routing table as a gateway can serve it: what each task's requests are answered by, in order of trial.

The same for every gateway but for what it can reach, which its exporter says.

A rule (`python:`) runs in the caller's own process, so no gateway serves it: its task is answered by the
first fallback that can be, and left out where there is none. A split is kept only where each of its models
can be served. A category is an alias of one of its tasks: of the one with the most requests a month, of the
first where that is equal or unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from whichmodel.domain import Model, Route, RoutingTable
from whichmodel.errors import CheckFailed
from whichmodel.export.check import check_table

SHOWN = 3
"""Tasks that an error names with their reasons."""
Refusal = Callable[[Model], str]
"""Why a gateway cannot serve a model, in words. "" = it can."""
NameRefusal = Callable[[str], str]
"""Why a gateway cannot know a task by its name, in words. "" = it can."""


@dataclass(frozen=True, slots=True)
class Service:
    """One task as a gateway serves it."""

    route: Route
    models: tuple[Model, ...]
    """At least one; in order of trial. A split that cannot be kept leaves its models before the fallbacks."""
    shares: tuple[tuple[Model, float], ...]
    """Who gets which part of the requests, adding up to 1. () = all go to the first of `models`."""
    passed_over: tuple[str, ...]
    """What the route names and the gateway cannot serve, with the reason."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A task that a gateway cannot serve."""

    task: str
    reason: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A category that is answered as one of its tasks."""

    category: str
    task: str
    differing: tuple[str, ...]
    """Tasks of the category that another model answers."""


@dataclass(frozen=True, slots=True)
class Serving:
    """All tasks of a table: served or left out, and the categories' aliases."""

    services: tuple[Service, ...]
    left_out: tuple[LeftOut, ...]
    aliases: tuple[Alias, ...]


def any_name(name: str) -> str:
    """Of a gateway that takes every name."""
    return ""


def serve(
    table: RoutingTable,
    models: Mapping[str, Model],
    refusal: Refusal,
    name_refusal: NameRefusal = any_name,
) -> Serving:
    """What a gateway serves of a table.

    Raises CheckFailed for a table that no file may be made of, and where no task is left to serve.
    """
    check_table(table, models)
    found = [_named(route, name_refusal) or _service(route, models, refusal) for route in table.routes]
    services = tuple(entry for entry in found if isinstance(entry, Service))
    left_out = tuple(entry for entry in found if isinstance(entry, LeftOut))
    if not services:
        raise _nothing(table, left_out)
    aliases = _aliases(services, {route.task for route in table.routes})
    return Serving(services, left_out, tuple(a for a in aliases if not name_refusal(a.category)))


def check_routes(table: RoutingTable) -> None:
    """At least one task has a route. Raises CheckFailed: a policy may ban every model."""
    if not any(route.model for route in table.routes):
        raise _nothing(table, [LeftOut(route.task, _no_route(route)) for route in table.routes])


def _nothing(table: RoutingTable, left_out: Sequence[LeftOut]) -> CheckFailed:
    first = " ".join(f"{left.task}: {left.reason}." for left in left_out[:SHOWN])
    more = f" And {len(left_out) - SHOWN} more." if len(left_out) > SHOWN else ""
    return CheckFailed(
        f"No task can be served. {first}{more}" if left_out else "It has no task.",
        where=f"routing table of {table.organisation}",
        remedy=f"`bench route --org {table.organisation}` says for each model what bars it.",
    )


def _no_route(route: Route) -> str:
    return f"no route: {route.why}"


def _named(route: Route, name_refusal: NameRefusal) -> LeftOut | None:
    reason = name_refusal(route.task)
    return LeftOut(route.task, f"its name {reason}") if reason else None


def _service(route: Route, models: Mapping[str, Model], refusal: Refusal) -> Service | LeftOut:
    if route.model is None:
        return LeftOut(route.task, _no_route(route))
    sharing = [share.model for share in route.split]
    named = [models[name] for name in dict.fromkeys((route.model, *sharing, *route.fallbacks))]
    refused = {model.id: reason for model in named if (reason := refusal(model))}
    passed_over = tuple(f"{name} ({reason})" for name, reason in refused.items())
    if len(refused) == len(named):
        return LeftOut(route.task, f"nothing that it routes to can be served: {', '.join(passed_over)}")
    shares: tuple[tuple[Model, float], ...] = ()
    if route.split and refused.keys().isdisjoint(sharing):
        shares = tuple((models[share.model], share.share) for share in route.split)
        named = [models[name] for name in (route.model, *route.fallbacks)]
    able = tuple(model for model in named if model.id not in refused)
    return Service(route, able, shares, passed_over)


def _aliases(services: tuple[Service, ...], tasks: set[str]) -> tuple[Alias, ...]:
    categories = dict.fromkeys(service.route.category for service in services)
    return tuple(_alias(category, services) for category in categories if category not in tasks)


def _alias(category: str, services: tuple[Service, ...]) -> Alias:
    members = [service for service in services if service.route.category == category]
    chosen = max(members, key=lambda service: service.route.requests_per_month or 0)
    differing = tuple(m.route.task for m in members if m.models[0] != chosen.models[0])
    return Alias(category, chosen.route.task, differing)
