"""Routing table -> configuration of the LiteLLM proxy (its `model_list` and `router_settings`).

Each task is a `model_name` of its own, its fallbacks are deployments under their model ids. What LiteLLM
does with each part was measured with version 1.106.2; docs/guides/gateways.md says how.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from whichmodel.domain import Model, RoutingTable
from whichmodel.export.check import check_names
from whichmodel.export.rates import rates
from whichmodel.export.serving import Service, Serving, serve
from whichmodel.export.yaml_text import comment, dump

PROVIDERS: Mapping[str, str] = {
    "anthropic": "anthropic",
    "anthropic/bedrock": "bedrock",
    "anthropic/vertex": "vertex_ai",
    "azureai": "azure_ai",
    "bedrock": "bedrock",
    "deepseek": "deepseek",
    "fireworks": "fireworks_ai",
    "google": "gemini",
    "google/vertex": "vertex_ai",
    "grok": "xai",
    "groq": "groq",
    "mistral": "mistral",
    "openai": "openai",
    "openai-images": "openai",
    "openai/azure": "azure",
    "openrouter": "openrouter",
    "perplexity": "perplexity",
    "together": "together_ai",
    "vllm": "hosted_vllm",
}
"""Inspect's provider (with its service, where it has one) -> LiteLLM's."""
OPENAI_PROTOCOL: Mapping[str, str] = {
    "hf-inference-providers": "https://router.huggingface.co/v1",
    "ollama": "http://localhost:11434/v1",
}
"""Providers that are measured over OpenAI's protocol, at this address unless the model has its own."""
NO_KEY = "none"
"""Without an `api_key`, LiteLLM sends OPENAI_API_KEY of its environment to whatever address it is given."""
GOOGLE_VERSION = "/v1beta"
"""Google's SDK adds it to an address, LiteLLM does not."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where LiteLLM finds a model."""

    name: str
    """`provider/model` as LiteLLM reads it."""
    api_base: str | None
    """None = the provider's own."""
    api_key: str | None
    """A reference to an environment variable. None = LiteLLM finds the credentials itself."""


def render(table: RoutingTable, models: Mapping[str, Model]) -> str:
    """The whole file.

    models: every model that the table routes to, by id. Raises CheckFailed for a table that no file may be
    made of.
    """
    serving = serve(table, models, _refusal)
    fallbacks = _fallbacks(serving)
    aliases = {alias.category: alias.task for alias in serving.aliases}
    deployments = list(_deployments(table, serving))
    check_names(
        f"LiteLLM file of {table.organisation}",
        tasks=[route.task for route in table.routes],
        left_out=[left.task for left in serving.left_out],
        defined=[*(name for name, _ in deployments), *aliases],
        referenced=[*aliases.values(), *fallbacks, *(name for ids in fallbacks.values() for name in ids)],
    )
    body = "".join(text for _, text in deployments)
    listed = f"model_list:\n{body}" if body else "model_list: []\n"
    settings = {
        "routing_strategy": "simple-shuffle",
        "num_retries": 1,
        "model_group_alias": aliases,
        "fallbacks": [{name: ids} for name, ids in fallbacks.items()],
    }
    routing = _alias_notes(serving) + dump({"router_settings": settings})
    return f"{_header(table, serving)}\n{listed}\n{routing}"


def _deployments(table: RoutingTable, serving: Serving) -> Iterator[tuple[str, str]]:
    """(model_name, its block): each task with its first model, then each fallback once."""
    for service in serving.services:
        first = service.models[0]
        yield service.route.task, _task_notes(service) + _block(service.route.task, first, table)
    spare = {model.id: model for service in serving.services for model in service.models[1:]}
    for model in spare.values():
        yield model.id, "\n" + comment(f"Fallback {model.id}.") + _block(model.id, model, table)


def _block(name: str, model: Model, table: RoutingTable) -> str:
    """One deployment with the note of its price."""
    info, note = _info(model, table)
    entry = {"model_name": name, "litellm_params": _params(model), "model_info": info}
    return comment(note) + dump([entry])


def _params(model: Model) -> dict[str, object]:
    """What LiteLLM needs to ask the model just as it was measured."""
    target = _target(model)
    assert isinstance(target, Target)
    params = {
        "model": target.name,
        "api_base": target.api_base,
        "api_key": target.api_key,
        "reasoning_effort": model.settings.reasoning_effort,
        "temperature": model.settings.temperature,
        "max_tokens": model.settings.max_tokens,
    }
    return {key: value for key, value in params.items() if value is not None}


