"""`bench export`: the routing table as a gateway's configuration."""

from __future__ import annotations

from pathlib import Path

import click

from whichmodel.cli.output import answer, raw
from whichmodel.cli.project import Project, project_options
from whichmodel.errors import UsageError
from whichmodel.export import EXPORTERS


@click.command(help=f"Write a gateway's configuration from results/routing: {', '.join(EXPORTERS)}.")
@click.argument("gateway")
@click.option("--org", help="Organisation; default: default_organisation of bench.yaml.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File; default: stdout.")
@project_options
def command(project: Project, gateway: str, org: str | None, output: Path | None) -> None:
    """Render the routing table that `bench route` or `bench run` wrote."""
    from whichmodel.export.stored import exported, stored

    table = stored(project.results, project.config.organisation(org).name)
    text = exported(gateway, table, project.config)
    if output is None:
        raw(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"The file cannot be written: {error.strerror}.", where=str(output)) from error
    mark = " It rests on simulated models: do not deploy it." if table.simulated else ""
    answer(f"Wrote {output}.{mark}")
