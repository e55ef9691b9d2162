"""Races as they go: a live table on a terminal, else one plain line every few seconds. To stderr."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from whichmodel.analyse.bill import total
from whichmodel.cli.output import note, usd
from whichmodel.cli.progress import Lines, Watch, spend
from whichmodel.cli.racing.course import Course
from whichmodel.cli.racing.feed import Races
from whichmodel.run.progress import Progress

NAMED = 2
"""Models at the same number of items that the live table names."""


@contextmanager
def watcher(races: Races, *, quiet: bool) -> Iterator[Watch]:
    """What is called with the progress several times a second. quiet: plain lines even on a terminal."""
    console = Console(stderr=True, highlight=False)
    begun = sum(course.entry.goes_on for course in races.courses.values())
    on = f", {begun:,} of them begun before" if begun else ""
    count = len(races.courses)
    note(f"{count:,} task{' races' if count == 1 else 's race'}{on}.")
    if console.is_terminal and not quiet:
        with Live(console=console, refresh_per_second=4, transient=True) as live:
            yield lambda progress: live.update(_picture(races, progress, console.size.height))
    else:
        yield Lines(lambda progress: line(races, progress))


def line(races: Races, progress: Progress) -> str:
    """Where all races stand, in one line."""
    settled = sum(course.over for course in races.courses.values())
    failed = f", {progress.failed:,} failed" if progress.failed else ""
    bill = total([part for course in races.courses.values() for part in course.bill])
    low, high = (usd(amount) for amount in bill.whole)
    whole = f"; every item for every model: {low} to {high}" if bill.whole_usd else ""
    return (
        f"{settled:,} of {len(races.courses):,} tasks settled, {progress.done:,} answers{failed}, "
        f"{spend(progress)}{whole}; {progress.elapsed_s:.0f} s"
    )


def _picture(races: Races, progress: Progress, height: int) -> Group:
    """A line a task, open ones first where the terminal is too low for all."""
    grid = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    grid.add_column("task", no_wrap=True)
    grid.add_column("look", justify="right")
    grid.add_column("race")
    grid.add_column("items asked")
    rows = sorted(races.courses.values(), key=lambda course: course.over)
    room = max(3, (height - 4) // 2)
    for course in rows[:room]:
        look = f"{course.now.look:,}" if course.now else "-"
        grid.add_row(
            Text(course.race.task), look, Text(standing(course)), Text(counts(asked(course, progress)))
        )
    hidden = len(rows) - room
    more = Text(f"... and {hidden} more", style="dim") if hidden > 0 else Text("")
    return Group(grid, more, Text(line(races, progress), style="bold"))


def standing(course: Course) -> str:
    """How a race stands, in a few words."""
    now = course.now
    if now is None:
        return "begins"
    if now.asks is None:
        return f"settled: {now.answer.status}, {now.answer.model or 'nobody'}"
    if course.why:
        return f"open: {course.why}"
    return f"open: {now.asks.candidate} is tested" if now.asks.candidate else "open: first look"


def asked(course: Course, progress: Progress) -> dict[str, int]:
    """Model -> items that have ended, earlier runs counted."""
    before = course.stored.drop_duplicates(["model", "item_id"])["model"].value_counts().to_dict()
    found = {}
    for model in course.race.models:
        tally = progress.tallies.get((course.race.task, model))
        found[model] = int(before.get(model, 0)) + (tally.done + tally.failed if tally else 0)
    return found


def counts(items: Mapping[str, int], *, named: int | None = None) -> str:
    """Items by model, models of the same number together: "300 a, b · 50 c".

    named: more models than this are counted instead. None = all are named.
    """
    by_number: dict[int, list[str]] = {}
    for model, number in sorted(items.items()):
        by_number.setdefault(number, []).append(model)
    return " · ".join(
        f"{number:,} {', '.join(by_number[number])}" for number in sorted(by_number, reverse=True)
    )
