"""What a gateway's file says of the table that it was made of: as comments, or where its format has room."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from whichmodel.domain import AgreementPolicy, Model, RoutingTable
from whichmodel.export.serving import Alias, Service, Serving
from whichmodel.export.yaml_text import comment


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


def preamble(title: str, table: RoutingTable, serving: Serving, then: Sequence[str]) -> str:
    """The head of a file as comments; `then`: how it was checked and how it is used."""
    return "".join(comment(" ".join(line.split())) for line in (*heading(title, table, serving), *then))


def task_comments(service: Service, *, splits: bool = True) -> str:
    """Decision and remarks as comments."""
    return "".join(comment(line) for line in (decision(service), *remarks(service, splits=splits)))


def unsaid(model: Model, said: Collection[str]) -> str:
    """A comment on settings that a model was measured with; `said`: those that the file asks for itself."""
    settings = {
        "reasoning_effort": model.settings.reasoning_effort,
        "temperature": model.settings.temperature,
        "max_tokens": model.settings.max_tokens,
    }
    left = [f"{key} {value}" for key, value in settings.items() if value is not None and key not in said]
    return comment(f"Measured with {', '.join(left)}: a request has to ask for it.") if left else ""


def remarks(service: Service, *, splits: bool = True) -> list[str]:
    """Where the gateway does something else than the table says, a split, and a policy that it cannot run.

    splits: whether the gateway can divide requests. Where it cannot, the largest part's model answers all.
    """
    lines = [f"Not served by a gateway: {passed}." for passed in service.passed_over]
    first = service.parts[0].model.id
    if len(service.parts) > 1:
        shares = ", ".join(f"{part.share:.3g} to {part.model.id}" for part in service.parts)
        then = "Requests are split" if splits else f"{first} answers all, for this file cannot split requests"
        lines.append(f"{then}: {shares}.")
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


def category_comments(serving: Serving) -> str:
    """The same as comments."""
    return "".join(comment(line) for line in ambiguous(serving))


def time(at: datetime) -> str:
    """A time as the files say it."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
