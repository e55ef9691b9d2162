"""The providers of bench.yaml: what is understood where the file names no more than a model's id."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlparse

from whichmodel.domain.driver import DRIVERS, driver


@dataclass(frozen=True, slots=True)
class Provider:
    """The first part of a model's id, and what is understood where bench.yaml does not say it."""

    name: str
    inspect: str
    """What stands before the model's own name in Inspect's."""
    key: str | None = None
    """Variable of the key. None = the driver's."""
    base_url: str | None = None
    """Address. None = the driver's own."""


AS_INSPECT_NAMES = frozenset(found.name for found in DRIVERS) - {"vllm", "llama-cpp-python"} | {
    "cloudflare",
    "deepseek",
    "fireworks",
    "litellm-proxy",
    "meta",
    "mockllm",
    "moonshot",
    "perplexity",
    "sagemaker",
    "sambanova",
}
"""First parts of ids that are Inspect's own providers, whose names are left as they are."""


PROVIDERS: tuple[Provider, ...] = (
    Provider("openai", "openai"),
    Provider("anthropic", "anthropic"),
    Provider("google", "google"),
    Provider("xai", "openai-api/xai", "XAI_API_KEY", "https://api.x.ai/v1"),
    Provider("mistral", "mistral"),
    Provider("together", "openai-api/together", "TOGETHER_API_KEY", "https://api.together.xyz/v1"),
    Provider("groq", "groq"),
    Provider("openrouter", "openrouter"),
    Provider("huggingface", "hf-inference-providers"),
    Provider("azureai", "azureai"),
    Provider("bedrock", "bedrock"),
    Provider("ollama", "openai-api/ollama", base_url="http://127.0.0.1:11434/v1"),
    Provider("replay", "replay"),
)
"""An id with another first part is reached at its `base_url`, over OpenAI's protocol."""
_PROVIDERS = {provider.name: provider for provider in PROVIDERS}


def provider(name: str) -> Provider | None:
    """A provider by the first part of an id; None = one that the table does not know."""
    return _PROVIDERS.get(name)


@dataclass(frozen=True, slots=True)
class Reached:
    """How a model of bench.yaml is reached, everything that the file leaves open filled in."""

    inspect_name: str
    base_url: str | None
    key_env: str | None


def reach(
    model_id: str,
    *,
    inspect_name: str | None = None,
    base_url: str | None = None,
    key_env: str | None = None,
    draws: bool = False,
) -> Reached | None:
    """How a model is reached, from what bench.yaml says of it. None = it has no address at all.

    Own endpoints go through Inspect's `openai-api`: its `vllm` starts a server where no address is given and
    keeps one address for each model's name in a process, and its `ollama` takes no limit on retries.
    """
    first, _, rest = model_id.partition("@")[0].partition("/")
    known = provider(first)
    address = base_url
    if inspect_name:
        name = inspect_name.replace("python:", "python/", 1)
    elif known:
        name = f"{'hf-images' if draws and first == 'huggingface' else known.inspect}/{rest}"
        address = base_url or known.base_url
    elif first in AS_INSPECT_NAMES:
        name = f"{first}/{rest}"
    elif base_url:
        name = f"openai-api/{first}/{rest}"
    else:
        return None
    return Reached(name, address, key_env or (None if base_url else _key(name, known)))


def _key(inspect_name: str, known: Provider | None) -> str | None:
    """The variable that holds the key, where bench.yaml names none."""
    found = driver(inspect_name)
    if found.name != "openai-api":
        return found.keys[0] if found.keys else None
    if known:
        return known.key
    return f"{_service(inspect_name)}_API_KEY"


def address_variables(inspect_name: str) -> tuple[str, ...]:
    """Variables of which one holds the address that a model without `base_url` needs. () = none is needed."""
    found = driver(inspect_name)
    return (f"{_service(inspect_name)}_BASE_URL",) if found.name == "openai-api" else found.addresses


def _service(inspect_name: str) -> str:
    return inspect_name.split("/")[1].upper().replace("-", "_")


def record_path(name: str, base_url: str | None) -> Path:
    """Where a `replay` model's answers lie: in the folder of its `file:` address, else as it is named."""
    return Path(unquote(urlparse(base_url).path)) / name if base_url else Path(name)
