"""Where a model is and what is spoken there, in full: for gateways that know few providers by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from whichmodel.domain import Model
from whichmodel.domain.driver import driver
from whichmodel.domain.provider import address_variables

Protocol = Literal["openai", "anthropic", "google"]
PROTOCOLS: Mapping[str, Protocol] = {"anthropic": "anthropic", "google": "google"}
"""Drivers that speak a protocol of their own. All others with an address speak OpenAI's."""
ADDRESSES: Mapping[str, str] = {
    "grok": "https://api.x.ai/v1",
    "openai-images": "https://api.openai.com/v1",
}
"""Addresses that speak OpenAI's protocol, of drivers that reach their models in another way or list none."""


@dataclass(frozen=True, slots=True)
class Location:
    """How a model is reached over HTTP."""

    driver: str
    """Inspect's provider, with its service where that is a driver of its own."""
    protocol: Protocol
    address: str
    """Without a slash at its end. OpenAI's protocol: what comes before `/chat/completions`."""
    own: bool
    """The address is the model's own, not the provider's public one."""
    name: str
    """The model's name in a request."""
    key_env: str | None
    """The variable that holds the key. None = none is needed."""

    @property
    def host(self) -> str:
        """Name or number, without the port."""
        return urlsplit(self.address).hostname or ""

    @property
    def port(self) -> int:
        """The scheme's own where the address names none."""
        return urlsplit(self.address).port or (443 if self.secure else 80)

    @property
    def path(self) -> str:
        """Without a slash at its end; "" = none."""
        return urlsplit(self.address).path

    @property
    def secure(self) -> bool:
        """Whether it is reached by TLS."""
        return urlsplit(self.address).scheme == "https"


def locate(model: Model) -> Location | str:
    """How a model is reached, or why no gateway can be told how."""
    found = driver(model.inspect_name)
    if refusal := _unreachable(model):
        return refusal
    address = model.base_url or found.address or ADDRESSES.get(found.name, "")
    if not address:
        variables = address_variables(model.inspect_name)
        stands = f"stands in {' or '.join(variables)} alone" if variables else "is not known here"
        return f"has an address that {stands}: give it a `base_url`"
    return Location(
        driver=found.name,
        protocol=PROTOCOLS.get(found.name, "openai"),
        address=address.rstrip("/"),
        own=model.base_url is not None,
        name=model.wire_name,
        key_env=model.key_env,
    )


def _unreachable(model: Model) -> str:
    """Why a model has no address that a gateway could ask. "" = it may have one."""
    found = driver(model.inspect_name)
    if model.baseline or found.name == "python":
        return "runs in your own process"
    if found.name in ("replay", "mockllm") or (model.simulated and model.base_url is None):
        return "is simulated and nowhere served"
    if found.accounts or found.name in ("openai/azure", "anthropic/azure", "azureai"):
        return "is reached by a cloud account, which this file does not describe"
    if found.name == "hf-images":
        return "is drawn by Hugging Face's own protocol"
    return ""


def location(model: Model) -> Location:
    """Of a model that can be reached."""
    found = locate(model)
    assert isinstance(found, Location)
    return found
