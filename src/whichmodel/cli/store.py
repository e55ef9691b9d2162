"""`bench store`: outcomes between the results folder and the shared store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from whichmodel.cli import store_text as text
from whichmodel.cli.groups import Named
from whichmodel.cli.output import document
from whichmodel.cli.project import Project, project_options
from whichmodel.errors import CheckFailed, StoreError, UsageError

if TYPE_CHECKING:
    from whichmodel.remote.place import Place


@click.group(cls=Named, help="Share outcomes by object storage or a folder: push, pull, verify, status.")
def command() -> None:
    """`store:` in bench.yaml names the place."""


def flags(*names: str) -> Callable[[Any], Any]:
    """The flags that these commands share."""
    known = {
        "json": click.option("--json", "as_json", is_flag=True, help="One JSON document."),
        "dry-run": click.option("--dry-run", is_flag=True, help="Say what would travel; nothing does."),
    }

    def given(function: Any) -> Any:
        for name in reversed(names):
            function = known[name](function)
        return function

    return given


@command.command("push", help="Give the store what is measured here and not there.")
@click.option("--again", is_flag=True, help="First look at all that lies there, and mend what is damaged.")
@flags("dry-run", "json")
@project_options
def push(project: Project, again: bool, dry_run: bool, as_json: bool) -> None:
    """A second push gives nothing and says so."""
    from whichmodel.remote import mend as mending
    from whichmodel.remote import push as pushing

    place = _place(project)
    waiting = pushing.waiting(place)
    if dry_run:
        document({"waiting": waiting}) if as_json else text.waiting(waiting, place.shared.address)
        return
    mended = mending.mend(place) if again else None
    with text.progress(sum(sum(tables.values()) for tables in waiting.values()), quiet=as_json) as watch:
        done = pushing.push(place, watch)
    lost = list(mended.lost) if mended else []
    if as_json:
        document({**asdict(done), "mended": asdict(mended) if mended else None})
    else:
        if mended:
            text.mended(mended)
        text.pushed(done, place.shared.address)
    if done.closed or lost:
        raise StoreError(
            "Not everything could be given.",
            where=", ".join([*done.closed, *lost]),
            remedy="Ask for the right to write there, or push from where the rows are.",
        )


@command.command("pull", help="Take what is in the store and not here.")
@flags("dry-run", "json")
@project_options
def pull(project: Project, dry_run: bool, as_json: bool) -> None:
    """Reads only parts that were not taken before."""
    from whichmodel.remote import pull as pulling

    place = _place(project)
    if dry_run:
        ahead, closed = pulling.ahead(place)
        text.ahead(ahead, closed, as_json=as_json)
        return
    found = ahead, _ = pulling.ahead(place)
    with text.progress(sum(part.rows for one in ahead for part in one.parts), quiet=as_json) as watch:
        done = pulling.pull(place, watch, found)
    document(asdict(done)) if as_json else text.pulled(done, place.shared.address)
    if done.faults:
        raise StoreError(
            f"{len(done.faults)} parts could not be taken; all others were. {' '.join(done.faults[:3])}"
        )


@command.command("verify", help="Compare everything here with everything there, row by row.")
@flags("json")
@project_options
def verify(project: Project, as_json: bool) -> None:
    """Exit code 5 where a row differs or lies on one side alone."""
    from whichmodel.remote.verify import verify as compare

    place = _place(project)
    with text.progress(None, quiet=as_json) as watch:
        done = compare(place, watch)
    if as_json:
        tables = {name: asdict(found) for name, found in done.tables.items()}
        document({"equal": done.equal, **asdict(done), "tables": tables})
    else:
        text.verified(done)
    if not done.equal:
        raise CheckFailed(
            "The two sides are not the same.",
            where=place.shared.address,
            remedy="`bench store pull` and `bench store push` bring what is missing on one side.",
        )


@command.command("status", help="What lies in the store, what waits here, what is new there.")
@flags("json")
@project_options
def status(project: Project, as_json: bool) -> None:
    """Told as far as the store can be reached."""
    from whichmodel.remote.overview import overview

    place = _place(project)
    found = overview(place)
    document(asdict(found)) if as_json else text.overview(found)
    if found.error:
        raise StoreError(found.error)


def _place(project: Project) -> Place:
    """The store of bench.yaml and the database here. Raises UsageError where none is named."""
    from whichmodel.remote.place import place
    from whichmodel.store import Store

    shared = project.config.store
    if shared is None:
        raise UsageError(
            "No shared store is named.",
            where=f"{project.config_path}: store",
            remedy="Add `store: s3://bucket/prefix`, or a folder that several machines see.",
        )
    found = place(project.config, Store(project.results))
    assert found is not None, "a store is named"
    return found
