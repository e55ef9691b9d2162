"""Routing table -> Portkey's configuration: JSON that goes with each request as `x-portkey-config`.

A request names its task, or a category, in `x-portkey-metadata`. A key is written as `${NAME}`, to be filled
from the environment by whoever sends the header; any other `$` is escaped, so nothing else is filled. What
Portkey does with each part was measured with version 1.15.2; docs/guides/gateways.md says how.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from whichmodel.domain import Model, RoutingTable
from whichmodel.export.check import check_names
from whichmodel.export.endpoint import NO_KEY, OPENAI, Endpoint, endpoint, over_openai, versioned
from whichmodel.export.notes import ambiguous, heading, remarks
from whichmodel.export.serving import Service, Serving, serve

PROVIDERS: Mapping[str, str] = {
    "anthropic": "anthropic",
    "deepseek": "deepseek",
    "fireworks": "fireworks-ai",
    "google": "google",
    "grok": "x-ai",
    "groq": "groq",
    "mistral": "mistral-ai",
    "openai": "openai",
    "openai-images": "openai",
    "openrouter": "openrouter",
    "perplexity": "perplexity-ai",
    "together": "together-ai",
    "vllm": "openai",
}
"""Inspect's provider -> Portkey's."""
DROP_EFFORT = frozenset(
    {"anthropic", "deepseek", "fireworks-ai", "mistral-ai", "perplexity-ai", "together-ai"}
)
"""Portkey's providers that leave a reasoning effort out in silence."""
ANTHROPIC_VERSION, GOOGLE_VERSION = "/v1", "/v1beta"
"""Portkey adds Google's to an address, and not Anthropic's; with their own SDKs both are added."""
HOST = re.compile(r"[a-z0-9.-]+")
"""Portkey takes no other characters in the name of a host."""
LOCAL = ("localhost", "127.0.0.1", "host.docker.internal")
"""Hosts of this machine that Portkey trusts unless it is told which ones to trust."""
LOCAL_ENDINGS = (".local", ".localdomain", ".internal", ".intranet", ".lan", ".home", ".corp", ".test")
REFERENCE = re.compile(r'("(?:api_key|custom_host)": ")\\u0024')
LIMIT = "Send max_tokens with each request: Anthropic wants one, and Portkey adds none."
FILL = "Fill the variables from the environment, send the whole as the header x-portkey-config."
ASK = 'Name the task, or a category, in the header x-portkey-metadata: {"task": "..."}.'


def render(table: RoutingTable, models: Mapping[str, Model]) -> str:
    """The whole file, in ASCII.

    models: every model that the table routes to, by id. Raises CheckFailed for a table that no file may be
    made of.
    """
    serving = serve(table, models, _refusal)
    named: dict[str, list[str]] = {service.route.task: [service.route.task] for service in serving.services}
    for alias in serving.aliases:
        named[alias.task].append(alias.category)
    check_names(
        f"Portkey file of {table.organisation}",
        tasks=[route.task for route in table.routes],
        left_out=[left.task for left in serving.left_out],
        defined=[name for names in named.values() for name in names],
        referenced=[alias.task for alias in serving.aliases],
    )
    content = {
        "metadata": {"notes": _notes(table, serving)},
        "strategy": {
            "mode": "conditional",
            "conditions": [
                {"query": {"metadata.task": name}, "then": task}
                for task, names in named.items()
                for name in names
            ],
        },
        "retry": {"attempts": 1},
        "targets": [{"name": service.route.task, **_targets(service)} for service in serving.services],
    }
    return _fillable(json.dumps(content, indent=2, allow_nan=False)) + "\n"


def _targets(service: Service) -> dict[str, Any]:
    """Who gets the requests, and who is asked after them."""
    first = _target(service.parts[0].model)
    if len(service.parts) > 1:
        parts = [{"weight": part.share, **_target(part.model)} for part in service.parts]
        first = {"strategy": {"mode": "loadbalance"}, "targets": parts}
    if not service.fallbacks:
        return first
    rest = [_target(model) for model in service.fallbacks]
    return {"strategy": {"mode": "fallback"}, "targets": [first, *rest]}


def _target(model: Model) -> dict[str, Any]:
    """A model just as it was measured. Portkey wants a key for each, even where the endpoint does not."""
    found = _endpoint(model)
    assert isinstance(found, Endpoint)
    address = _address(found)
    limit = "max_completion_tokens" if found.provider == OPENAI and address is None else "max_tokens"
    asked = {
        "model": found.name,
        "reasoning_effort": model.settings.reasoning_effort,
        "temperature": model.settings.temperature,
        limit: model.settings.max_tokens,
    }
    target = {
        "provider": found.provider,
        "api_key": _variable(found.key_env) if found.key_env else NO_KEY,
        "custom_host": address,
        "override_params": {key: value for key, value in asked.items() if value is not None},
    }
    return {key: value for key, value in target.items() if value is not None}


def _address(found: Endpoint) -> str | None:
    """None = the provider's own."""
    if found.address_env:
        return _variable(found.address_env)
    if found.address and found.provider == "anthropic":
        return versioned(found.address, ANTHROPIC_VERSION)
    if found.address and found.provider == "google":
        return found.address.rstrip("/").removesuffix(GOOGLE_VERSION)
    return found.address


def _endpoint(model: Model) -> Endpoint | str:
    found = endpoint(model, PROVIDERS, "Portkey")
    if isinstance(found, str):
        return found
    found = over_openai(found, model)
    host = _host(found)
    if host is not None and not HOST.fullmatch(host):
        return f"Portkey takes no host named '{host}'"
    if model.settings.reasoning_effort and found.provider in DROP_EFFORT:
        return f"Portkey would not pass on the reasoning effort that it was measured with to {found.provider}"
    return found


def _refusal(model: Model) -> str:
    found = _endpoint(model)
    return found if isinstance(found, str) else ""


def _notes(table: RoutingTable, serving: Serving) -> list[str]:
    """What a comment would say; Portkey passes over the key that holds it."""
    asked = {model.id: model for service in serving.services for model in service.models}
    endpoints = [found for found in map(_endpoint, asked.values()) if isinstance(found, Endpoint)]
    variables = {name for found in endpoints for name in (found.key_env, found.address_env) if name}
    lines = heading("Portkey configuration", table, serving)
    for service in serving.services:
        lines += [f"{service.route.task}: {remark}" for remark in remarks(service)]
    lines += ambiguous(serving)
    if any(found.provider == "anthropic" for found in endpoints):
        lines.append(LIMIT)
    if variables:
        lines.append(f"Variables: {', '.join(sorted(variables))}.")
    if hosts := _to_trust(_host(found) for found in endpoints):
        lines.append(
            f"Start the gateway with TRUSTED_CUSTOM_HOSTS={','.join(hosts)}: it refuses them otherwise."
        )
    return [*lines, FILL, ASK]


def _host(found: Endpoint) -> str | None:
    return urlsplit(found.address).hostname if found.address else None


def _to_trust(hosts: Iterable[str | None]) -> list[str]:
    """The hosts that Portkey has to be told of. [] = those that it trusts by itself are enough."""
    known = sorted({host for host in hosts if host})
    refused = [host for host in known if host not in LOCAL and _is_local(host)]
    return [host for host in known if host in LOCAL or host in refused] if refused else []


def _is_local(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host.endswith(LOCAL_ENDINGS)


def _variable(name: str) -> str:
    return f"${{{name}}}"


def _fillable(text: str) -> str:
    """JSON with `$` escaped, but for the beginning of a key or an address."""
    return REFERENCE.sub(r"\1$", text.replace("$", "\\u0024"))
