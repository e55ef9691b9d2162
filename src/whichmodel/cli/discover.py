"""`bench models discover`: what the configured providers serve, and what of it is new."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from whichmodel.cli.output import answer, document, note, raw, table
from whichmodel.cli.project import Project, project_options, split
from whichmodel.errors import UnknownName, UsageError
from whichmodel.providers import sightings
from whichmodel.providers.catalogue import Found, asked, compared, snippet
from whichmodel.providers.listing import Listing, Source, listings, sources
from whichmodel.store.reader import read


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
        mine = asked(listing.source, ids, measured)
        rows.append((listing, _since(list(compared(listing, mine, known)), since)))
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
        raw("".join(snippet(listing.source, found) for listing, found in rows) or "# nothing new\n")
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
