"""Routing table -> configuration of TensorZero: a function for each task and category, a model for each one.

A function's variants are the models of its task; `experimentation` says who gets which part of the requests
and who is asked next. What TensorZero does with each part was measured with version 2026.6.0;
docs/guides/gateways.md says how.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from whichmodel.domain import Model, RoutingTable
from whichmodel.export.check import check_names
from whichmodel.export.endpoint import NO_KEY, OPENAI, Endpoint, endpoint, over_openai, versioned
from whichmodel.export.notes import answered_as, decision, heading, remarks
from whichmodel.export.serving import Service, Serving, serve
from whichmodel.export.toml_text import Value
from whichmodel.export.toml_text import table as toml
from whichmodel.export.yaml_text import comment

PROVIDERS: Mapping[str, str] = {
    "anthropic": "anthropic",
    "deepseek": "deepseek",
    "fireworks": "fireworks",
    "google": "google_ai_studio_gemini",
    "grok": "xai",
    "groq": "groq",
    "mistral": "mistral",
    "openai": "openai",
    "openrouter": "openrouter",
    "together": "together",
    "vllm": "vllm",
}
"""Inspect's provider -> TensorZero's."""
TAKE_AN_ADDRESS = frozenset({"anthropic", OPENAI})
ANTHROPIC_VERSION = "/v1"
"""Anthropic's SDK adds it to an address, TensorZero does not."""
ANTHROPIC_TOKENS = 4096
"""Anthropic's protocol wants a limit, and TensorZero knows none for names that it does not know."""
RETRIES: Mapping[str, Value] = {"num_retries": 1, "max_delay_s": 1.0}
ASK = 'Ask for a task, or for a category, as the function of a request ("tensorzero::function_name::<task>").'


def render(table: RoutingTable, models: Mapping[str, Model]) -> str:
    """The whole file.

    models: every model that the table routes to, by id. Raises CheckFailed for a table that no file may be
    made of.
    """
    serving = serve(table, models, _refusal)
    asked = {model.id: model for service in serving.services for model in service.models}
    functions = {service.route.task: service for service in serving.services}
    check_names(
        f"TensorZero file of {table.organisation}",
        tasks=[route.task for route in table.routes],
        left_out=[left.task for left in serving.left_out],
        defined=[*functions, *(alias.category for alias in serving.aliases)],
        referenced=[alias.task for alias in serving.aliases],
    )
    lines = [*heading("TensorZero configuration", table, serving), _variables(asked.values()), ASK]
    parts = [
        _comments(lines),
        *(_model(model) for model in asked.values()),
        *(
            _comments([decision(service), *remarks(service)]) + _function(service)
            for service in functions.values()
        ),
        *_categories(functions, serving),
    ]
    return "\n".join(parts)


def _categories(functions: Mapping[str, Service], serving: Serving) -> Iterator[str]:
    """TensorZero has no aliases: a category is a function of its own, just like its task's."""
    for alias in serving.aliases:
        yield comment(answered_as(alias)) + _function(functions[alias.task], alias.category)


def _model(model: Model) -> str:
    found = _endpoint(model)
    assert isinstance(found, Endpoint)
    address = found.address
    if address and found.provider == "anthropic":
        address = versioned(address, ANTHROPIC_VERSION)
    asked = {
        "type": found.provider,
        "model_name": found.name,
        "api_base": address,
        "api_key_location": _key_location(found),
    }
    path = ("models", model.id)
    return toml(path, {"routing": [found.provider]}) + toml(
        (*path, "providers", found.provider),
        {key: value for key, value in asked.items() if value is not None},
    )


def _function(service: Service, name: str | None = None) -> str:
    """A function with a variant for each model; `name` None = the task's own."""
    path = ("functions", name or service.route.task)
    first = {part.model.id: part.share for part in service.parts}
    variants = "".join(toml((*path, "variants", model.id), _variant(model)) for model in service.models)
    experiment: dict[str, Value] = {
        "type": "static",
        "candidate_variants": first,
        "fallback_variants": [model.id for model in service.models if model.id not in first],
    }
    return toml(path, {"type": "chat"}) + variants + toml((*path, "experimentation"), experiment)


def _variant(model: Model) -> dict[str, Value]:
    """The model just as it was measured."""
    settings = model.settings
    found = _endpoint(model)
    needs_limit = isinstance(found, Endpoint) and found.provider == "anthropic"
    values: dict[str, Value | None] = {
        "type": "chat_completion",
        "model": model.id,
        "retries": RETRIES,
        "reasoning_effort": settings.reasoning_effort,
        "temperature": settings.temperature,
        "max_tokens": settings.max_tokens or (ANTHROPIC_TOKENS if needs_limit else None),
    }
    return {key: value for key, value in values.items() if value is not None}


def _key_location(found: Endpoint) -> str | None:
    """Where the key is. None = in the variable that TensorZero knows for the provider."""
    if found.key_env:
        return f"env::{found.key_env}"
    if not found.address:
        return None
    return NO_KEY if found.provider == OPENAI else "env::NO_KEY"


def _variables(models: Iterable[Model]) -> str:
    """The line about the environment; TensorZero does not start while one of them is missing."""
    found = [entry for entry in map(_endpoint, models) if isinstance(entry, Endpoint)]
    places = {place for place in map(_key_location, found) if place and place != NO_KEY}
    names = sorted(place.removeprefix("env::") for place in places)
    return f"Variables that have to be set: {', '.join(names) or 'none by name'}."


def _endpoint(model: Model) -> Endpoint | str:
    if model.answers == "image":
        return "TensorZero draws no images"
    found = endpoint(model, PROVIDERS, "TensorZero")
    if isinstance(found, str):
        return found
    if found.address_env:
        return f"TensorZero takes no address from a variable ({found.address_env}): give it a `base_url`"
    found = over_openai(found, model)
    if found.address and found.provider not in TAKE_AN_ADDRESS:
        return f"TensorZero takes no address for {found.provider}"
    return found


def _refusal(model: Model) -> str:
    found = _endpoint(model)
    return found if isinstance(found, str) else ""


def _comments(lines: Iterable[str]) -> str:
    return "".join(comment(line) for line in lines)
