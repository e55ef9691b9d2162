"""`bench route`: decide from what is stored, explain, compare with what is deployed."""

from __future__ import annotations

import click

from whichmodel.cli import deployed, explain, promises, route_text, run_report
from whichmodel.cli.decision import decide, write
from whichmodel.cli.output import answer, document
from whichmodel.cli.project import Project, project_options
from whichmodel.domain import Organisation
from whichmodel.errors import UsageError
from whichmodel.views.explained import of_decision


@click.command(help="Decide, and write results/routing/<organisation>.yaml and .json. Asks no model.")
@click.option("--org", help="Organisation; default: default_organisation of bench.yaml.")
@click.option("--explain", "task", metavar="TASK", help="Why this model, why no other; writes nothing.")
@click.option(
    "--diff",
    is_flag=False,
    flag_value="",
    metavar="[FILE]",
    help="What would change in a deployed table; default: the one under results/routing. Writes nothing.",
)
@click.option(
    "--check",
    is_flag=False,
    flag_value="",
    metavar="[FILE]",
    help="Exit 5 where a deployed table is expired, regressed, or a cheaper certified model exists.",
)
@click.option(
    "--regressed",
    is_flag=False,
    flag_value="",
    metavar="[FILE]",
    help="Exit 5 where what a deployed certified route promised is shown to hold no more.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def command(
    project: Project,
    org: str | None,
    task: str | None,
    diff: str | None,
    check: str | None,
    regressed: str | None,
    as_json: bool,
) -> None:
    """Decide every measured task for an organisation."""
    organisation = project.config.organisation(org)
    if sum(way is not None for way in (task, diff, check, regressed)) > 1:
        raise UsageError("--explain, --diff, --check and --regressed go one at a time.", where="bench route")
    if diff is not None:
        deployed.diff(project, organisation, diff, as_json=as_json)
    elif check is not None:
        deployed.check(project, organisation, check, as_json=as_json)
    elif regressed is not None:
        promises.regressed(project, organisation, regressed, as_json=as_json)
    elif task is not None:
        _explain(project, organisation, task, as_json=as_json)
    else:
        _decide(project, organisation, as_json=as_json)


def _explain(project: Project, organisation: Organisation, task: str, *, as_json: bool) -> None:
    decision = decide(project, organisation, project.stored_panel(project.reader()))
    found = of_decision(project.source(), decision, organisation, task)
    if as_json:
        document(explain.as_json(found))
    else:
        explain.show(found)


def _decide(project: Project, organisation: Organisation, *, as_json: bool) -> None:
    decision = decide(project, organisation, project.stored_panel(project.reader()))
    written = write(project, decision)
    by_task = {each.task: each for each in decision.evidence}
    if as_json:
        document(
            {
                "organisation": organisation.name,
                "simulated": decision.table.simulated,
                "expires_at": decision.table.expires_at,
                "routes": [
                    route_text.as_json(route, by_task.get(route.task)) for route in decision.table.routes
                ],
                "written": {kind: str(path) for kind, path in written.items()},
            }
        )
        return
    route_text.show(decision.table, decision.evidence)
    answer()
    run_report.show_written(written)
