"""`bench task validate`: is a task fit to measure with?"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import click
from rich.text import Text

from whichmodel.cli.output import answer, document, table
from whichmodel.cli.project import Project, project_options, split
from whichmodel.errors import CheckFailed
from whichmodel.validate import Finding, Report, validate

SHOWN = 6
"""Ids of items that a finding names; the document has all."""


@click.command(help="Check tasks: right answers score 1, wrong ones less, no prompt holds its answer.")
@click.argument("names", required=False, callback=split)
@click.option("--seed", type=click.IntRange(0), help="Of generated items; default: bench.yaml's.")
@click.option(
    "--sample",
    type=click.IntRange(1),
    help="Items whose corrupted answers are scored; default: all, in a sandbox 25.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def command(
    project: Project, names: tuple[str, ...], seed: int | None, sample: int | None, as_json: bool
) -> None:
    """Check each task, print a row for each and what was found. Raises CheckFailed where a check fails."""
    cards = [card for card in project.at_hand(names) if not card.inspect_task]
    seed = project.config_seed() if seed is None else seed
    reports = []
    for card in cards:
        watch = _Progress(card.name)
        reports.append(validate(card, seed=seed, sample=sample, watch=watch))
        watch.clear()
    if as_json:
        document([_entry(report) for report in reports])
    else:
        _show(reports)
    if failed := [report.task for report in reports if report.failed]:
        raise CheckFailed(
            f"{len(failed)} of {len(reports)} tasks fail a check: {', '.join(failed)}.",
            where="bench task validate",
            remedy="Each finding above names its items." if not as_json else "",
        )


class _Progress:
    """One line on a terminal's standard error, written over."""

    def __init__(self, task: str) -> None:
        self._task = task
        self._shown = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        if self._shown and (done % 20 == 0 or done == total):
            click.echo(f"\r{self._task}: {done:,} of {total:,} answers scored", nl=False, err=True)

    def clear(self) -> None:
        """Leave the line empty."""
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)


def _show(reports: Sequence[Report]) -> None:
    headings = ["task", "", "items", "strata", "right", "wrong", "near-copies", "made", "scored"]
    answer(table(headings, [_row(report) for report in reports], numbers=[2, 4, 5, 6, 7, 8]))
    for report in reports:
        for finding in report.findings:
            answer(f"\n{report.task}: {_words(finding)}")
    failed = sum(report.failed for report in reports)
    answer(f"\n{len(reports) - failed} of {len(reports)} tasks hold.")


def _row(report: Report) -> list[str | Text]:
    return [
        report.task,
        Text("fails", style="red") if report.failed else Text("holds", style="green"),
        f"{report.items:,}",
        _strata(report.strata),
        f"{report.references:,}",
        f"{report.wrong:,}",
        f"{report.near:,}",
        f"{report.made_s:.1f} s",
        f"{report.scored_s:.1f} s",
    ]


def _strata(strata: Mapping[str, int]) -> str:
    """How many strata of which size."""
    if set(strata) <= {""}:
        return "none"
    low, high = min(strata.values()), max(strata.values())
    return f"{len(strata)} of {low}" if low == high else f"{len(strata)} of {low} to {high}"


def _words(finding: Finding) -> str:
    mark = "" if finding.fails else "note, "
    if not finding.items:
        return f"{mark}{finding.check}: {finding.text}"
    more = f" and {len(finding.items) - SHOWN:,} more" if len(finding.items) > SHOWN else ""
    ids = ", ".join(finding.items[:SHOWN])
    count = "1 item" if len(finding.items) == 1 else f"{len(finding.items):,} items"
    return f"{mark}{finding.check}: {finding.text} ({count}: {ids}{more})"


def _entry(report: Report) -> dict[str, Any]:
    return {**asdict(report), "holds": not report.failed}
