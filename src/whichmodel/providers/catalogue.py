"""What providers serve, held against bench.yaml and the store: new, configured or gone."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from whichmodel.domain import Model, Usage, served_otherwise
from whichmodel.domain.provider import Reached, reach
from whichmodel.pricing import price
from whichmodel.providers.listing import Listing, Source
from whichmodel.providers.sightings import Seen

State = Literal["new", "configured", "retired"]
"""Served and not in bench.yaml; in both; configured or measured and no longer served."""


@dataclass(frozen=True, slots=True)
class Found:
    """One model of a provider, as it stands today."""

    id: str
    """As bench.yaml would name it; a configured one as it does."""
    name: str
    """As it goes to the provider."""
    state: State
    priced: bool
    """genai-prices or bench.yaml has a price for it."""
    measured: bool
    """The store has an answer of it."""
    first_seen: date | None
    """None = it was never in a list that was asked for."""


def asked(source: Source, configured: Collection[str], measured: Collection[tuple[str, str]]) -> set[str]:
    """Names that were measured at a source: its own models', and those of ids that bench.yaml has no more.

    configured: ids in bench.yaml. measured: (id, name that went to the provider) of what is stored.
    """
    own = {model.id for model in source.models}
    return {
        name
        for model_id, name in measured
        if model_id in own or (model_id not in configured and model_id.partition("/")[0] == source.provider)
    }


def compared(listing: Listing, measured: set[str], known: Mapping[str, Seen]) -> Iterator[Found]:
    """The models of one list, and those that ought to be in it; none where there is no list.

    measured: names that the store has answers of, see `asked`. known: what was seen at this address.
    """
    source = listing.source
    if listing.error:
        return
    for name in listing.served:
        mine = [model for model in source.models if not served_otherwise(model.wire_name, name)]
        was = any(not served_otherwise(before, name) for before in measured)
        first = known[name].first if name in known else None
        for model in mine:
            yield Found(model.id, name, "configured", _priced(model), was, first)
        if not mine:
            model = _as_model(source, name)
            yield Found(model.id, name, "new", _priced(model), was, first)
    own = {model.wire_name: model for model in source.models}
    for name in sorted(own.keys() | measured):
        if not any(not served_otherwise(name, given) for given in listing.served):
            model = own.get(name) or _as_model(source, name)
            first = known[name].first if name in known else None
            yield Found(model.id, name, "retired", _priced(model), name in measured, first)


def _as_model(source: Source, name: str) -> Model:
    """A model of a list as bench.yaml could name it; `@` is left to output modes."""
    model_id = f"{source.provider}/{re.sub(r'[^A-Za-z0-9:._/-]', '-', name)}"
    return Model(id=model_id, inspect_name=model_id, vendor=source.provider)


def _priced(model: Model) -> bool:
    return price(model, Usage(input=1, output=1), at=datetime.now(UTC), seconds=1.0).usd is not None


def snippet(source: Source, found: list[Found]) -> str:
    """New models as entries of `models:`, with what the provider's other models are reached by."""
    lines = "".join(_entry(source.models[0], f) for f in found if f.state == "new")
    return f"  # {source.provider}, {source.address}\n{lines}" if lines else ""


def _entry(like: Model, found: Found) -> str:
    """An entry reached as another model of the same list is, with no more keys than that takes."""
    wanted = Reached(like.inspect_name.removesuffix(like.wire_name) + found.name, like.base_url, like.key_env)
    offered = {"inspect_name": wanted.inspect_name, "base_url": wanted.base_url, "key_env": wanted.key_env}
    tried = ((), ("base_url",), ("base_url", "key_env"), ("inspect_name",))
    keys = next((k for k in tried if _reach(found.id, _some(offered, k)) == wanted), tuple(offered))
    fields = {"id": found.id, **_some(offered, keys)}
    written = ", ".join(f"{key}: {_scalar(value)}" for key, value in fields.items())
    return f"  - {{{written}}}{'' if found.priced else ' # no known price'}\n"


def _reach(model_id: str, given: Mapping[str, str]) -> Reached | None:
    return reach(
        model_id,
        inspect_name=given.get("inspect_name"),
        base_url=given.get("base_url"),
        key_env=given.get("key_env"),
    )


def _some(offered: Mapping[str, str | None], keys: Collection[str]) -> dict[str, str]:
    return {key: value for key in keys if (value := offered[key]) is not None}


def _scalar(value: str) -> str:
    """A YAML scalar; JSON's strings are YAML's double-quoted ones."""
    return (
        value if re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]*(?:/[A-Za-z0-9._-]+)*", value) else json.dumps(value)
    )
