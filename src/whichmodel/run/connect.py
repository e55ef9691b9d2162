"""A configured model as Inspect's: its key, its address, no retries of the SDK's own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from inspect_ai.model import GenerateConfig, get_model
from inspect_ai.model import Model as InspectModel
from openai import DefaultAioHttpClient

import whichmodel.providers.inspect_entry  # noqa: F401  (registers our endpoints)
from whichmodel.domain import Model
from whichmodel.estimate import verdict_tokens
from whichmodel.plan import Work
from whichmodel.providers.modes import Asked, ask
from whichmodel.run.job import Job
from whichmodel.run.sent_once import sent_once
from whichmodel.scoring.answer_schema import schema_of

NO_RETRY_ARGUMENT = frozenset(
    {"google", "grok", "mistral", "bedrock", "ollama", "together", "llama-cpp-python", "replay", "python"}
)
"""Providers of Inspect whose SDK takes no `max_retries`; the others' own retries are switched off by it."""
IMAGES = frozenset({"openai-images", "google-images", "hf-images"})
OVER_AIOHTTP = frozenset({"openai", "openai-api", "openrouter"})
"""Providers of Inspect on OpenAI's SDK, which brings an aiohttp transport: half the CPU of its usual one."""
NO_SUMMARY: Any = "none"
"""Unset, Inspect's OpenAI provider finds out what an account may have by a request of its own, paid for and
counted nowhere."""


def inspect_model(model: Model, job: Job, extra: Mapping[str, Any] | None = None) -> InspectModel:
    """The model, with the limits that hold where Inspect itself makes the calls.

    extra: more arguments of its provider.
    """
    provider = model.inspect_name.partition("/")[0]
    arguments: dict[str, Any] = {} if provider in NO_RETRY_ARGUMENT else {"max_retries": 0}
    if provider in OVER_AIOHTTP:
        # The deadline is the attempt's own.
        arguments["http_client"] = DefaultAioHttpClient(timeout=None)
    if provider in IMAGES:
        arguments["artifacts"] = job.artifacts
    made = get_model(
        model.inspect_name,
        config=_limited(model, job),
        base_url=model.base_url,
        api_key=_key(model),
        memoize=False,
        **arguments,
        **(extra or {}),
    )
    return sent_once(made)


def asked_of(work: Work) -> Asked:
    """What a model is told beside the prompt: its settings, in its output mode.

    Raises ConfigError for a mode that the task's answers do not allow.
    """
    card = work.bank.card
    asked = ask(work.model, schema_of(card), card.name)
    return replace(asked, config=_settings(work.model, card.max_tokens).merge(asked.config))


def judging_config(judge: Model) -> GenerateConfig:
    """What a judge of texts is told beside the question: its own settings, pinned in bench.yaml."""
    return _settings(judge, verdict_tokens(judge))


def _settings(model: Model, max_tokens: int | None) -> GenerateConfig:
    settings = model.settings
    effort: Any = settings.reasoning_effort
    return GenerateConfig(
        temperature=settings.temperature,
        max_tokens=settings.max_tokens or max_tokens,
        reasoning_effort=effort,
        reasoning_summary=NO_SUMMARY,
    )


def _limited(model: Model, job: Job) -> GenerateConfig:
    """The settings with the limits that Inspect keeps in its own `eval`."""
    limits = GenerateConfig(
        max_connections=job.connections,
        max_retries=job.limits.retries,
        attempt_timeout=int(job.limits.attempt_s),
        timeout=int(job.limits.call_s),
    )
    return _settings(model, None).merge(limits)


def _key(model: Model) -> str | None:
    """The key from the environment; endpoints without one get a word that is no secret."""
    if model.key_env:
        return os.environ.get(model.key_env)
    return "none" if model.base_url else None
