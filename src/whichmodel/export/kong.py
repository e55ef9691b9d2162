"""Routing table -> declarative configuration of Kong with the plugin `ai-proxy-advanced` (3.14 and newer).

A task is the `model_alias` of its targets; their order comes from `weight`. The plugin's part is checked
against its schema of 3.15, not with traffic; docs/guides/gateways.md says what Kong's documentation leaves
open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from whichmodel.domain import Model, RoutingTable
from whichmodel.export.check import check_names
from whichmodel.export.labels import label
from whichmodel.export.location import Location, locate, location
from whichmodel.export.notes import category_comments, preamble, task_comments, unsaid
from whichmodel.export.rates import rates
from whichmodel.export.serving import serve
from whichmodel.export.yaml_text import dump, indented

PROVIDERS: Mapping[str, str] = {
    "anthropic": "anthropic",
    "google": "gemini",
    "grok": "xai",
    "mistral": "mistral",
    "openai": "openai",
}
"""Inspect's providers -> the plugin's, which knows their addresses. Others are given an address."""
BY_PROTOCOL: Mapping[str, str] = {"openai": "openai", "anthropic": "anthropic"}
"""Protocol -> the plugin's provider of an endpoint whose address the file gives."""
CHAT: Mapping[str, str] = {"openai": "/chat/completions", "anthropic": "/v1/messages"}
PLUGIN = "ai-proxy-advanced"
FAILOVER = ["error", "timeout", "http_429", "http_500", "http_502", "http_503", "http_504", "non_idempotent"]
"""Without `non_idempotent` no POST is ever tried elsewhere, and every request is one."""
TIMEOUT_MS = 300_000
HEAVIEST = 1000
"""Weight of a task's first target; each fallback weighs one less than the one before it."""
MILLION = 1_000_000
NEVER_ASKED = "http://localhost:32000"
"""A service needs an address; the plugin asks its own."""
CHECKED = (
    "The plugin's part is checked against the schema of ai-proxy-advanced 3.15, not with traffic.",
    "Start: deck gateway sync <this file>, or as Kong's declarative_config; Kong Gateway 3.14 or newer.",
    "Ask for a task, or for a category, as the `model` of a request to /v1/chat/completions.",
    "Kong documents `model_alias` with one target an alias: try out that fallbacks stay within theirs.",
)


def render(table: RoutingTable, models: Mapping[str, Model]) -> str:
    """The whole file.

    models: every model that the table routes to, by id. Raises CheckFailed for a table that no file may be
    made of.
    """
    serving = serve(table, models, _refusal, _name_refusal)
    in_turn = {service.route.task: service.models for service in serving.services}
    check_names(
        f"Kong file of {table.organisation}",
        tasks=[route.task for route in table.routes],
        left_out=[left.task for left in serving.left_out],
        defined=[*in_turn, *(alias.category for alias in serving.aliases)],
        referenced=[alias.task for alias in serving.aliases],
    )
    targets = [
        task_comments(service, splits=False)
        + _targets(service.route.task, in_turn[service.route.task], table)
        for service in serving.services
    ]
    targets.append(category_comments(serving))
    targets += [_targets(alias.category, in_turn[alias.task], table) for alias in serving.aliases]
    used = [location(model) for trial in in_turn.values() for model in trial]
    head = preamble("Kong configuration", table, serving, (*CHECKED, *_variables(used)))
    top = {"_format_version": "3.0", "services": [_service(table.organisation)]}
    plugin = {"name": PLUGIN, "config": {"balancer": _balancer(in_turn.values()), "model_name_header": True}}
    inner = dump({"plugins": [plugin]}) + indented("targets:\n" + "".join(targets), 4)
    return f"{head}\n{dump(top)}{indented(inner, 4)}"


def _service(organisation: str) -> dict[str, object]:
    """The service and its route; the plugin follows as the route's last key."""
    name = label(organisation)
    route = {"name": f"{name}-chat", "paths": ["/v1/chat/completions"], "methods": ["POST"]}
    return {"name": name, "url": NEVER_ASKED, "routes": [route]}


