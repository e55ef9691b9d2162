"""`bench store`: outcomes between the results folder and the shared store."""

from __future__ import annotations

from dataclasses import asdict

import click

from whichmodel.cli import store_compact, store_delete
from whichmodel.cli import store_text as text
from whichmodel.cli.groups import Named
from whichmodel.cli.output import document
from whichmodel.cli.project import Project, project_options
from whichmodel.cli.store_place import flags, opened, rights
from whichmodel.errors import CheckFailed, StoreError


@click.group(cls=Named, help="Share outcomes by object storage or a folder: push, pull, verify, status.")
def command() -> None:
    """`store:` in bench.yaml names the place."""


@command.command("push", help="Give the store what is measured here and not there.")
@click.option("--again", is_flag=True, help="First look at all that lies there, and mend what is damaged.")
@click.option("--no-logs", is_flag=True, help="Rows alone, without the logs and images that they name.")
@flags("org", "dry-run", "json")
@project_options
def push(project: Project, again: bool, no_logs: bool, org: str | None, dry_run: bool, as_json: bool) -> None:
    """A second push gives nothing and says so."""
    from whichmodel.remote import logs
    from whichmodel.remote import mend as mending
    from whichmodel.remote import pull as pulling
    from whichmodel.remote import push as pushing

    place = opened(project, org)
    if not dry_run:
        pulling.met(place)
    waiting = pushing.waiting(place)
    if dry_run:
        beside = None if no_logs else logs.push(place, dry_run=True)
        if as_json:
            document({"waiting": waiting, "logs": asdict(beside) if beside else None})
        else:
            text.waiting(waiting, place.shared.address)
            text.moved(beside, "would be given")
        return
    mended = mending.mend(place) if again else None
    with text.progress(sum(sum(tables.values()) for tables in waiting.values()), quiet=as_json) as watch:
        done = pushing.push(place, watch)
    beside = None if no_logs else logs.push(place)
    if as_json:
        said = {"mended": asdict(mended) if mended else None, "logs": asdict(beside) if beside else None}
        document({**asdict(done), "rows": dict(done.rows), **said})
    else:
        if mended:
            text.mended(mended)
        text.pushed(done, place.shared.address)
        text.moved(beside, "were given")
    rights(place, done.closed, writing=True)
    if mended and mended.lost:
        raise StoreError(
            "Not everything could be mended.",
            where=", ".join(mended.lost),
            remedy="Push from where the rows are.",
        )


@command.command("pull", help="Take what is in the store and not here.")
@click.option("--logs", "with_logs", is_flag=True, help="The logs and images that are not here, too.")
@click.option("--run", "run_id", help="With --logs: the logs of this run alone.")
@flags("org", "dry-run", "json")
@project_options
def pull(
    project: Project, with_logs: bool, run_id: str | None, org: str | None, dry_run: bool, as_json: bool
) -> None:
    """Reads only parts that were not taken before."""
    from whichmodel.remote import logs
    from whichmodel.remote import pull as pulling

    place = opened(project, org)
    if dry_run:
        ahead, closed = pulling.ahead(place)
        text.ahead(ahead, closed, as_json=as_json)
        return
    found = ahead, _ = pulling.ahead(place)
    with text.progress(sum(part.rows for one in ahead for part in one.parts), quiet=as_json) as watch:
        done = pulling.pull(place, watch, found)
    beside = logs.pull(place, run_id) if with_logs or run_id else None
    if as_json:
        counts = {"rows": dict(done.rows), "dropped": dict(done.dropped)}
        document({**asdict(done), **counts, "logs": asdict(beside) if beside else None})
    else:
        text.pulled(done, place.shared.address)
        text.moved(beside, "were taken")
    rights(place, done.closed, writing=False)
    if done.faults:
        raise StoreError(
            f"{len(done.faults)} parts could not be taken; all others were. {' '.join(done.faults[:3])}"
        )


@command.command("verify", help="Compare everything here with everything there, row by row.")
@flags("org", "json")
@project_options
def verify(project: Project, org: str | None, as_json: bool) -> None:
    """Exit code 5 where a row differs or lies on one side alone."""
    from whichmodel.remote.verify import verify as compare

    place = opened(project, org)
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
@flags("org", "json")
@project_options
def status(project: Project, org: str | None, as_json: bool) -> None:
    """Told as far as the store can be reached."""
    from whichmodel.remote.overview import overview

    place = opened(project, org)
    found = overview(place)
    document(asdict(found)) if as_json else text.overview(found)
    if found.error:
        raise StoreError(found.error)


command.add_command(store_compact.command, "compact")
command.add_command(store_delete.command, "delete")
