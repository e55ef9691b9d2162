"""`bench task validate`: is a task fit to measure with?"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from typing import Any

import click
from rich.text import Text

from whichmodel.cli.output import answer, document, table
from whichmodel.cli.project import Project, project_options, split
from whichmodel.domain import TaskCard
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
    help="Items whose corrupted answers are scored; default: all, of programs and pictures 25.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@project_options
def command(
    project: Project, names: tuple[str, ...], seed: int | None, sample: int | None, as_json: bool
) -> None:
    """Check each task, print a row for each and what was found. Raises CheckFailed where a check fails."""
    cards = [card for card in project.at_hand(names) if not card.inspect_task]
    seed = project.config_seed() if seed is None else seed
    reports = _checked([_Job(card, seed, sample) for card in cards])
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


@dataclass(frozen=True, slots=True)
class _Job:
    card: TaskCard
    seed: int
    sample: int | None

    def report(self, watch: Callable[[int, int], None]) -> Report:
        return validate(self.card, seed=self.seed, sample=self.sample, watch=watch)


def _checked(jobs: Sequence[_Job]) -> list[Report]:
    """One task here, several in as many processes as there are cores: most scorers are plain Python."""
    if len(jobs) == 1:
        progress = _Progress(f"{jobs[0].card.name}: {{:,}} of {{:,}} answers scored")
        reports = [jobs[0].report(progress)]
    else:
        progress = _Progress("{:,} of {:,} tasks checked")
        reports = []
        with get_context("spawn").Pool(min(os.cpu_count() or 1, len(jobs)), _uninterrupted) as pool:
            for report in pool.imap(_report, jobs):
                reports.append(report)
                progress(len(reports), len(jobs))
    progress.clear()
    return reports


def _uninterrupted() -> None:
    """Ctrl-C is for the parent, which ends its processes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _report(job: _Job) -> Report:
    return job.report(lambda done, total: None)


class _Progress:
    """One line on a terminal's standard error, written over."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._shown = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        if self._shown and (done % 20 == 0 or total <= 100 or done == total):
            click.echo(f"\r{self._words.format(done, total)}", nl=False, err=True)

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
