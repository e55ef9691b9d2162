"""A routing table as a gateway can serve it: what each task's requests are answered by, in order of trial.

The same for every gateway but for what it can reach, which its exporter says.

A rule (`python:`) runs in the caller's own process, so no gateway serves it: its task is answered by the
first fallback that can be, and left out where there is none. A category is an alias of one of its tasks: of
the one with the most requests a month, of the first where that is equal or unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from whichmodel.domain import Model, Route, RoutingTable
from whichmodel.export.check import check_table

Refusal = Callable[[Model], str]
"""Why a gateway cannot serve a model, in words. "" = it can."""


@dataclass(frozen=True, slots=True)
class Service:
    """One task as a gateway serves it."""

    route: Route
    models: tuple[Model, ...]
    """At least one; in order of trial."""
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


def serve(table: RoutingTable, models: Mapping[str, Model], refusal: Refusal) -> Serving:
    """What a gateway serves of a table. Raises CheckFailed for a table that no file may be made of."""
    check_table(table, models)
    found = [_service(route, models, refusal) for route in table.routes]
    services = tuple(entry for entry in found if isinstance(entry, Service))
    left_out = tuple(entry for entry in found if isinstance(entry, LeftOut))
    return Serving(services, left_out, _aliases(services, {route.task for route in table.routes}))


def _service(route: Route, models: Mapping[str, Model], refusal: Refusal) -> Service | LeftOut:
    if route.model is None:
        return LeftOut(route.task, f"no route: {route.why}")
    named = [models[name] for name in (route.model, *route.fallbacks)]
    refused = [(model, refusal(model)) for model in named]
    passed_over = tuple(f"{model.id} ({reason})" for model, reason in refused if reason)
    able = tuple(model for model, reason in refused if not reason)
    if not able:
        return LeftOut(route.task, f"nothing that it routes to can be served: {', '.join(passed_over)}")
    return Service(route, able, passed_over)


def _aliases(services: tuple[Service, ...], tasks: set[str]) -> tuple[Alias, ...]:
    categories = dict.fromkeys(service.route.category for service in services)
    return tuple(_alias(category, services) for category in categories if category not in tasks)


def _alias(category: str, services: tuple[Service, ...]) -> Alias:
    members = [service for service in services if service.route.category == category]
    chosen = max(members, key=lambda service: service.route.requests_per_month or 0)
    differing = tuple(m.route.task for m in members if m.models[0] != chosen.models[0])
    return Alias(category, chosen.route.task, differing)