def _info(model: Model, table: RoutingTable) -> tuple[dict[str, object], str]:
    """LiteLLM's `model_info`, and where its prices come from."""
    info: dict[str, object] = {"mode": "image_generation" if model.answers == "image" else "chat"}
    found = rates(model, table.created_at)
    if found is None:
        return info, "Price unknown here, so none is given: LiteLLM counts 0.0 unless its own list has one."
    units = {
        "input_cost_per_token": found.input,
        "output_cost_per_token": found.output,
        "cache_read_input_token_cost": found.cached,
        "cache_creation_input_token_cost": found.cache_write,
        "output_cost_per_image": found.image,
    }
    info |= {key: float(rate) for key, rate in units.items() if rate is not None}
    return info, f"Price: {found.source}, {found.dated}."


def _target(model: Model) -> Target | str:
    """Where LiteLLM finds a model, or why it cannot serve it."""
    if model.baseline or model.inspect_name.startswith("python/"):
        return "runs in your own process"
    if model.simulated and model.base_url is None:
        return "is simulated and nowhere served"
    provider, _, rest = model.inspect_name.partition("/")
    service, _, deep = rest.partition("/")
    if provider == "openai-api":
        return _openai_service(model, service, deep)
    if provider in OPENAI_PROTOCOL:
        return Target(f"openai/{rest}", model.base_url or OPENAI_PROTOCOL[provider], _key(model) or NO_KEY)
    if f"{provider}/{service}" in PROVIDERS:
        provider, rest = f"{provider}/{service}", deep
    if provider not in PROVIDERS:
        return f"LiteLLM has no provider for Inspect's `{provider}`"
    if provider == "vllm" and model.base_url is None:
        return "has no address: give it a `base_url`"
    address = model.base_url
    if provider == "google" and address and not address.rstrip("/").endswith(GOOGLE_VERSION):
        address = address.rstrip("/") + GOOGLE_VERSION
    return Target(f"{PROVIDERS[provider]}/{rest}", address, _key(model) or (NO_KEY if address else None))


def _openai_service(model: Model, service: str, name: str) -> Target:
    """An endpoint that speaks OpenAI's protocol; what is not given stands in the variables Inspect reads."""
    variable = service.upper().replace("-", "_")
    address = model.base_url or f"os.environ/{variable}_BASE_URL"
    key = _key(model) or (NO_KEY if model.base_url else f"os.environ/{variable}_API_KEY")
    return Target(f"openai/{name}", address, key)


def _key(model: Model) -> str | None:
    return f"os.environ/{model.key_env}" if model.key_env else None


def _refusal(model: Model) -> str:
    target = _target(model)
    return target if isinstance(target, str) else ""


def _fallbacks(serving: Serving) -> dict[str, list[str]]:
    """Task or category -> ids in order of trial. LiteLLM looks a category's up by its own name."""
    by_task = {service.route.task: [model.id for model in service.models[1:]] for service in serving.services}
    by_category = {alias.category: by_task[alias.task] for alias in serving.aliases}
    return {name: ids for name, ids in (by_task | by_category).items() if ids}


def _task_notes(service: Service) -> str:
    route = service.route
    first = service.models[0].id
    notes = comment(f"{route.task} ({route.category}): {route.model}, {route.status.value}. {route.why}")
    for passed in service.passed_over:
        notes += comment(f"Not served by a gateway: {passed}.")
    if first != route.model:
        notes += comment(f"So {first} answers, the first fallback that can be served.")
    return "\n" + notes


def _alias_notes(serving: Serving) -> str:
    notes = ""
    for alias in serving.aliases:
        if alias.differing:
            others = ", ".join(alias.differing)
            notes += comment(f"{alias.category} is answered as {alias.task}. Another model answers {others}.")
    return notes


def _header(table: RoutingTable, serving: Serving) -> str:
    rule = table.rule
    lines = [
        f"LiteLLM proxy configuration of {table.organisation}, made of its routing table by whichmodel.",
        f"Table of {_time(table.created_at)}, expires {_time(table.expires_at)}.",
        f"Rule: {rule.objective} to {rule.reference}, delta {rule.delta}, alpha {rule.alpha}.",
    ]
    if table.simulated:
        lines.append("SIMULATED: measured on invented models. Not for real traffic.")
    lines += [f"Left out: {left.task}, {left.reason}." for left in serving.left_out]
    lines += [
        "Start: LITELLM_LOCAL_MODEL_COST_MAP=True LITELLM_MASTER_KEY=sk-... litellm --config <this file>",
        "Ask for a task, or for a category, as the `model` of a request.",
    ]
    return "".join(comment(line) for line in lines)


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
