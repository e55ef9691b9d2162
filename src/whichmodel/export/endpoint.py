"""A measured model as a gateway asks it: provider in the gateway's own word, address, variable of the key.

The same for every gateway but for the providers that it knows. A key is only ever the name of a variable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from whichmodel.domain import Model

OPENAI = "openai"
"""What every gateway here calls OpenAI's protocol, wherever it is spoken."""
OPENAI_PROTOCOL: Mapping[str, str] = {
    "hf-inference-providers": "https://router.huggingface.co/v1",
    "ollama": "http://localhost:11434/v1",
}
"""Providers that are measured over OpenAI's protocol, at this address unless the model has its own."""
SPEAK_OPENAI = frozenset(
    {"deepseek", "fireworks", "grok", "groq", "mistral", "openrouter", "perplexity", "together", "vllm"}
)
"""Providers whose own address, too, is one of OpenAI's protocol."""
NO_KEY = "none"
"""What is sent where a gateway wants a key and the endpoint wants none."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a gateway finds a model."""

    provider: str
    """In the gateway's own word."""
    name: str
    """Of the model, as its provider knows it."""
    address: str | None
    """None = the provider's own, or the one that `address_env` names."""
    address_env: str | None
    """Environment variable with the address. None = there is none."""
    key_env: str | None
    """Environment variable with the key. None = none is needed, or the gateway finds credentials itself."""


def endpoint(model: Model, providers: Mapping[str, str], gateway: str) -> Endpoint | str:
    """Where a gateway finds a model, or why it cannot serve it, in words.

    providers: Inspect's provider (with its service, where it has one) -> the gateway's. gateway: for the
    words.
    """
    if model.baseline or model.inspect_name.startswith("python/"):
        return "runs in your own process"
    if model.simulated and model.base_url is None:
        return "is simulated and nowhere served"
    provider, _, rest = model.inspect_name.partition("/")
    service, _, deep = rest.partition("/")
    if provider == "openai-api":
        return _openai_service(model, service, deep)
    if provider in OPENAI_PROTOCOL:
        return Endpoint(OPENAI, rest, model.base_url or OPENAI_PROTOCOL[provider], None, model.key_env)
    if f"{provider}/{service}" in providers:
        provider, rest = f"{provider}/{service}", deep
    if provider not in providers:
        return f"the export to {gateway} knows no provider for Inspect's `{provider}`"
    if provider == "vllm" and model.base_url is None:
        return "has no address: give it a `base_url`"
    return Endpoint(providers[provider], rest, model.base_url, None, model.key_env)


def _openai_service(model: Model, service: str, name: str) -> Endpoint:
    """An endpoint that speaks OpenAI's protocol; what is not given stands in the variables Inspect reads."""
    if model.base_url:
        return Endpoint(OPENAI, name, model.base_url, None, model.key_env)
    variable = service.upper().replace("-", "_")
    return Endpoint(OPENAI, name, None, f"{variable}_BASE_URL", model.key_env or f"{variable}_API_KEY")


def versioned(address: str, version: str) -> str:
    """An address with the API's version at its end, which a provider's SDK adds and a gateway does not."""
    plain = address.rstrip("/")
    return plain if plain.endswith(version) else plain + version


def over_openai(found: Endpoint, model: Model) -> Endpoint:
    """The endpoint asked by OpenAI's protocol, where that is spoken at an address of its own."""
    speaks = model.inspect_name.partition("/")[0] in SPEAK_OPENAI
    return replace(found, provider=OPENAI) if speaks and found.address else found
