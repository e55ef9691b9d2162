"""How Inspect reaches models: what each of its providers needs in the environment, and its output modes.

Read in the providers of inspect-ai 0.3.285 (`inspect_ai/model/_providers`), which is the pinned version.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

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


_AWS: tuple[tuple[str, ...], ...] = (
    ("AWS_PROFILE",),
    ("AWS_BEARER_TOKEN_BEDROCK",),
    ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
)
_AWS_AND_REGION = tuple(
    names if names == ("AWS_PROFILE",) else (*names, "AWS_DEFAULT_REGION") for names in _AWS
)
"""A profile holds its region; Inspect's `bedrock` has no other default."""
_PLAIN_SCHEMA_TOOL: tuple[OutputMode, ...] = ("plain", "schema", "tool")
_ONLY_RESPONSES = Unfit(
    "json",
    r"-pro(?:-|$)|codex|deep-research",
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
    Driver("openai/bedrock", MODES, accounts=(("BEDROCK_OPENAI_API_KEY",), *_AWS), unfit=(_ONLY_RESPONSES,)),
    Driver("openai-api", MODES, lists="openai"),
    Driver("anthropic", _PLAIN_SCHEMA_TOOL, ("ANTHROPIC_API_KEY",), lists="anthropic",
           address="https://api.anthropic.com", unfit=(_NOT_FORCED, _THINKING)),
    Driver("anthropic/bedrock", ("plain", "tool"), accounts=_AWS, unfit=(_NOT_FORCED, _THINKING)),
    Driver("anthropic/vertex", ("plain", "tool"), accounts=(("ANTHROPIC_VERTEX_PROJECT_ID",),),
           unfit=(_NOT_FORCED, _THINKING)),
    Driver("anthropic/azure", ("plain", "tool"), ("AZUREAI_ANTHROPIC_API_KEY", "AZURE_ANTHROPIC_API_KEY"),
           ("AZUREAI_ANTHROPIC_BASE_URL", "AZURE_ANTHROPIC_BASE_URL"), unfit=(_NOT_FORCED, _THINKING)),
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
    Driver("bedrock", _PLAIN_SCHEMA_TOOL, accounts=_AWS_AND_REGION,
           package="aiobotocore", module="aiobotocore", unfit=(_NO_BEDROCK_SCHEMA, _NOT_FORCED)),
    Driver("ollama", MODES, lists="openai", address="http://localhost:11434/v1"),
    Driver("vllm", MODES, addresses=("VLLM_BASE_URL",), lists="openai"),
    Driver("llama-cpp-python", MODES, lists="openai", address="http://localhost:8000/v1"),
    Driver("python"),
    Driver("replay"),
)  # fmt: skip
"""A longer name stands for a service of a shorter one: `openai/azure/gpt-6` is reached by `openai/azure`."""
_DRIVERS = {driver.name: driver for driver in DRIVERS}


def driver(inspect_name: str) -> Driver:
    """How Inspect reaches a model; one that is not in the table is asked in plain mode alone."""
    first, _, rest = inspect_name.partition("/")
    service = f"{first}/{rest.partition('/')[0]}"
    return _DRIVERS.get(service) or _DRIVERS.get(first) or Driver(first)


def wire_name(inspect_name: str) -> str:
    """The name that goes to the provider: Inspect's without its provider and service."""
    first, _, rest = inspect_name.partition("/")
    service, _, deep = rest.partition("/")
    return deep if deep and (first == "openai-api" or f"{first}/{service}" in _DRIVERS) else rest


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
