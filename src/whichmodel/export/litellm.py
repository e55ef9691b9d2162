"""Routing table -> configuration of the LiteLLM proxy (its `model_list` and `router_settings`).

Each task is a `model_name` of its own, its fallbacks are deployments under their model ids. What LiteLLM
does with each part was measured with version 1.106.2; docs/guides/gateways.md says how.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from whichmodel.domain import Model, RoutingTable
from whichmodel.export.check import check_names
from whichmodel.export.endpoint import NO_KEY, Endpoint, endpoint, versioned
from whichmodel.export.notes import ambiguous, decision, heading, remarks
from whichmodel.export.rates import rates
from whichmodel.export.serving import Serving, serve
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
GOOGLE_VERSION = "/v1beta"
"""Google's SDK adds it to an address, LiteLLM does not."""
START = (
    "Start: LITELLM_LOCAL_MODEL_COST_MAP=True LITELLM_MASTER_KEY=sk-<32 random characters>"
    " litellm --config <this file>"
)
ASK = "Ask for a task, or for a category, as the `model` of a request."


def render(table: RoutingTable, models: Mapping[str, Model]) -> str:
    """The whole file.

    models: every model that the table routes to, by id. Raises CheckFailed for a table that no file may be
    made of.
    """
    serving = serve(table, models, _refusal, _name_refusal)
    fallbacks = _fallbacks(serving)
    category = {alias.category: alias.task for alias in serving.aliases}
    spare = {model.id: model for service in serving.services for model in service.fallbacks}
    check_names(
        f"LiteLLM file of {table.organisation}",
        tasks=[route.task for route in table.routes],
        left_out=[left.task for left in serving.left_out],
        defined=[*(service.route.task for service in serving.services), *spare, *category],
        referenced=[*category.values(), *fallbacks, *(name for ids in fallbacks.values() for name in ids)],
    )
    settings = {
        "routing_strategy": "simple-shuffle",
        "num_retries": 1,
        "model_group_alias": category,
        "fallbacks": [{name: ids} for name, ids in fallbacks.items()],
    }
    listed = "".join(_deployments(table, serving, spare.values()))
    routing = _comments(ambiguous(serving)) + dump({"router_settings": settings})
    lines = [*heading("LiteLLM proxy configuration", table, serving), START, ASK]
    return f"{_comments(lines)}\nmodel_list:\n{listed}\n{routing}"


def _name_refusal(task: str) -> str:
    """LiteLLM repeats a name that is asked for in a header of its answer; where it cannot, it breaks off."""
    sayable = task.isascii() and task.isprintable() and task == task.strip()
    return "" if sayable else "stands in no header, where LiteLLM repeats it: printable ASCII does"


def _deployments(table: RoutingTable, serving: Serving, spare: Iterable[Model]) -> Iterator[str]:
    """Each task with those that share its requests, then each fallback once."""
    for service in serving.services:
        yield "\n" + _comments([decision(service), *remarks(service)])
        for part in service.parts:
            weight = part.share if len(service.parts) > 1 else None
            yield _block(service.route.task, part.model, table, weight)
    for model in spare:
        yield "\n" + comment(f"Fallback {model.id}.") + _block(model.id, model, table)


def _block(name: str, model: Model, table: RoutingTable, weight: float | None = None) -> str:
    """One deployment with the note of its price."""
    info, note = _info(model, table)
    entry = {"model_name": name, "litellm_params": _params(model, weight), "model_info": info}
    return comment(note) + dump([entry])


def _params(model: Model, weight: float | None) -> dict[str, object]:
    """What LiteLLM needs to ask the model just as it was measured."""
    found = endpoint(model, PROVIDERS, "LiteLLM")
    assert isinstance(found, Endpoint)
    address = found.address or _variable(found.address_env)
    if address and found.provider == "gemini":
        address = versioned(address, GOOGLE_VERSION)
    params = {
        "model": f"{found.provider}/{found.name}",
        "api_base": address,
        "api_key": _variable(found.key_env) or (NO_KEY if address else None),
        "reasoning_effort": model.settings.reasoning_effort,
        "temperature": model.settings.temperature,
        "max_tokens": model.settings.max_tokens,
        "weight": weight,
    }
    return {key: value for key, value in params.items() if value is not None}


def _variable(name: str | None) -> str | None:
    return f"os.environ/{name}" if name else None


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


def _refusal(model: Model) -> str:
    found = endpoint(model, PROVIDERS, "LiteLLM")
    return found if isinstance(found, str) else ""


def _fallbacks(serving: Serving) -> dict[str, list[str]]:
    """Task or category -> ids in order of trial. LiteLLM looks a category's up by its own name."""
    by_task = {service.route.task: [model.id for model in service.fallbacks] for service in serving.services}
    by_category = {alias.category: by_task[alias.task] for alias in serving.aliases}
    return {name: ids for name, ids in (by_task | by_category).items() if ids}


def _comments(lines: Iterable[str]) -> str:
    return "".join(comment(line) for line in lines)
