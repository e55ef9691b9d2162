"""Routing table -> configuration of Plano (its `model_providers`, `model_aliases`, `routing_preferences`).

A task is an alias of one model. Checked by the schema and the loader of the package `planoai` 0.4.39, not
with traffic: the gateway itself is fetched when it starts. docs/guides/gateways.md says what was read in its
source, and why the preferences stand in comments.
"""

from __future__ import annotations

from collections.abc import Mapping

from whichmodel.domain import Model, RoutingTable
from whichmodel.export.check import check_names, named_by
from whichmodel.export.location import Location, locate, location
from whichmodel.export.notes import category_comments, preamble, task_comments, unsaid
from whichmodel.export.serving import Refusal, Service, Serving, serve
from whichmodel.export.yaml_text import comment, dump, indented

PROVIDERS: Mapping[str, str] = {
    "anthropic": "anthropic",
    "google": "gemini",
    "grok": "xai",
    "groq": "groq",
    "mistral": "mistral",
    "openai": "openai",
    "openrouter": "openrouter",
    "together": "together_ai",
}
"""Inspect's providers -> Plano's, which knows their addresses."""
BY_PROTOCOL: Mapping[str, str] = {"openai": "openai", "anthropic": "anthropic"}
"""Protocol -> Plano's provider of an endpoint whose address the file gives."""
LISTENER: Mapping[str, object] = {"type": "model", "name": "model_listener", "port": 12000}
CHECKED = (
    "Checked by the schema and the loader of planoai 0.4.39, not with traffic.",
    "Start: planoai up <this file>. Ask for a task, or for a category, as the `model` of a request.",
    "An alias has one model: Plano has no percent split, and no fallback but by preferences (at the end).",
)
PREFERENCES = (
    "Not switched on: Plano's own choice by what a request says. Its router model then reads every request",
    "and comes before the alias. Unless `overrides.llm_routing_model` names one of yours, Plano hosts it and",
    "gets your prompts. A preference has its models in order of trial, for a caller who tries again.",
)


def render(table: RoutingTable, models: Mapping[str, Model]) -> str:
    """The whole file.

    models: every model that the table routes to, by id. Raises CheckFailed for a table that no file may be
    made of.
    """
    serving = serve(table, models, _refusal(table, models), _name_refusal)
    in_turn = {service.route.task: service.models for service in serving.services}
    providers = {_qualified(model): model for trial in in_turn.values() for model in trial}
    targets = {task: location(trial[0]).name for task, trial in in_turn.items()}
    targets |= {alias.category: targets[alias.task] for alias in serving.aliases}
    served = [location(model).name for model in providers.values()]
    check_names(
        f"Plano file of {table.organisation}",
        tasks=[route.task for route in table.routes],
        left_out=[left.task for left in serving.left_out],
        defined=[*targets, *served],
        referenced=targets.values(),
    )
    entries = [_provider(name, model) for name, model in providers.items()]
    aliases = [
        task_comments(service, splits=False)
        + unsaid(in_turn[service.route.task][0], ())
        + _alias(service.route.task, targets)
        for service in serving.services
    ]
    aliases += [category_comments(serving)] + [_alias(alias.category, targets) for alias in serving.aliases]
    return "\n".join(
        [
            preamble("Plano configuration", table, serving, CHECKED),
            dump({"version": "v0.4.0", "listeners": [dict(LISTENER)]}),
            "model_providers:\n" + "".join(entries),
            "model_aliases:\n" + indented("".join(aliases), 2),
            _preferences(serving, in_turn),
        ]
    )


def _provider(name: str, model: Model) -> str:
    """One model: where it is, its key by the name of its variable."""
    found = location(model)
    entry: dict[str, object] = {"model": name}
    if _given(found):
        entry["base_url"] = found.address
    if found.key_env:
        entry["access_key"] = f"${found.key_env}"
    return dump([entry])


def _alias(name: str, targets: Mapping[str, str]) -> str:
    return dump({name: {"target": targets[name]}})


def _preferences(serving: Serving, in_turn: Mapping[str, tuple[Model, ...]]) -> str:
    """The preferences as comments: valid as they stand once their marks are gone."""
    entries = [_preference(service, in_turn[service.route.task]) for service in serving.services]
    block = dump({"routing_preferences": entries}).rstrip("\n").split("\n")
    return "".join(comment(line) for line in PREFERENCES) + "".join(f"# {line}\n" for line in block)


def _preference(service: Service, trial: tuple[Model, ...]) -> dict[str, object]:
    task = service.route.task
    return {
        "name": task,
        "description": f"requests of the task {task}",
        "models": list(dict.fromkeys(_qualified(model) for model in trial)),
        "selection_policy": {"prefer": "none"},
    }


def _refusal(table: RoutingTable, models: Mapping[str, Model]) -> Refusal:
    """Why Plano cannot serve a model.

    It knows a model by its name alone, whatever the address, and keeps one port for a provider's host: of
    those that differ in nothing else, the one that the table names first is served.
    """
    names: dict[str, Location] = {}
    hosts: dict[tuple[str, str], tuple[bool, int]] = {}
    for model in (models[name] for route in table.routes for name in named_by(route) if name in models):
        if not _unfit(model):
            found = location(model)
            names.setdefault(found.name, found)
            hosts.setdefault((_interface(found), found.host), (found.secure, found.port))

    def refusal(model: Model) -> str:
        if reason := _unfit(model):
            return reason
        found = location(model)
        if names[found.name] != found:
            return f"has the name {found.name}, which Plano has from {names[found.name].address} already"
        if hosts[_interface(found), found.host] != (found.secure, found.port):
            return f"is at another port of {found.host}, and Plano keeps one"
        return ""

    return refusal


def _unfit(model: Model) -> str:
    """Why Plano cannot serve a model, whatever else the table names. "" = it can."""
    found = locate(model)
    if isinstance(found, str):
        return found
    if model.answers == "image":
        return "draws images"
    if "$" in found.name + found.address or found.name.endswith("*"):
        return "has `$` or `*` in its name, which Plano replaces"
    if _given(found) and found.protocol == "google":
        return "speaks Google's own protocol at an address of its own"
    return ""


def _name_refusal(task: str) -> str:
    return "has `$`, which Plano replaces" if "$" in task else ""


def _given(found: Location) -> bool:
    """Whether the file has to give the address."""
    return found.own or found.driver not in PROVIDERS


def _interface(found: Location) -> str:
    return BY_PROTOCOL.get(found.protocol, "") if _given(found) else PROVIDERS[found.driver]


def _qualified(model: Model) -> str:
    """`provider/model` as Plano reads it."""
    found = location(model)
    return f"{_interface(found)}/{found.name}"
