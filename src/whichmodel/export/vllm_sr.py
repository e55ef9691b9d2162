"""Routing table -> configuration of the vLLM Semantic Router (its v0.3 `providers`, `evaluation`, `routing`).

A task is a decision that a request's metadata names. The measurements of the table go along as evaluation
records. Checked by the validator and the schema of the package `vllm-sr` 0.4.0, not with traffic: the router
itself is a container image. docs/guides/gateways.md says what was read in its source.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from whichmodel.domain import Model, RoutingTable
from whichmodel.export.check import check_names
from whichmodel.export.location import locate, location
from whichmodel.export.notes import category_comments, preamble, task_comments, unsaid
from whichmodel.export.rates import Rates, rates
from whichmodel.export.serving import Service, Serving, serve
from whichmodel.export.vllm_evidence import Evidence, evaluation, evidence, first_is_chosen, selector
from whichmodel.export.yaml_text import comment, dump, indented

PROVIDERS: Mapping[str, str] = {
    "anthropic": "anthropic",
    "google": "gemini",
    "grok": "xai",
    "groq": "groq",
    "hf-inference-providers": "hugging-face",
    "mistral": "mistral",
    "openai": "openai",
    "openrouter": "openrouter",
    "together": "together",
}
"""Inspect's providers -> the router's, which knows their addresses."""
OWN_ADDRESS: Mapping[str, str] = {"openai": "openai-compatible", "anthropic": "anthropic-compatible"}
"""Protocol -> the router's provider of endpoints at an address of their own."""
KEY = "task"
"""The key of a request's metadata that names its task."""
LISTENER: Mapping[str, object] = {"name": "http-8899", "address": "0.0.0.0", "port": 8899, "timeout": "300s"}
"""The package's own; the router runs in a container, whose port is published."""
RETRIED = [429, 500, 502, 503, 504]
PER_ATTEMPT, IN_ALL = "120s", "300s"
"""Without them 10 s and 30 s, less than many answers take."""
MILLION = 1_000_000
CHECKED = (
    "Checked by `vllm-sr config validate` and its schema (vllm-sr 0.4.0), not with traffic.",
    "Start: vllm-sr serve --config <this file>",
    'Ask for a task, or for a category, by the request\'s metadata: {"metadata": {"task": "..."}}.',
    "Read in the router's source and not tried: `fallback` asks the next of a decision's `modelRefs`, and",
    "`weight` divides requests by session: one without a session goes to the first.",
)


def render(table: RoutingTable, models: Mapping[str, Model]) -> str:
    """The whole file.

    models: every model that the table routes to, by id. Raises CheckFailed for a table that no file may be
    made of.
    """
    serving = serve(table, models, _refusal, _name_refusal)
    candidates = {service.route.task: _candidates(service) for service in serving.services}
    named = {model.id: model for model in chain.from_iterable(candidates.values())}
    check_names(
        f"vLLM Semantic Router file of {table.organisation}",
        tasks=[route.task for route in table.routes],
        left_out=[left.task for left in serving.left_out],
        defined=[*candidates, *named],
        referenced=[*(alias.task for alias in serving.aliases), *named],
    )
    found = {service.route.task: evidence(service, table) for service in serving.services}
    parts = [
        preamble("Configuration of the vLLM Semantic Router", table, serving, CHECKED),
        dump({"version": "v0.3", "listeners": [dict(LISTENER)]}),
        "providers:\n  models:\n" + "".join(indented(_provider(m, table), 2) for m in named.values()),
        dump({"evaluation": evaluation(each for each in found.values() if each)}),
        category_comments(serving) + dump({"routing": _routing(serving, sorted(named))}) + "  decisions:\n",
        "".join(
            indented(_decision(each, found[each.route.task], table), 2) + "\n" for each in serving.services
        ).rstrip("\n")
        + "\n",
    ]
    return "\n".join(parts[:-1]) + parts[-1]


def _candidates(service: Service) -> tuple[Model, ...]:
    """The models of a decision: those of a split, the larger part first, else all in order of trial."""
    if len(service.parts) > 1:
        return tuple(part.model for part in service.parts)
    return service.models


