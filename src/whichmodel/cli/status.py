"""`bench status`: what is measured, what failed, what it cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, get_args

import click

from whichmodel.cli.output import answer, document, table, usd
from whichmodel.cli.project import Project, project_options
from whichmodel.cli.served import as_json as served_json
from whichmodel.cli.served import notable, words
from whichmodel.decide.replay import open_races
from whichmodel.store import Panel, Race, Run
from whichmodel.views.commands import go_on

PANELS: tuple[Panel, ...] = get_args(Panel)


@click.command(help="What is measured, what failed and why, what it cost.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def command(project: Project, as_json: bool) -> None:
    """Counts by task and model, failures by cause, the last runs."""
    reader = project.reader()
    measured: list[dict[Any, Any]] = reader.measured().to_dict("records")
    failures = [
        {"panel": panel, **row} for panel in PANELS for row in reader.failures(panel).to_dict("records")
    ]
    served = [(panel, one) for panel in PANELS for one in notable(project, panel)]
    waiting = open_races(reader.races())
    if as_json:
        document(
            {
                "measured": [{k: None if v != v else v for k, v in row.items()} for row in measured],
                "failures": failures,
                "open_races": [_race_json(race) for race in waiting],
                "served": [{"panel": panel, **served_json(one)} for panel, one in served],
                "runs": [asdict(run) for run in reader.runs()],
            }
        )
        return
    headings = ["task", "model", "scored", "failed", "spend", "last (UTC)"]
    answer(table(headings, [_row(row) for row in measured], numbers=[2, 3, 4]))
    for line in _beside(measured):
        answer(line)
    for failure in failures:
        answer(
            f"{failure['cells']} cells of {failure['task']} / {failure['model']} failed: "
            f"{failure['error_class']}: {failure['example']}"
        )
    for _, one in served:
        answer(words(one))
    for line in _goes_on(waiting):
        answer(line)
    if runs := reader.runs():
        answer(f"\n{_last(runs[0])} {len(runs)} runs in all.")


def _row(row: dict[Any, Any]) -> list[str]:
    return [
        row["task"],
        row["model"] + (" (simulated)" if row["simulated"] else ""),
        str(row["n"]),
        str(row["failed"]),
        _spend(row["spend_usd"], row["unpriced"]),
        f"{row['last']:%Y-%m-%d %H:%M}",
    ]


def _beside(measured: list[dict[Any, Any]]) -> list[str]:
    """What was paid beside the answers, and what was not paid again."""
    cached = sum(row["cached"] for row in measured)
    lines = []
    for simulated, mark in ((False, ""), (True, " (simulated, not charged)")):
        mine = [row for row in measured if row["simulated"] is simulated]
        judged = sum(row["judge_usd"] for row in mine if not math.isnan(row["judge_usd"]))
        unknown = sum(row["judge_unpriced"] for row in mine)
        if judged or unknown:
            lines.append(f"Judges{mark}: {_spend(judged, unknown)}.")
    if again := sum(row["canaries"] for row in measured):
        lines.append(f"Asked again by canaries, and in no standing: {again:,}.")
    if cached:
        lines.append(f"Taken from the response cache and not paid again: {cached:,}.")
    return lines


def _race_json(race: Race) -> dict[str, Any]:
    names = ("organisation", "simulated", "task", "kind", "look", "why", "model", "started_at", "looked_at")
    return {name: getattr(race, name) for name in names} | {
        "bank": len(race.items),
        "command": go_on([race]),
    }


def _goes_on(waiting: Sequence[Race]) -> list[str]:
    """Each open race, and one command for all that go on together."""
    lines = []
    together: dict[tuple[str, bool, str], list[Race]] = {}
    for race in waiting:
        mark = ", simulated" if race.simulated else ""
        why = f" ({race.why})" if race.why else ""
        lines.append(
            f"Race open on {race.task} for {race.organisation}{mark}: at the look of {race.look:,} of "
            f"{len(race.items):,} items{why}."
        )
        together.setdefault((race.organisation, race.simulated, race.kind), []).append(race)
    return [*lines, *(f"Go on: {go_on(races)}" for races in together.values())]


def _last(run: Run) -> str:
    ended = f"{run.reason}, {run.done} scored, {run.failed} failed" if run.reason else "cut off or running"
    return f"Last run {run.run_id}, {run.started_at:%Y-%m-%d %H:%M} UTC: {ended}."


def _spend(value: float, unpriced: int) -> str:
    known = "" if math.isnan(value) else usd(value)
    return " + ".join(part for part in (known, f"{unpriced} unknown" if unpriced else "") if part)
