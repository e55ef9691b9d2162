"""Providers: how Inspect reaches each, what it needs in the environment, which output modes it has.

Read in the providers of inspect-ai 0.3.285 (`inspect_ai/model/_providers`), which is the pinned version.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import unquote, urlparse

OutputMode = Literal["plain", "json", "schema", "tool"]
"""How an answer's form is asked for: by the prompt, as any JSON object, by a schema, as a forced call."""
MODES: tuple[OutputMode, ...] = get_args(OutputMode)
ListProtocol = Literal["openai", "anthropic", "google"]
"""Whose list of models an endpoint speaks."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """Models that a driver cannot ask in a mode, though others of the same driver can."""

    mode: OutputMode
    names: str
    """Regular expression, searched in the name that goes to the provider."""
    why: str
    with_effort: bool = False
    """Only when a reasoning effort is set."""


@dataclass(frozen=True, slots=True)
class Driver:
    """One of Inspect's providers, or ours beside them, by the first parts of Inspect's name of a model."""

    name: str
    modes: tuple[OutputMode, ...] = ("plain",)
    keys: tuple[str, ...] = ()
    """Variables of which one holds the key, the usual one first. () = no key."""
    addresses: tuple[str, ...] = ()
    """Variables of which one holds the address that `base_url` gives otherwise. () = it has its own."""
    accounts: tuple[tuple[str, ...], ...] = ()
    """Sets of variables of which one is complete, where no single key is enough. () = none is needed."""
    package: str = ""
    """What `pip install` needs beside whichmodel. "" = nothing."""
    module: str = ""
    """The module by which one sees that the package is there."""
    lists: ListProtocol | None = None
    address: str = ""
    """Where it lists its models, unless the model has a `base_url`. "" = only there."""
    unfit: tuple[Unfit, ...] = ()


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


_AWS = (("AWS_BEARER_TOKEN_BEDROCK",), ("AWS_PROFILE",), ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
_PLAIN_SCHEMA_TOOL: tuple[OutputMode, ...] = ("plain", "schema", "tool")
_ONLY_RESPONSES = Unfit(
    "json",
    r"gpt-5[^/]*-pro|deep-research",
    "it answers by the Responses API alone, where Inspect has no JSON mode",
)
_NOT_FORCED = Unfit(
    "tool", r"claude-(?:opus-5-5|sonnet-5-5|fable-5-1)", "the model refuses to be forced to call a tool"
)
_THINKING = Unfit(
    "tool",
    r"claude-(?:3-7|(?:opus|sonnet|haiku)-4(?:-[0-5])?(?:-\d{8})?$)",
    "extended thinking and a forced tool exclude each other",
    with_effort=True,
)
_NO_BEDROCK_SCHEMA = Unfit("schema", r"^(?!.*claude)", "on Bedrock only Claude takes a schema")

DRIVERS: tuple[Driver, ...] = (
    Driver("openai", MODES, ("OPENAI_API_KEY",), lists="openai", address="https://api.openai.com/v1",
           unfit=(_ONLY_RESPONSES,)),
    Driver("openai/azure", MODES, ("AZUREAI_OPENAI_API_KEY", "AZURE_OPENAI_API_KEY"),
           ("AZUREAI_OPENAI_BASE_URL", "AZURE_OPENAI_BASE_URL", "AZURE_OPENAI_ENDPOINT"),
           unfit=(_ONLY_RESPONSES,)),
    Driver("openai-api", MODES, lists="openai"),
    Driver("anthropic", _PLAIN_SCHEMA_TOOL, ("ANTHROPIC_API_KEY",), lists="anthropic",
           address="https://api.anthropic.com", unfit=(_NOT_FORCED, _THINKING)),
    Driver("anthropic/bedrock", ("plain", "tool"), accounts=_AWS, unfit=(_NOT_FORCED, _THINKING)),
    Driver("google", MODES, ("GOOGLE_API_KEY", "GEMINI_API_KEY"), lists="google",
           address="https://generativelanguage.googleapis.com"),
    Driver("google/vertex", MODES,
           accounts=(("GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION"), ("VERTEX_API_KEY",))),
    Driver("grok", _PLAIN_SCHEMA_TOOL, ("XAI_API_KEY", "GROK_API_KEY"), package="xai_sdk", module="xai_sdk"),
    Driver("mistral", _PLAIN_SCHEMA_TOOL, ("MISTRAL_API_KEY",), package="mistralai", module="mistralai",
           lists="openai", address="https://api.mistral.ai/v1"),
    Driver("groq", _PLAIN_SCHEMA_TOOL, ("GROQ_API_KEY",), package="groq", module="groq", lists="openai",
           address="https://api.groq.com/openai/v1"),
    Driver("together", MODES, ("TOGETHER_API_KEY",), lists="openai", address="https://api.together.xyz/v1"),
    Driver("openrouter", MODES, ("OPENROUTER_API_KEY",), lists="openai",
           address="https://openrouter.ai/api/v1"),
    Driver("hf-inference-providers", MODES, ("HF_TOKEN",), lists="openai",
           address="https://router.huggingface.co/v1"),
    Driver("hf-images", keys=("HF_TOKEN",)),
    Driver("openai-images", keys=("OPENAI_API_KEY",)),
    Driver("azureai", ("plain", "tool"), ("AZUREAI_API_KEY", "AZURE_API_KEY"),
           ("AZUREAI_BASE_URL", "AZUREAI_ENDPOINT_URL", "AZURE_ENDPOINT_URL"),
           package="azure-ai-inference", module="azure.ai.inference"),
    Driver("bedrock", _PLAIN_SCHEMA_TOOL, accounts=_AWS, package="aiobotocore", module="aiobotocore",
           unfit=(_NO_BEDROCK_SCHEMA, _NOT_FORCED)),
    Driver("ollama", MODES, lists="openai", address="http://localhost:11434/v1"),
    Driver("vllm", MODES, addresses=("VLLM_BASE_URL",), lists="openai"),
    Driver("llama-cpp-python", MODES, lists="openai", address="http://localhost:8000/v1"),
    Driver("python"),
    Driver("replay"),
)  # fmt: skip
"""A longer name stands for a service of a shorter one: `openai/azure/gpt-6` is reached by `openai/azure`."""
_DRIVERS = {driver.name: driver for driver in DRIVERS}
AS_INSPECT_NAMES = frozenset(_DRIVERS) - {"vllm", "llama-cpp-python"} | {
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


def driver(inspect_name: str) -> Driver:
    """How Inspect reaches a model; one that is not in the table is asked in plain mode alone."""
    first, _, rest = inspect_name.partition("/")
    service = f"{first}/{rest.partition('/')[0]}"
    return _DRIVERS.get(service) or _DRIVERS.get(first) or Driver(first)


def provider(name: str) -> Provider | None:
    """A provider by the first part of an id; None = one that the table does not know."""
    return _PROVIDERS.get(name)


def wire_name(inspect_name: str) -> str:
    """The name that goes to the provider: Inspect's without its provider and service."""
    first, _, rest = inspect_name.partition("/")
    service, _, deep = rest.partition("/")
    return deep if deep and (first == "openai-api" or f"{first}/{service}" in _DRIVERS) else rest


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


def mode_refusal(inspect_name: str, mode: OutputMode, effort: str | None = None) -> str:
    """Why a model cannot be asked in a mode, and which modes it has. "" = it can."""
    found, name = driver(inspect_name), wire_name(inspect_name)
    thinks = effort not in (None, "none")
    unfit = {u.mode: u.why for u in found.unfit if re.search(u.names, name) and (thinks or not u.with_effort)}
    if mode in found.modes and mode not in unfit:
        return ""
    why = unfit.get(mode, f"Inspect's `{found.name}` has no such request")
    fitting = ", ".join(m for m in found.modes if m not in unfit)
    return f"`{name}` cannot be asked in output mode `{mode}`: {why}. Modes that work: {fitting}."
