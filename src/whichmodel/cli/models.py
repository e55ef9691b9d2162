"""`bench models`: who can be asked from here."""

from __future__ import annotations

from datetime import datetime

import click

from whichmodel.cli.discover import command as discover
from whichmodel.cli.groups import Named
from whichmodel.cli.output import answer, document, table
from whichmodel.cli.project import Project, demo_panel, project_options
from whichmodel.providers.baselines import BASELINES
from whichmodel.providers.presence import Presence, presence
from whichmodel.store import read

Replied = tuple[str, datetime]
"""The id that a model's last reply named, and when (UTC)."""


@click.group(
    cls=Named, invoke_without_command=True, help="List the models and whether they can be asked from here."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
@click.pass_context
def command(ctx: click.Context, project: Project, as_json: bool) -> None:
    """List configured models, rule baselines, and the demo panel where it would stand in."""
    if ctx.invoked_subcommand is None:
        _list(project, as_json)


command.add_command(discover)


def _list(project: Project, as_json: bool) -> None:
    found = [*presence(project.config.models), *(Presence(rule, True) for rule in BASELINES)]
    stands_in = not any(p.present for p in found if not p.model.baseline)
    if stands_in:
        found += [Presence(model, True) for model in demo_panel(()).models if not model.baseline]
    reader = read(project.results)
    replied = reader.replied_last() if reader else {}
    if as_json:
        document([_row(p, replied.get(p.model.id)) for p in found])
        return
    rows = [_cells(p, replied.get(p.model.id)) for p in found]
    answer(table(["model", "answers in", "vendor", "region", "here", "replied last"], rows))
    if stands_in:
        answer("\nNo key and no endpoint was found: `bench run` measures the demo panel, marked simulated.")


def _cells(found: Presence, last: Replied | None) -> list[str]:
    model = found.model
    replied = f"{last[0]}, {last[1]:%Y-%m-%d}" if last else "-"
    return [model.id, model.answers, model.vendor, model.region or "-", _state(found), replied]


def _state(found: Presence) -> str:
    if found.model.simulated:
        return "yes, simulated"
    if found.model.baseline:
        return "yes, a rule"
    return "yes" if found.present else f"no: {found.missing}"


def _row(found: Presence, last: Replied | None) -> dict[str, object]:
    model = found.model
    return {
        "id": model.id,
        "vendor": model.vendor,
        "answers": model.answers,
        "output_mode": model.settings.output_mode,
        "vision": model.vision,
        "region": model.region,
        "licence": model.licence,
        "present": found.present,
        "missing": found.missing or None,
        "simulated": model.simulated,
        "baseline": model.baseline,
        "settings_hash": model.settings_hash,
        "replied_last": last[0] if last else None,
        "replied_at": last[1] if last else None,
    }
