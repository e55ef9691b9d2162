"""`bench reprice`: stored costs by today's prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal

import click

from whichmodel.cli.output import answer, document, table, usd
from whichmodel.cli.project import Project, project_options
from whichmodel.pricing.stored import Again
from whichmodel.store import Change, Store

NOTE = "Rows of the demo panel and of rules keep their prices. The logs are unchanged."


@click.command(
    help="Compute the stored costs anew from stored usage, time and today's prices; nobody is asked. "
    "The logs stay the journal: `bench rebuild` makes its costs of their usage too, by the public list of "
    "today and the own prices that each log was written with."
)
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def command(project: Project, dry_run: bool, as_json: bool) -> None:
    """Give all stored real rows the costs of today's configuration, and publish a snapshot."""
    project.reader()
    again = Again({model.id: model for model in project.config.models})
    store = Store(project.results)
    changes = store.reprice(again, dry_run=dry_run)
    changed = sum(change.changed for change in changes)
    if changed and not dry_run:
        store.publish()
    if as_json:
        rows = sum(change.rows for change in changes)
        document(
            {
                "dry_run": dry_run,
                "rows": rows,
                "changed": changed,
                "models": [asdict(change) for change in changes],
            }
        )
        return
    _show(changes, changed, dry_run)


def _show(changes: Sequence[Change], changed: int, dry_run: bool) -> None:
    if not changes:
        answer(f"No row of a real model is stored; there is nothing to price. {NOTE}")
        return
    if changed:
        headings = ["model", "rows", "changed", "cost", "judge", "unknown"]
        shown = [_row(change) for change in changes if change.changed]
        answer(table(headings, shown, numbers=[1, 2]))
    verb = "would change" if dry_run else "changed"
    rows = sum(change.rows for change in changes)
    costs = sum(change.cost_changed for change in changes)
    answer(f"{changed:,} of {rows:,} rows {verb}, {costs:,} of them in their cost. {NOTE}")


def _row(change: Change) -> list[str]:
    return [
        change.model,
        f"{change.rows:,}",
        f"{change.changed:,}",
        _step(change.old_usd, change.new_usd),
        _step(change.old_judge_usd, change.new_judge_usd),
        f"{change.old_unknown:,} -> {change.new_unknown:,}",
    ]


def _step(old: Decimal, new: Decimal) -> str:
    return usd(old) if old == new else f"{usd(old)} -> {usd(new)}"
