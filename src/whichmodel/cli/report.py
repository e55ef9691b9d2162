"""`bench report`: the decision as files to hand on."""

from __future__ import annotations

from pathlib import Path

import click

from whichmodel.cli.output import answer, document
from whichmodel.cli.project import Project, project_options, split


@click.command(
    help="Write the decision as files to hand on: one HTML page, a comment for a pull request, tables, "
    "charts. Asks no model. The same store gives the same bytes."
)
@click.option("--org", help="Organisation; default: default_organisation of bench.yaml.")
@click.option(
    "--format",
    "formats",
    callback=split,
    default="html,md",
    show_default=True,
    help="html, md, csv, png, or several between commas.",
)
@click.option(
    "--deployed",
    metavar="FILE",
    default="",
    help="The deployed routing table to set it beside; default: the one under results/routing.",
)
@click.option("--since", metavar="RUN", help="Set it beside how things stood when that run ended instead.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Folder; default: reports under the results."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def command(
    project: Project,
    org: str | None,
    formats: tuple[str, ...],
    deployed: str,
    since: str | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Decide, and write what is told of it; one format that cannot be made loses no other."""
    from whichmodel.cli import report_files
    from whichmodel.report import chosen

    wanted = chosen(formats)
    made = report_files.gathered(project, org, deployed=deployed, since=since)
    written = report_files.write(made, wanted, output or project.results / "reports")
    if as_json:
        document(report_files.as_json(made, written))
    else:
        for line in report_files.lines(made, written):
            answer(line)
    if written.error is not None:
        raise written.error
