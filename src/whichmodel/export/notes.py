"""What a gateway's file says in comments: its origin, why each task goes where it goes, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from whichmodel.domain import Model, Route, RoutingTable
from whichmodel.export.serving import Service, Serving
from whichmodel.export.yaml_text import comment


def preamble(title: str, table: RoutingTable, serving: Serving, then: Sequence[str]) -> str:
    """The head of a file; `then`: how it was checked and how it is used."""
    rule = table.rule
    lines = [
        f"{title} of {table.organisation}, made of its routing table by whichmodel.",
        f"Table of {_time(table.created_at)}, expires {_time(table.expires_at)}.",
        f"Rule: {rule.objective} to {rule.reference}, delta {rule.delta}, alpha {rule.alpha}.",
    ]
    if table.simulated:
        lines.append("SIMULATED: measured on invented models. Not for real traffic.")
    lines += [f"Left out: {left.task}, {left.reason}." for left in serving.left_out]
    return "".join(comment(" ".join(line.split())) for line in (*lines, *then))


def task_notes(service: Service, *, splits: bool) -> str:
    """Who answers a task and why. splits: whether the file divides its requests where the route does."""
    route = service.route
    lines = [f"{route.task} ({route.category}): {route.model}, {route.status.value}. {route.why}"]
    lines += [f"Not served by a gateway: {passed}." for passed in service.passed_over]
    first = answering(service, splits=splits)[0].id
    if route.split:
        lines.append(_split(service, first, splits=splits))
    elif first != route.model:
        lines.append(f"So {first} answers, the first fallback that can be served.")
    if route.agreement:
        lines.append(_agreement(route))
    return "".join(comment(line) for line in lines)


def answering(service: Service, *, splits: bool) -> tuple[Model, ...]:
    """Who answers, in order of trial.

    Where a file cannot divide requests, the model with the larger part answers all: a new route's model is
    not given to everyone because its gateway knows no shares.
    """
    if splits or not service.shares:
        return service.models
    largest = max(service.shares, key=lambda share: share[1])[0]
    return (largest, *(model for model in service.models if model != largest))


def alias_notes(serving: Serving) -> str:
    """Categories whose tasks are not all answered alike."""
    return "".join(
        comment(
            f"{alias.category} is answered as {alias.task}. "
            f"Another model answers {', '.join(alias.differing)}."
        )
        for alias in serving.aliases
        if alias.differing
    )


def unsaid(model: Model, said: Iterable[str]) -> str:
    """A note of the settings a model was measured with and the file cannot ask for; `said`: those it can."""
    settings = {
        "reasoning_effort": model.settings.reasoning_effort,
        "temperature": model.settings.temperature,
        "max_tokens": model.settings.max_tokens,
    }
    left = [f"{key} {value}" for key, value in settings.items() if value is not None and key not in said]
    return comment(f"Measured with {', '.join(left)}: a request has to ask for it.") if left else ""


def _split(service: Service, first: str, *, splits: bool) -> str:
    shares = ", ".join(f"{share.share:.0%} to {share.model}" for share in service.route.split)
    if not service.shares:
        return f"The table splits its requests ({shares}); not all can be served, so {first} answers."
    if not splits:
        return f"The table splits its requests ({shares}); this file cannot, so {first} answers all."
    return f"Split: {shares}."


def _agreement(route: Route) -> str:
    policy = route.agreement
    assert policy
    last = f"{policy.otherwise} is asked" if policy.otherwise else "a person decides"
    return (
        f"Agreement policy {policy.name}, kept by your application and not by this file: "
        f"{policy.quorum} of {', '.join(policy.models)} have to agree, else {last}."
    )


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
