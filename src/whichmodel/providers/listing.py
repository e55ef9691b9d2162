"""Providers asked which models they serve, each by its own list."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any
from urllib.parse import urlparse

import httpx

from whichmodel.domain import Json, Model
from whichmodel.domain.driver import ListProtocol, driver
from whichmodel.providers.presence import key_variables

LIST_SECONDS = 10.0
"""One request; a list of many pages takes several."""
MOST_BYTES = 32 * 2**20
"""Of one page."""
MOST_PAGES = 50
MOST_NAME = 200
"""Characters."""
ANTHROPIC_VERSION = "2023-06-01"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
Get = Callable[[str, Mapping[str, str]], Json]
"""A path and its query -> the JSON it answers."""


@dataclass(frozen=True, slots=True)
class Source:
    """One list of models, and the configured models that are asked at the same address."""

    provider: str
    """First part of the models' ids."""
    address: str
    """Where it is, as a model's `base_url`."""
    protocol: ListProtocol
    models: tuple[Model, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source says it serves."""

    source: Source
    served: tuple[str, ...] = ()
    """Names as they go to the provider, sorted."""
    error: str = ""
    """Why there is no list. "" = there is one."""


def sources(models: tuple[Model, ...]) -> tuple[Source, ...]:
    """The lists in which configured models stand, once an address; simulated and recorded ones in none."""
    found: dict[tuple[str, str, ListProtocol], list[Model]] = {}
    for model in models:
        by = driver(model.inspect_name)
        address = model.base_url or by.address
        if by.lists and address and model.answers == "text" and not (model.simulated or model.baseline):
            found.setdefault((model.id.partition("/")[0], address.rstrip("/"), by.lists), []).append(model)
    return tuple(Source(*place, tuple(here)) for place, here in found.items())


def listings(
    wanted: tuple[Source, ...], environ: Mapping[str, str] | None = None, *, seconds: float = LIST_SECONDS
) -> tuple[Listing, ...]:
    """Every source asked at once, in their order; one that fails says why and holds up no other."""
    env = os.environ if environ is None else environ
    if not wanted:
        return ()
    with ThreadPoolExecutor(max_workers=min(8, len(wanted))) as pool:
        return tuple(pool.map(lambda source: _listing(source, env, seconds), wanted))


def _listing(source: Source, env: Mapping[str, str], seconds: float) -> Listing:
    variables = tuple(dict.fromkeys(name for model in source.models for name in key_variables(model)))
    key = next((env[name] for name in variables if env.get(name)), None)
    if variables and key is None:
        return Listing(source, error=f"{variables[0]} is not set")
    try:
        with _client(source, key, seconds) as client:
            names = set(filter(_is_name, _PROTOCOLS[source.protocol](partial(_get, client, seconds))))
    except httpx.HTTPStatusError as error:
        return Listing(source, error=f"the list answers {error.response.status_code}")
    except (httpx.TimeoutException, httpx.TransportError, httpx.InvalidURL) as error:
        return Listing(source, error=f"the list cannot be reached ({type(error).__name__})")
    except (httpx.HTTPError, UnicodeError, ValueError, KeyError, TypeError, AttributeError):
        return Listing(source, error="the list is not in the form that is known")
    return Listing(source, tuple(sorted(names)))


def _get(client: httpx.Client, seconds: float, path: str, query: Mapping[str, str]) -> Json:
    """The JSON of one page, however slowly its bytes drip and however many they are."""
    deadline, body = monotonic() + seconds, bytearray()
    with client.stream("GET", path, params=dict(query)) as reply:
        reply.raise_for_status()
        for part in reply.iter_bytes():
            body += part
            if len(body) > MOST_BYTES:
                raise ValueError("no list is that long")
            if monotonic() > deadline:
                raise httpx.ReadTimeout("the whole page takes too long")
    return json.loads(body)


def _is_name(text: str) -> bool:
    """Whether it can be a model's name: what stands in a list is written to files and terminals."""
    return 0 < len(text) <= MOST_NAME and text.isprintable() and not text.isspace()


def _client(source: Source, key: str | None, seconds: float) -> httpx.Client:
    """Redirects are not followed and a key goes to its own address alone; proxies only leave the machine."""
    local = urlparse(source.address).hostname in LOOPBACK
    return httpx.Client(
        base_url=source.address, headers=_headers(source.protocol, key), timeout=seconds, trust_env=not local
    )


def _headers(protocol: ListProtocol, key: str | None) -> dict[str, str]:
    if protocol == "anthropic":
        return {"anthropic-version": ANTHROPIC_VERSION} | ({"x-api-key": key} if key else {})
    if key is None:
        return {}
    return {"x-goog-api-key": key} if protocol == "google" else {"authorization": f"Bearer {key}"}


def _openai(get: Get) -> Iterator[str]:
    """`GET /models`; Together gives the list bare. One page: the protocol has no other."""
    body = get("models", {})
    for entry in body if isinstance(body, list) else body["data"]:
        yield str(entry["id"])


def _anthropic(get: Get) -> Iterator[str]:
    """`GET /v1/models`, pages by `after_id`."""
    query = {"limit": "1000"}
    for _ in range(MOST_PAGES):
        page: Mapping[str, Any] = get("v1/models", query)
        yield from (str(entry["id"]) for entry in page["data"])
        if not page.get("has_more"):
            return
        query = {**query, "after_id": page["last_id"]}


def _google(get: Get) -> Iterator[str]:
    """`GET /v1beta/models`, pages by `pageToken`; those that write text, without `models/`."""
    query = {"pageSize": "1000"}
    for _ in range(MOST_PAGES):
        page: Mapping[str, Any] = get("v1beta/models", query)
        for entry in page.get("models", ()):
            if "generateContent" in entry.get("supportedGenerationMethods", ("generateContent",)):
                yield str(entry["name"]).removeprefix("models/")
        if not page.get("nextPageToken"):
            return
        query = {**query, "pageToken": page["nextPageToken"]}


_PROTOCOLS: Mapping[ListProtocol, Callable[[Get], Iterator[str]]] = {
    "openai": _openai,
    "anthropic": _anthropic,
    "google": _google,
}
