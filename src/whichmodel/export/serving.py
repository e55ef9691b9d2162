"""A routing table as a gateway can serve it: what each task's requests are answered by, in order of trial.

The same for every gateway but for what it can reach, which its exporter says.

A rule (`python:`) runs in the caller's own process, so no gateway serves it: its part of the requests goes to
those that it is split with, else to the first fallback that can be served; without one the task is left out.
A category is an alias of one of its tasks: of the one with the most requests a month, of the first
where that is equal or unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from whichmodel.domain import Model, Route, RoutingTable, Share
from whichmodel.errors import CheckFailed
from whichmodel.export.check import check_table

Refusal = Callable[[Model], str]
"""Why a gateway cannot serve a model, in words. "" = it can."""
NameRefusal = Callable[[str], str]
"""Why a gateway cannot know a task by its name, in words. "" = it can."""

REASONS = 3
"""Tasks whose reason an error tells; the others are counted."""


@dataclass(frozen=True, slots=True)
class Part:
    """A model and the part of a task's requests that it gets first."""

    model: Model
    share: float
    """Above 0; a task's parts add up to 1."""


@dataclass(frozen=True, slots=True)
class Service:
    """One task as a gateway serves it."""

    route: Route
    parts: tuple[Part, ...]
    """At least one; the largest first."""
    fallbacks: tuple[Model, ...]
    """Who is asked when whoever got the request fails; in order of trial."""
    passed_over: tuple[str, ...]
    """What the route names and the gateway cannot serve, with the reason."""

    @property
    def models(self) -> tuple[Model, ...]:
        """Every model of the task once; in order of trial, with the largest part first."""
        ordered = (*(part.model for part in self.parts), *self.fallbacks)
        return tuple({model.id: model for model in ordered}.values())


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

    Raises CheckFailed for a table that no file may be made of, or of which the gateway can serve nothing.
    """
    check_table(table, models)
    found = [_named(route, name_refusal) or _service(route, models, refusal) for route in table.routes]
    services = tuple(entry for entry in found if isinstance(entry, Service))
    left_out = tuple(entry for entry in found if isinstance(entry, LeftOut))
    if not services:
        raise _nothing(table, left_out)
    aliases = _aliases(services, {route.task for route in table.routes})
    return Serving(services, left_out, tuple(a for a in aliases if not name_refusal(a.category)))


def _nothing(table: RoutingTable, left_out: tuple[LeftOut, ...]) -> CheckFailed:
    reasons = "; ".join(f"{left.task}: {left.reason}" for left in left_out[:REASONS])
    more = f"; and {len(left_out) - REASONS} more" if len(left_out) > REASONS else ""
    return CheckFailed(
        "No task of this table can be served, so there is nothing to deploy.",
        where=f"routing table of {table.organisation}",
        remedy=f"{reasons}{more}." if left_out else "It has no tasks. Decide again: `bench route`.",
    )


def _named(route: Route, name_refusal: NameRefusal) -> LeftOut | None:
    reason = name_refusal(route.task)
    return LeftOut(route.task, f"its name {reason}") if reason else None


def _service(route: Route, models: Mapping[str, Model], refusal: Refusal) -> Service | LeftOut:
    if route.model is None:
        return LeftOut(route.task, f"no route: {route.why}")
    split = route.split or (Share(route.model, 1.0),)
    named = [
        models[name] for name in dict.fromkeys([*(s.model for s in split), route.model, *route.fallbacks])
    ]
    refused = {model.id: refusal(model) for model in named}
    passed_over = tuple(f"{model.id} ({refused[model.id]})" for model in named if refused[model.id])
    parts = [Part(models[share.model], share.share) for share in split if not refused[share.model]]
    fallbacks = [models[name] for name in route.fallbacks if not refused[name]]
    if not parts and fallbacks:
        parts = [Part(fallbacks.pop(0), 1.0)]
    if not parts:
        return LeftOut(route.task, f"nothing that it routes to can be served: {', '.join(passed_over)}")
    return Service(route, _whole(parts), tuple(fallbacks), passed_over)


def _whole(parts: list[Part]) -> tuple[Part, ...]:
    """The parts, the largest first, made to add up to 1 where one of them cannot be served."""
    total = sum(part.share for part in parts)
    shared = [Part(part.model, part.share / total) for part in parts] if total < 1 - 1e-6 else parts
    return tuple(sorted(shared, key=lambda part: -part.share))


def _aliases(services: tuple[Service, ...], tasks: set[str]) -> tuple[Alias, ...]:
    categories = dict.fromkeys(service.route.category for service in services)
    return tuple(_alias(category, services) for category in categories if category not in tasks)


def _alias(category: str, services: tuple[Service, ...]) -> Alias:
    members = [service for service in services if service.route.category == category]
    chosen = max(members, key=lambda service: service.route.requests_per_month or 0)
    differing = tuple(m.route.task for m in members if m.parts != chosen.parts)
    return Alias(category, chosen.route.task, differing)
