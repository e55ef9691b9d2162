"""`bench store compact`: few large parts for many small ones, and what nobody reads any more removed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from whichmodel.cli.output import answer, document, note, table
from whichmodel.cli.project import Project, project_options
from whichmodel.cli.store_place import flags, opened, rights
from whichmodel.errors import UsageError

if TYPE_CHECKING:
    from whichmodel.remote.compact import Compacted
    from whichmodel.remote.prune import Pruned

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


@click.command("compact", help="Make few large parts of many small ones; remove what nobody reads any more.")
@click.option("--grace", default="24h", help="How long what counts no more is kept for readers: 24h, 3d.")
@flags("org", "json")
@project_options
def command(project: Project, grace: str, org: str | None, as_json: bool) -> None:
    """Others may write and read meanwhile. Again at once, it finds nothing to do."""
    from whichmodel.remote.compact import compact
    from whichmodel.remote.prune import prune
    from whichmodel.remote.refusals import Denied

    place = opened(project, org)
    kept = _grace(grace)
    compacted: list[Compacted] = []
    pruned: list[Pruned] = []
    closed: list[str] = []
    for space in place.division().spaces:
        try:
            done = compact(place.objects(space), space)
            gone = prune(place.objects(space), space, kept)
        except Denied:
            closed.append(space)
        else:
            compacted.append(done)
            pruned.append(gone)
    if as_json:
        document({"compacted": list(map(asdict, compacted)), "pruned": list(map(asdict, pruned))})
    else:
        _show(compacted, pruned)
    rights(place, closed, writing=True)


def _grace(text: str) -> timedelta:
    """A length of time as it is written. Raises UsageError."""
    from whichmodel.remote.prune import LEAST_GRACE

    found = re.fullmatch(r"(\d{1,5})\s*([mhd])", text.strip())
    length = int(found[1]) * UNITS[found[2]] if found else None
    if length is None or length < LEAST_GRACE:
        hours = LEAST_GRACE // UNITS["h"]
        raise UsageError(
            f"'{text}' is no time of grace.",
            where="--grace",
            remedy=f"Write 24h or 3d; at least {hours}h, so that no push under way loses what it wrote.",
        )
    return length


def _show(compacted: Sequence[Compacted], pruned: Sequence[Pruned]) -> None:
    from whichmodel.cli.store_text import size

    headings = ["space", "parts before", "after", "rows", "doubles dropped", "objects removed", "freed"]
    rows = [
        [
            one.space,
            f"{one.parts_before:,}",
            f"{one.parts_after:,}",
            f"{one.rows:,}",
            f"{one.doubles:,}",
            f"{gone.parts + gone.manifests:,}",
            size(gone.bytes),
        ]
        for one, gone in zip(compacted, pruned, strict=True)
    ]
    answer(table(headings, rows, numbers=[1, 2, 3, 4, 5, 6]))
    for fault in dict.fromkeys(fault for one in compacted for fault in one.unreadable):
        note(f"Left as it is: {fault}")
