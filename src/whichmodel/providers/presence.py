"""Which configured models can be asked from here."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from whichmodel.domain import Model

PROBE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether a model can be asked from here, and if not, what is missing."""

    model: Model
    present: bool
    missing: str = ""


def presence(models: tuple[Model, ...], environ: Mapping[str, str] | None = None) -> tuple[Presence, ...]:
    """Which models have their key or answer at their endpoint.

    A model with a key is present when the variable is set. A model without one is asked for its list of
    models at `base_url`, once an address: no other address is ever contacted.
    """
    env = os.environ if environ is None else environ
    served: dict[str, frozenset[str] | None] = {}
    return tuple(_present(model, env, served) for model in models)


def _present(model: Model, env: Mapping[str, str], served: dict[str, frozenset[str] | None]) -> Presence:
    if model.baseline or model.simulated:
        return Presence(model, True)
    if model.key_env:
        found = bool(env.get(model.key_env))
        return Presence(model, found, "" if found else f"{model.key_env} is not set")
    if model.base_url is None:
        return Presence(model, True)
    if model.base_url not in served:
        served[model.base_url] = _served(model.base_url)
    names = served[model.base_url]
    if names is None:
        return Presence(model, False, f"nothing answers at {model.base_url}")
    found = model.wire_name in names
    return Presence(model, found, "" if found else f"{model.base_url} does not serve {model.wire_name}")


def _served(base_url: str) -> frozenset[str] | None:
    """Names an OpenAI-compatible endpoint lists; None = it does not answer."""
    try:
        with httpx.Client(timeout=PROBE_SECONDS, trust_env=False) as client:
            reply = client.get(f"{base_url.rstrip('/')}/models")
            return frozenset(entry["id"] for entry in reply.raise_for_status().json()["data"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None