def _balancer(trials: Iterable[tuple[Model, ...]]) -> dict[str, object]:
    return {
        "algorithm": "priority",
        "retries": max(len(trial) for trial in trials) - 1,
        "failover_criteria": FAILOVER,
        "read_timeout": TIMEOUT_MS,
    }


def _targets(alias: str, trial: tuple[Model, ...], table: RoutingTable) -> str:
    """The models of one name, each a priority group of its own, the heaviest first."""
    return "".join(
        _target(alias, model, max(1, HEAVIEST - place), table) for place, model in enumerate(trial)
    )


def _target(alias: str, model: Model, weight: int, table: RoutingTable) -> str:
    found = location(model)
    options = {
        "upstream_url": f"{found.address}{CHAT[found.protocol]}" if _given(found) else None,
        "anthropic_version": "2023-06-01" if found.protocol == "anthropic" else None,
        "max_tokens": model.settings.max_tokens,
        "temperature": model.settings.temperature,
        **_costs(model, table),
    }
    entry = {
        "route_type": "llm/v1/chat",
        "weight": weight,
        "auth": _auth(found),
        "model": {
            "provider": BY_PROTOCOL[found.protocol] if _given(found) else PROVIDERS[found.driver],
            "name": found.name,
            "model_alias": alias,
            "options": _present(options),
        },
    }
    return unsaid(model, ["max_tokens", "temperature"]) + dump([_present(entry)])


def _costs(model: Model, table: RoutingTable) -> dict[str, float]:
    """By a million tokens; what is unknown is left out."""
    known = rates(model, table.created_at)
    if known is None:
        return {}
    units: dict[str, Decimal | None] = {
        "input_cost": known.input,
        "output_cost": known.output,
        "cache_read_cost": known.cached,
        "cache_write_cost": known.cache_write,
    }
    return {unit: float(rate * MILLION) for unit, rate in units.items() if rate is not None}


def _auth(found: Location) -> dict[str, object] | None:
    """The key as a reference to Kong's vault of environment variables, which is always a whole value."""
    if found.key_env is None:
        return None
    if found.protocol == "anthropic":
        return {"header_name": "x-api-key", "header_value": _vault(found.key_env)}
    if found.protocol == "google":
        return {"param_location": "query", "param_name": "key", "param_value": _vault(found.key_env)}
    return {"header_name": "Authorization", "header_value": _vault(_bearer(found.key_env))}


def _vault(variable: str) -> str:
    return f"{{vault://env/{variable.lower().replace('_', '-')}}}"


def _bearer(variable: str) -> str:
    return f"{variable}_BEARER"


def _variables(used: Iterable[Location]) -> list[str]:
    """The variables that Kong needs. A vault's value cannot be part of a header, so some hold all of it."""
    keys = dict.fromkeys((found.key_env, found.protocol) for found in used if found.key_env)
    return [
        f'Key: export {_bearer(name)}="Bearer ${name}" where Kong starts'
        if protocol == "openai"
        else f"Key: {name}, set where Kong starts"
        for name, protocol in keys
    ]


def _refusal(model: Model) -> str:
    """Why the plugin cannot serve a model. "" = it can."""
    found = locate(model)
    if isinstance(found, str):
        return found
    if model.answers == "image":
        return "draws images, which takes a plugin of its own"
    if "$(" in found.name + found.address or "${{" in found.name + found.address:
        return "has `$(` or `${{` in its name, which Kong replaces"
    if _given(found) and found.protocol == "google":
        return "speaks Google's own protocol at an address of its own"
    return ""


def _name_refusal(task: str) -> str:
    return "has `${{`, which decK replaces" if "${{" in task else ""


def _given(found: Location) -> bool:
    """Whether the file has to give the address."""
    return found.own or found.driver not in PROVIDERS


def _present(values: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value is not None}
