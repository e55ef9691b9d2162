"""Which configured models can be asked from here."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import httpx

from whichmodel.domain import Model
from whichmodel.domain.driver import driver
from whichmodel.domain.provider import address_variables, record_path

PROBE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether a model can be asked from here, and if not, what is missing."""

    model: Model
    present: bool
    missing: str = ""


def presence(models: tuple[Model, ...], environ: Mapping[str, str] | None = None) -> tuple[Presence, ...]:
    """Which models have their package and their key, or answer at their endpoint.

    A model with a key is present when the variable is set. A model without one is asked for its list of
    models at `base_url`, once an address: no other address is ever contacted.
    """
    env = os.environ if environ is None else environ
    served: dict[str, frozenset[str] | None] = {}
    found = ((model, _missing(model, env, served)) for model in models)
    return tuple(Presence(model, not missing, missing) for model, missing in found)


def _missing(model: Model, env: Mapping[str, str], served: dict[str, frozenset[str] | None]) -> str:
    """What keeps a model from being asked, in words. "" = nothing."""
    if model.baseline or model.simulated:
        return ""
    by = driver(model.inspect_name)
    if by.name == "replay":
        return _no_record(model)
    if by.module and not _importable(by.module):
        return f"`pip install {by.package}` is needed"
    if missing := unset(model, env):
        return missing
    if model.key_env or by.accounts or model.base_url is None:
        return ""
    return _not_served(model, model.base_url, served)


def _no_record(model: Model) -> str:
    path = record_path(model.wire_name, model.base_url)
    return "" if path.is_file() else f"there is no file {_shown(path)}"


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _importable(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def variables(models: Iterable[Model]) -> frozenset[str]:
    """Names of all variables that may hold a key, an address or an account of these models."""
    names: set[str] = set()
    for model in models:
        names |= {*key_variables(model), *address_variables(model.inspect_name)}
        names |= {name for group in driver(model.inspect_name).accounts for name in group}
    return frozenset(names)


def unset(model: Model, env: Mapping[str, str]) -> str:
    """Variables that a model needs and that are not set: a key, an address, an account. "" = none."""
    by = driver(model.inspect_name)
    absent: list[str] = []
    if model.key_env and not any(env.get(name) for name in key_variables(model)):
        absent.append(model.key_env)
    addresses = () if model.base_url else address_variables(model.inspect_name)
    if addresses and not any(env.get(name) for name in addresses):
        absent.append(f"{addresses[0]} (or `base_url`)")
    if by.accounts and not any(all(env.get(name) for name in names) for names in by.accounts):
        absent.append(" or ".join(" + ".join(names) for names in by.accounts))
    return f"{' and '.join(absent)} {'is' if len(absent) == 1 else 'are'} not set" if absent else ""


def key_variables(model: Model) -> tuple[str, ...]:
    """Variables of which one holds the model's key: its own, or any that its provider reads beside it."""
    keys = driver(model.inspect_name).keys
    if model.key_env in keys:
        return keys
    return (model.key_env,) if model.key_env else ()


def _not_served(model: Model, base_url: str, served: dict[str, frozenset[str] | None]) -> str:
    if base_url not in served:
        served[base_url] = _served(base_url)
    names = served[base_url]
    if names is None:
        return f"nothing answers at {base_url}"
    return "" if model.wire_name in names else f"{base_url} does not serve {model.wire_name}"


def _served(base_url: str) -> frozenset[str] | None:
    """Names an OpenAI-compatible endpoint lists; None = it does not answer."""
    try:
        with httpx.Client(timeout=PROBE_SECONDS, trust_env=False) as client:
            reply = client.get(f"{base_url.rstrip('/')}/models")
            return frozenset(entry["id"] for entry in reply.raise_for_status().json()["data"])
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
        return None
