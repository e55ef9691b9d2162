"""`bench rebuild`: the database anew from the journal."""

from __future__ import annotations

from dataclasses import asdict

import click

from whichmodel.cli.output import answer, document, note
from whichmodel.cli.project import Project, project_options
from whichmodel.errors import UsageError


@click.command(help="Make the database anew from the logs; the old one is set aside.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def command(project: Project, as_json: bool) -> None:
    """Read every log and every journal that stayed, and publish a snapshot."""
    from whichmodel.run.rebuild import rebuild

    if not (project.results / "logs").is_dir():
        raise UsageError(
            "There are no logs to rebuild from.",
            where=str(project.results / "logs"),
            remedy="Start with `bench run --tasks coding,extraction`.",
        )
    made = rebuild(project.results)
    for reason in made.unreadable:
        note(f"bench: left out: {reason}")
    if as_json:
        document(asdict(made))
        return
    timed = f" and {made.timings} timed calls" if made.timings else ""
    labelled = f", {made.labelled} of them with human labels," if made.labelled else ""
    answer(
        f"{made.rows} outcomes from {made.jobs} jobs{timed}{labelled} are in {project.results}/bench.duckdb."
    )
    if made.aside:
        answer(f"The former database lies at {made.aside}.")