def _provider(model: Model, table: RoutingTable) -> str:
    """One model: where it is, its key by the name of its variable, its price."""
    found = location(model)
    backend = {
        "name": "primary",
        "provider": OWN_ADDRESS[found.protocol] if found.own else PROVIDERS[found.driver],
        "base_url": found.address if found.own else None,
        "api_key_env": found.key_env,
    }
    known = rates(model, table.created_at)
    entry = {
        "name": model.id,
        "provider_model_id": found.name,
        "pricing": _pricing(known) if known else None,
        "reasoning": _reasoning(model.settings.reasoning_effort),
        "backend_refs": [_present(backend)],
    }
    note = f"Price: {known.source}, {known.dated}." if known else "Price unknown, so none is given."
    return comment(note) + unsaid(model, ["reasoning_effort"]) + dump([_present(entry)])


def _pricing(known: Rates) -> dict[str, object]:
    units = {
        "prompt_per_1m": known.input,
        "completion_per_1m": known.output,
        "cached_input_per_1m": known.cached,
        "cache_write_per_1m": known.cache_write,
    }
    each = {unit: float(rate * MILLION) for unit, rate in units.items() if rate is not None}
    return {"currency": "USD", **each}


def _reasoning(effort: str | None) -> dict[str, object] | None:
    """A model that was measured with an effort has that one and no other."""
    if effort is None:
        return None
    name = "reasoning_effort"
    return {"type": name, "parameter": name, "levels": [effort], "default": effort}


def _routing(serving: Serving, named: list[str]) -> dict[str, object]:
    """All of `routing` but its decisions."""
    also: dict[str, list[str]] = {}
    for alias in serving.aliases:
        also.setdefault(alias.task, []).append(alias.category)
    tasks = [service.route.task for service in serving.services]
    signals = [{"name": task, "key": KEY, "predicate": {"in": [task, *also.get(task, [])]}} for task in tasks]
    attempts = max(len(service.models) for service in serving.services)
    fallback = {
        "version": 1,
        "enabled": attempts > 1,
        "max_attempts": attempts,
        "per_attempt_timeout": PER_ATTEMPT,
        "total_timeout": IN_ALL,
        "retryable_status_codes": RETRIED,
    }
    return {
        "modelCards": [{"name": name} for name in named],
        "signals": {"metadata": signals},
        "fallback": fallback,
    }


def _decision(service: Service, found: Evidence | None, table: RoutingTable) -> str:
    """One task. By evidence where that comes out at the table's model, else by the order of its models."""
    task, candidates = service.route.task, _candidates(service)
    weighed = found is not None and first_is_chosen(found, candidates, table)
    parts = {part.model.id: part.share for part in service.parts} if len(service.parts) > 1 else {}
    entry = {
        "name": task,
        "priority": 100,
        "rules": {"operator": "AND", "conditions": [{"type": "metadata", "name": task}]},
        "modelRefs": [_ref(model, parts.get(model.id)) for model in candidates],
        "algorithm": selector(found) if found and weighed else {"type": "static"},
    }
    return task_comments(service) + dump([entry])


def _ref(model: Model, part: float | None) -> dict[str, object]:
    effort = model.settings.reasoning_effort
    ref = {"model": model.id, "weight": part, "use_reasoning": effort is not None, "reasoning_effort": effort}
    return _present(ref)


def _refusal(model: Model) -> str:
    """Why the router cannot serve a model. "" = it can."""
    found = locate(model)
    if isinstance(found, str):
        return found
    if model.answers == "image":
        return "draws images"
    if "${" in model.id + found.name + found.address:
        return "has `${` in its name, which the router replaces"
    if found.own and found.protocol == "google":
        return "speaks Google's own protocol at an address of its own"
    if not found.own and found.driver not in PROVIDERS:
        return f"is of Inspect's `{found.driver}`, which the router has no provider for"
    return ""


def _name_refusal(task: str) -> str:
    if "${" in task:
        return "has `${`, which the router replaces"
    return "" if task and task == task.strip() else "begins or ends with a space"


def _present(values: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value is not None}
