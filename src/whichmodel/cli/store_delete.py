"""`bench store delete`: rows, logs and images that are to be gone, for all who read the store."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from whichmodel.cli.output import answer, document, note, table
from whichmodel.cli.project import Project, project_options
from whichmodel.cli.store_place import flags, opened, rights
from whichmodel.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from whichmodel.remote.delete import Doomed
    from whichmodel.remote.manifest import Deletion
    from whichmodel.remote.place import Place

NAME = r"[a-z0-9][a-z0-9_-]{0,63}\Z"
STAYS = (
    "What stays: logs, images and labels in people's own results folders (the next pull drops the rows from "
    "their databases, a rebuild brings them back until the pull after it), and copies that a bucket with "
    "versioning keeps."
)
AGAIN = "What is measured from now on counts: `bench run` measures a deleted task again."


@click.command("delete", help="Delete rows with their logs and images, for all who read the store.")
@click.option("--org", help="All that is this organisation's own: private tasks, races, labels, logs.")
@click.option("--task", help="One task: all that was measured of it so far.")
@click.option("--before", help="What was measured before this day (UTC), such as 2026-01-31.")
@click.option("--yes", is_flag=True, help="Without asking.")
@flags("dry-run", "json")
@project_options
def command(
    project: Project,
    org: str | None,
    task: str | None,
    before: str | None,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """First it says what would go. Cut off, the same command goes on."""
    from whichmodel.remote.delete import delete_all, look_all
    from whichmodel.remote.manifest import Deletion

    place = opened(project)
    spaces = place.division().spaces if org is None else [_known(place, org)]
    now = datetime.now(UTC)
    deletion = Deletion(_moment(before, now), now, task)
    if org is None and task is None and before is None:
        raise UsageError(
            "It is not said what is to be deleted.",
            where="bench store delete",
            remedy="Name it by --org, --task or --before; several mean what all of them name.",
        )
    found, closed = look_all(place, spaces, deletion)
    if not as_json:
        _show(found, deletion)
    if dry_run:
        document(_json(found, deletion, done=False)) if as_json else answer("Nothing was deleted.")
        return _shut(place, closed, org, writing=False)
    if not yes:
        click.confirm("Delete this for everybody who reads the store?", abort=True, err=True)
    found, closed = delete_all(place, spaces, deletion)
    document(_json(found, deletion, done=True)) if as_json else answer(f"Deleted. {AGAIN}")
    return _shut(place, closed, org, writing=True)


def _known(place: Place, organisation: str) -> str:
    """The space of an organisation, which bench.yaml may have forgotten. Raises UnknownName."""
    from whichmodel.remote.refusals import Denied
    from whichmodel.remote.space import own

    space = own(organisation)
    known = place.config.organisations
    try:
        if organisation in known or (re.match(NAME, organisation) and place.head(space).version):
            return space
    except Denied:
        return space
    raise UnknownName.of("organisation", organisation, known, where="--org")


def _shut(place: Place, closed: Sequence[str], org: str | None, *, writing: bool) -> None:
    """Raises StoreError where what was named could not be done."""
    rights(place if org is None else replace(place, organisation=org), closed, writing=writing)


def _moment(day: str | None, now: datetime) -> datetime:
    """When a day begins; now where none is named. Raises UsageError."""
    if day is None:
        return now
    try:
        found = datetime.fromisoformat(day)
    except ValueError:
        found = None
    moment = found and (found.replace(tzinfo=UTC) if found.tzinfo is None else found)
    if moment is None or moment > now:
        raise UsageError(
            f"'{day}' is no day that is past.", where="--before", remedy="Write it as 2026-01-31."
        )
    return moment


def _show(found: Sequence[Doomed], deletion: Deletion) -> None:
    from whichmodel.cli.store_text import counted, size

    of = f"of the task {deletion.task}, " if deletion.task else ""
    answer(f"To be deleted, {of}measured before {deletion.until:%Y-%m-%d %H:%M} UTC:")
    rows = [
        [one.space, counted(one.rows) or "-", f"{one.parts:,}", f"{len(one.logs):,}", size(one.bytes)]
        for one in found
    ]
    answer(table(["space", "rows", "in parts", "logs and images", "size"], rows, numbers=[2, 3, 4]))
    note(STAYS)


def _json(found: Sequence[Doomed], deletion: Deletion, *, done: bool) -> dict[str, Any]:
    spaces = [
        {
            "space": one.space,
            "rows": dict(one.rows),
            "parts": one.parts,
            "logs": len(one.logs),
            "bytes": one.bytes,
        }
        for one in found
    ]
    return {"deleted": done, "deletion": asdict(deletion), "spaces": spaces, "stays": STAYS}
