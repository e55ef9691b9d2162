"""`bench status`: what is measured, what it cost, what failed, what is stale or new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, get_args

import click

from whichmodel.cli import status_text as text
from whichmodel.cli.output import document
from whichmodel.cli.project import Project, project_options
from whichmodel.cli.served import as_json as served_json
from whichmodel.cli.served import notable
from whichmodel.decide.replay import open_races
from whichmodel.providers.baselines import BASELINES
from whichmodel.store import Panel, Race, Reader, Spent
from whichmodel.views import inventory, spend
from whichmodel.views.commands import go_on
from whichmodel.views.source import Source

PANELS: tuple[Panel, ...] = get_args(Panel)


@click.command(help="What is measured, what it cost, what failed, what is stale or new.")
@click.option("--cells", is_flag=True, help="A line for each task and model instead of each task.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def command(project: Project, cells: bool, as_json: bool) -> None:
    """Coverage, spend, failures with the command that retries them, stale tables, new models, races, runs."""
    source = project.source()
    if as_json:
        document(_document(project, source))
        return
    reader = source.reader
    for panel in PANELS:
        if cells:
            text.cells(_measured(reader), panel)
        else:
            text.coverage(inventory.coverage(source, panel), panel)
    text.spend({panel: spend.total(_spent(reader, panel)) for panel in PANELS})
    text.causes([(panel, cause) for panel in PANELS for cause in inventory.causes(source, panel)])
    text.served([one for panel in PANELS for one in notable(project, panel)])
    text.tables(inventory.tables(source, datetime.now(UTC)))
    text.new(inventory.new(source), real="real" in reader.panels())
    text.races(open_races(reader.races()))
    text.runs(reader.runs())


def _measured(reader: Reader) -> list[dict[Any, Any]]:
    rows: list[dict[Any, Any]] = reader.measured().to_dict("records")
    return [{key: None if value != value else value for key, value in row.items()} for row in rows]


def _spent(reader: Reader, panel: Panel) -> Sequence[Spent]:
    """What was paid in a panel; rules, which stand in both and cost nothing, count as real."""
    rules = {model.id for model in BASELINES}
    return [row for row in reader.spent(panel) if panel == "real" or row.model not in rules]


def _document(project: Project, source: Source) -> dict[str, Any]:
    reader = source.reader
    fresh = inventory.new(source)
    covered = ((panel, one) for panel in PANELS for one in inventory.coverage(source, panel))
    return {
        "measured": _measured(reader),
        "coverage": [{"panel": panel, **asdict(one), "share": one.share} for panel, one in covered],
        "spend": {panel: _spend_json(spend.total(_spent(reader, panel))) for panel in PANELS},
        "failures": [
            {"panel": panel, **row} for panel in PANELS for row in reader.failures(panel).to_dict("records")
        ],
        "causes": [
            {"panel": panel, **asdict(one)} for panel in PANELS for one in inventory.causes(source, panel)
        ],
        "tables": [asdict(one) for one in inventory.tables(source, datetime.now(UTC))],
        "new_models": {"configured": fresh.configured, "served": [asdict(one) for one in fresh.served]},
        "open_races": [_race_json(race) for race in open_races(reader.races())],
        "served": [{"panel": p, **served_json(one)} for p in PANELS for one in notable(project, p)],
        "runs": [asdict(run) for run in reader.runs()],
    }


def _spend_json(paid: spend.Spend) -> dict[str, Any]:
    return {key: value for key, value in asdict(paid).items() if key != "name"}


def _race_json(race: Race) -> dict[str, Any]:
    names = ("organisation", "simulated", "task", "kind", "look", "why", "model", "started_at", "looked_at")
    return {name: getattr(race, name) for name in names} | {
        "bank": len(race.items),
        "command": go_on([race]),
    }
