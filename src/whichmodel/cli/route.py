"""`bench route`: decide from what is stored, and write the routing table."""

from __future__ import annotations

import click

from whichmodel.cli import report
from whichmodel.cli.decision import decide, write
from whichmodel.cli.output import document
from whichmodel.cli.project import Project, project_options


@click.command(help="Decide, and write results/routing/<organisation>.yaml and .json. Asks no model.")
@click.option("--org", help="Organisation; default: default_organisation of bench.yaml.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def command(project: Project, org: str | None, as_json: bool) -> None:
    """Decide every measured task for an organisation."""
    organisation = project.config.organisation(org)
    decision = decide(project, organisation, project.stored_panel(project.reader()))
    written = write(project, decision)
    tasks = [route.task for route in decision.table.routes]
    if as_json:
        document(
            {
                "organisation": organisation.name,
                "simulated": decision.table.simulated,
                "expires_at": decision.table.expires_at,
                "routes": [report.route_json(route) for route in decision.table.routes],
                "written": {kind: str(path) for kind, path in written.items()},
            }
        )
        return
    report.show_routes(decision, tasks)
    report.show_written(written)
