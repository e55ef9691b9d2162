"""What a gateway's file says of the table that it was made of: as comments, or where its format has room."""

from __future__ import annotations

from datetime import UTC, datetime

from whichmodel.domain import AgreementPolicy, RoutingTable
from whichmodel.export.serving import Alias, Service, Serving


def heading(title: str, table: RoutingTable, serving: Serving) -> list[str]:
    """From which table, how it was decided, and what is missing."""
    rule = table.rule
    lines = [
        f"{title} of {table.organisation}, made of its routing table by whichmodel.",
        f"Table of {time(table.created_at)}, expires {time(table.expires_at)}.",
        f"Rule: {rule.objective} to {rule.reference}, delta {rule.delta}, alpha {rule.alpha}.",
    ]
    if table.simulated:
        lines.append("SIMULATED: measured on invented models. Not for real traffic.")
    return lines + [f"Left out: {left.task}, {left.reason}." for left in serving.left_out]


def decision(service: Service) -> str:
    """What was decided for the task, in one line."""
    route = service.route
    return f"{route.task} ({route.category}): {route.model}, {route.status.value}. {route.why}"


def remarks(service: Service) -> list[str]:
    """Where the gateway does something else than the table says, a split, and a policy that it cannot run."""
    lines = [f"Not served by a gateway: {passed}." for passed in service.passed_over]
    first = service.parts[0].model.id
    if len(service.parts) > 1:
        shares = ", ".join(f"{part.share:.3g} to {part.model.id}" for part in service.parts)
        lines.append(f"Requests are split: {shares}.")
    elif first in service.route.fallbacks:
        lines.append(f"So {first} answers, the first fallback that can be served.")
    elif service.route.split:
        lines.append(f"So all requests go to {first}.")
    if policy := service.route.agreement:
        lines.append(in_the_application(policy))
    return lines


def in_the_application(policy: AgreementPolicy) -> str:
    """What the application has to do before it asks for the task: no gateway here takes a quorum."""
    otherwise = policy.otherwise or "a person"
    models = ", ".join(policy.models)
    return (
        f"In the application: the agreement policy {policy.name} asks {models} first and takes what "
        f"{policy.quorum} of them agree on, else {otherwise}. No gateway runs it."
    )


def answered_as(alias: Alias) -> str:
    """Which task a category is answered as, and which of its tasks are answered otherwise."""
    otherwise = f" Another model answers {', '.join(alias.differing)}." if alias.differing else ""
    return f"{alias.category} is answered as {alias.task}.{otherwise}"


def ambiguous(serving: Serving) -> list[str]:
    """The categories whose tasks are not all answered alike."""
    return [answered_as(alias) for alias in serving.aliases if alias.differing]


def time(at: datetime) -> str:
    """A time as the files say it."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
