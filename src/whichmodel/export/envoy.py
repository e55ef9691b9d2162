"""Routing table -> resources of the Envoy AI Gateway (`AIGatewayRoute` v1beta1 and what it refers to).

A task is a rule on the model's name, which the gateway puts into a header. The routes are checked against the
schema of their definition, not with traffic; docs/guides/gateways.md says where the rest was read.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import chain

from whichmodel.domain import Model, RoutingTable
from whichmodel.export.check import check_names
from whichmodel.export.envoy_backend import API, backend_name, refusal, resources, secrets
from whichmodel.export.labels import label
from whichmodel.export.location import locate, location
from whichmodel.export.notes import category_comments, preamble, task_comments, unsaid
from whichmodel.export.serving import Service, Serving, serve
from whichmodel.export.yaml_text import dump, indented

RULES = 15
"""Most rules of one route."""
HEADER = "x-ai-eg-model"
GATEWAY = "ai-gateway"
"""The `Gateway` that the routes hang on, unless a reader changes it."""
RESERVED = "route-not-found"
"""The one name that no rule may have."""
TIMEOUT, PER_TRY = "600s", "300s"
"""Without them 60 s, less than some answers take."""
RETRIED = [429, 500, 502, 503, 504]
LONGEST_NAME = 4096
CHECKED = (
    "The AIGatewayRoutes are checked against the schema of their definition (v1beta1), not with traffic; the",
    "other resources by their names alone.",
    f"Set `parentRefs` where your Gateway is not called {GATEWAY}. Start: kubectl apply -f <this file>",
    "Ask for a task, or for a category, as the `model` of a request.",
)


def render(table: RoutingTable, models: Mapping[str, Model]) -> str:
    """The whole file, one document a resource.

    models: every model that the table routes to, by id. Raises CheckFailed for a table that no file may be
    made of.
    """
    serving = serve(table, models, _refusal, _name_refusal)
    used = {m.id: m for service in serving.services for m, _ in chain(*_tiers(service))}
    endpoints = {backend_name(location(model)): location(model) for model in used.values()}
    routes = _route_names(table.organisation, len(serving.services))
    check_names(
        f"Envoy AI Gateway file of {table.organisation}",
        tasks=[route.task for route in table.routes],
        left_out=[left.task for left in serving.left_out],
        defined=[*(s.route.task for s in serving.services), *(alias.category for alias in serving.aliases)],
        referenced=[alias.task for alias in serving.aliases],
    )
    documents = [
        _route(name, serving, serving.services[RULES * number : RULES * (number + 1)])
        for number, name in enumerate(routes)
    ]
    documents.append(dump(_retries(table.organisation, routes, serving)))
    documents += [dump(each) for name, found in endpoints.items() for each in resources(name, found)]
    head = preamble("Envoy AI Gateway resources", table, serving, (*CHECKED, *secrets(endpoints.values())))
    return "---\n".join([head + category_comments(serving), *documents])


def _tiers(service: Service) -> list[list[tuple[Model, int]]]:
    """Who is asked first, second and so on; several in a tier divide requests by their numbers."""
    first = _parts(service)
    sharing = [model for model, _ in first]
    return [first, *([(model, 1)] for model in service.fallbacks if model not in sharing)]


def _parts(service: Service) -> list[tuple[Model, int]]:
    """Shares as the smallest whole numbers that stand in the same proportion, to a thousandth."""
    parts = [(part.model, Fraction(part.share).limit_denominator(1000)) for part in service.parts]
    whole = math.lcm(*(part.denominator for _, part in parts))
    return [(model, max(1, int(part * whole))) for model, part in parts]


def _route_names(organisation: str, tasks: int) -> list[str]:
    count = math.ceil(tasks / RULES)
    return [label(organisation if count == 1 else f"{organisation}-{number + 1}") for number in range(count)]


def _route(name: str, serving: Serving, services: Sequence[Service]) -> str:
    """One route of at most fifteen tasks, with each task's notes above its rule."""
    gateway = {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": GATEWAY}
    head = {"apiVersion": API, "kind": "AIGatewayRoute", "metadata": {"name": name}}
    rules = "".join(task_comments(service) + _rule(service, serving) for service in services)
    return dump({**head, "spec": {"parentRefs": [gateway]}}) + "  rules:\n" + indented(rules, 2)


def _rule(service: Service, serving: Serving) -> str:
    task = service.route.task
    asked = [task, *(alias.category for alias in serving.aliases if alias.task == task)]
    tiers = _tiers(service)
    notes = "".join(unsaid(model, _mutated(model)) for tier in tiers for model, _ in tier)
    rule = {
        "name": label(task if task != RESERVED else f"{task} "),
        "matches": [{"headers": [{"type": "Exact", "name": HEADER, "value": name}]} for name in asked],
        "backendRefs": [
            _backend(model, priority, weight if len(tier) > 1 else None)
            for priority, tier in enumerate(tiers)
            for model, weight in tier
        ],
        "timeouts": {"request": TIMEOUT},
    }
    return notes + dump([rule])


def _backend(model: Model, priority: int, weight: int | None) -> dict[str, object]:
    """One model of a rule, asked as it was measured where its protocol has a word for it."""
    mutations = [{"path": key, "value": json.dumps(value)} for key, value in _mutated(model).items()]
    reference: dict[str, object] = {
        "name": backend_name(location(model)),
        "modelNameOverride": location(model).name,
        "priority": priority,
    }
    if weight is not None:
        reference["weight"] = weight
    if mutations:
        reference["bodyMutation"] = {"set": mutations}
    return reference


def _mutated(model: Model) -> dict[str, object]:
    """Settings written into a request of OpenAI's protocol; a token limit has two names there."""
    if location(model).protocol != "openai":
        return {}
    settings = {
        "reasoning_effort": model.settings.reasoning_effort,
        "temperature": model.settings.temperature,
    }
    return {key: value for key, value in settings.items() if value is not None}


def _retries(organisation: str, routes: Iterable[str], serving: Serving) -> dict[str, object]:
    """What makes the gateway try the next tier: each once, after an error or a full queue."""
    deepest = max(len(_tiers(service)) for service in serving.services)
    group = "gateway.networking.k8s.io"
    retry = {
        "numAttemptsPerPriority": 1,
        "numRetries": max(1, deepest - 1),
        "perRetry": {"timeout": PER_TRY, "backOff": {"baseInterval": "100ms", "maxInterval": "10s"}},
        "retryOn": {
            "httpStatusCodes": RETRIED,
            "triggers": ["connect-failure", "reset", "retriable-status-codes"],
        },
    }
    return {
        "apiVersion": "gateway.envoyproxy.io/v1alpha1",
        "kind": "BackendTrafficPolicy",
        "metadata": {"name": label(organisation)},
        "spec": {
            "targetRefs": [{"group": group, "kind": "HTTPRoute", "name": name} for name in routes],
            "retry": retry,
        },
    }


def _refusal(model: Model) -> str:
    """Why the gateway cannot serve a model. "" = it can."""
    found = locate(model)
    return found if isinstance(found, str) else refusal(found)


def _name_refusal(task: str) -> str:
    if not task or len(task) > LONGEST_NAME:
        return "is not of 1 to 4,096 characters, as a header's value is"
    if task != task.strip() or any(ord(char) < 32 or ord(char) == 127 for char in task):
        return "has a line break or a space at an end, which no header can hold"
    return ""
