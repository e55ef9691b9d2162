"""`bench models discover`: what the configured providers serve, and what of it is new."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

import click

from whichmodel.cli.output import answer, document, note, raw, table
from whichmodel.cli.project import Project, project_options, split
from whichmodel.domain import Model, Usage, served_otherwise
from whichmodel.domain.provider import Reached, reach
from whichmodel.errors import UnknownName, UsageError
from whichmodel.pricing import price
from whichmodel.providers import sightings
from whichmodel.providers.listing import Listing, Source, listings, sources
from whichmodel.store.reader import read

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


@click.command("discover", help="Ask the configured providers for their models: what is new, what is gone.")
@click.option("--provider", "providers", callback=split, help="First parts of ids; default: all configured.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="New ones first seen on this day or later.")
@click.option("--yaml", "as_yaml", is_flag=True, help="New ones as lines for bench.yaml.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def command(
    project: Project, providers: tuple[str, ...], since: datetime | None, as_yaml: bool, as_json: bool
) -> None:
    """Ask every list, compare it with bench.yaml and the store, keep what was seen."""
    configured = (*project.config.models, *project.config.switched_off)
    wanted = _chosen(sources(configured), providers)
    ids = frozenset(model.id for model in configured)
    today = datetime.now(UTC).date()
    seen, measured = sightings.read(project.results), _measured(project)
    rows: list[tuple[Listing, list[Found]]] = []
    for listing in listings(wanted):
        if not listing.error:
            seen = sightings.seen(seen, listing.source.address, listing.served, today)
        known = seen.get(listing.source.address, {})
        asked = _asked(listing.source, ids, measured)
        rows.append((listing, _since(list(_compared(listing, asked, known)), since)))
    if any(not listing.error for listing, _ in rows):
        sightings.write(seen, project.results)
    _shown(rows, as_yaml=as_yaml, as_json=as_json)


def _chosen(everywhere: tuple[Source, ...], providers: tuple[str, ...]) -> tuple[Source, ...]:
    names = {source.provider for source in everywhere}
    for name in providers:
        if name not in names:
            raise UnknownName.of("configured provider with a list", name, names, where="--provider")
    if not everywhere:
        raise UsageError("No configured provider has a list of models.", where="bench models discover")
    return tuple(source for source in everywhere if not providers or source.provider in providers)


def _measured(project: Project) -> frozenset[tuple[str, str]]:
    """(id, name that went to the provider) of every model with an answer in the store."""
    reader = read(project.results)
    if reader is None:
        return frozenset()
    rows = reader.served("real")
    return frozenset(zip(rows.model, rows.requested_model, strict=True))


def _asked(source: Source, configured: frozenset[str], measured: frozenset[tuple[str, str]]) -> set[str]:
    """Names that were measured at a source: its own models', and those of ids that bench.yaml has no more."""
    own = {model.id for model in source.models}
    return {
        name
        for model_id, name in measured
        if model_id in own or (model_id not in configured and model_id.partition("/")[0] == source.provider)
    }


def _compared(listing: Listing, asked: set[str], known: Mapping[str, sightings.Seen]) -> Iterator[Found]:
    """The models of one list, and those that ought to be in it."""
    source = listing.source
    if listing.error:
        return
    for name in listing.served:
        mine = [model for model in source.models if not served_otherwise(model.wire_name, name)]
        was = any(not served_otherwise(before, name) for before in asked)
        first = known[name].first if name in known else None
        for model in mine:
            yield Found(model.id, name, "configured", _priced(model), was, first)
        if not mine:
            model = _as_model(source, name)
            yield Found(model.id, name, "new", _priced(model), was, first)
    own = {model.wire_name: model for model in source.models}
    for name in sorted(own.keys() | asked):
        if not any(not served_otherwise(name, given) for given in listing.served):
            model = own.get(name) or _as_model(source, name)
            first = known[name].first if name in known else None
            yield Found(model.id, name, "retired", _priced(model), name in asked, first)


def _as_model(source: Source, name: str) -> Model:
    """A model of a list as bench.yaml could name it; `@` is left to output modes."""
    model_id = f"{source.provider}/{re.sub(r'[^A-Za-z0-9:._/-]', '-', name)}"
    return Model(id=model_id, inspect_name=model_id, vendor=source.provider)


def _priced(model: Model) -> bool:
    return price(model, Usage(input=1, output=1), at=datetime.now(UTC), seconds=1.0).usd is not None


def _since(found: list[Found], since: datetime | None) -> list[Found]:
    if since is None:
        return found
    return [
        f for f in found if f.state == "new" and f.first_seen is not None and f.first_seen >= since.date()
    ]


def _shown(rows: list[tuple[Listing, list[Found]]], *, as_yaml: bool, as_json: bool) -> None:
    if as_json:
        document([_document(listing, found) for listing, found in rows])
        return
    for listing, _ in rows:
        if listing.error:
            note(f"{listing.source.provider} ({listing.source.address}): {listing.error}.")
    if as_yaml:
        raw("".join(_snippet(listing.source, found) for listing, found in rows) or "# nothing new\n")
        return
    cells = [
        [f.id, f.state, "yes" if f.priced else "no", "yes" if f.measured else "no", str(f.first_seen or "-")]
        for _, found in rows
        for f in found
    ]
    answer(table(["model", "state", "priced", "measured", "first seen"], cells) if cells else "Nothing new.")


def _document(listing: Listing, found: list[Found]) -> dict[str, object]:
    return {
        "provider": listing.source.provider,
        "address": listing.source.address,
        "error": listing.error or None,
        "models": [
            {
                "id": f.id,
                "name": f.name,
                "state": f.state,
                "priced": f.priced,
                "measured": f.measured,
                "first_seen": f.first_seen,
            }
            for f in found
        ],
    }


def _snippet(source: Source, found: list[Found]) -> str:
    """New models as entries of `models:`, with what the provider's other models are reached by."""
    lines = "".join(_entry(source.models[0], f) for f in found if f.state == "new")
    return f"  # {source.provider}, {source.address}\n{lines}" if lines else ""


def _entry(like: Model, found: Found) -> str:
    """An entry reached as another model of the same list is, with no more keys than that takes."""
    wanted = Reached(like.inspect_name.removesuffix(like.wire_name) + found.name, like.base_url, like.key_env)
    offered = {"inspect_name": wanted.inspect_name, "base_url": wanted.base_url, "key_env": wanted.key_env}
    choices = ([], ["base_url"], ["base_url", "key_env"], ["inspect_name"], list(offered))
    keys = next(k for k in choices if k == list(offered) or reach(found.id, **_some(offered, k)) == wanted)
    fields = {"id": found.id, **_some(offered, keys)}
    written = ", ".join(f"{key}: {_scalar(value)}" for key, value in fields.items())
    return f"  - {{{written}}}{'' if found.priced else ' # no known price'}\n"


def _some(offered: Mapping[str, str | None], keys: list[str]) -> dict[str, str]:
    return {key: value for key in keys if (value := offered[key]) is not None}


def _scalar(value: str) -> str:
    """A YAML scalar; JSON's strings are YAML's double-quoted ones."""
    return (
        value if re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]*(?:/[A-Za-z0-9._-]+)*", value) else json.dumps(value)
    )
