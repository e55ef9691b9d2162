"""Races as they go: a live table on a terminal, else one plain line every few seconds. To stderr."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Group, RenderableType
from rich.text import Text

from whichmodel.analyse.bill import total
from whichmodel.cli.output import note, usd
from whichmodel.cli.progress import Watch, shown
from whichmodel.cli.racing.course import Course
from whichmodel.cli.racing.feed import Races
from whichmodel.cli.screen import Column, bar, duration, flowing, grid, left_over, mark, spend, troubles
from whichmodel.run.progress import Progress

NAMED = 2
"""Models at the same number of items that the live table names."""


@contextmanager
def watcher(races: Races, *, quiet: bool) -> Iterator[Watch]:
    """What is called with the progress several times a second. quiet: plain lines even on a terminal."""
    begun = sum(course.entry.goes_on for course in races.courses.values())
    on = f", {begun:,} of them begun before" if begun else ""
    count = len(races.courses)
    note(f"{count:,} task{' races' if count == 1 else 's race'}{on}.")

    def draw(progress: Progress, width: int, height: int) -> RenderableType:
        return picture(races, progress, width, height)

    with shown(draw, lambda progress: line(races, progress), quiet=quiet) as watch:
        yield watch


def line(races: Races, progress: Progress) -> str:
    """Where all races stand, in one line."""
    settled = sum(course.over for course in races.courses.values())
    failed = f", {progress.failed:,} failed" if progress.failed else ""
    whole = _whole(races)
    return (
        f"{settled:,} of {len(races.courses):,} tasks settled, {progress.done:,} answers{failed}, "
        f"{spend(progress)}{f'; {whole}' if whole else ''}; {progress.elapsed_s:.0f} s"
    )


def _whole(races: Races) -> str:
    """What it would cost without a race. "" = unknown."""
    bill = total([part for course in races.courses.values() for part in course.bill])
    low, high = (usd(amount) for amount in bill.whole)
    return f"every item for every model: {low} to {high}" if bill.whole_usd else ""


def picture(races: Races, progress: Progress, width: int, height: int) -> RenderableType:
    """A line a task, open ones first, below the totals of all races; then tasks that do not race."""
    courses = sorted(races.courses.values(), key=lambda course: course.over)
    settled = sum(course.over for course in courses)
    facts = [f"{progress.done:,} answers", spend(progress), duration(progress.elapsed_s)]
    facts += [*troubles(progress), *filter(None, [_whole(races)])]
    counted = f"{settled:,}/{len(courses):,} settled"
    head = [bar(settled / len(courses) if courses else 0.0, counted, width), *flowing(facts, width)]
    rows = courses[: max(1, height - len(head) - 3)]
    marks = [mark(under_way=course.now is not None, ended=course.over) for course in rows]
    table = grid(_columns(rows, progress), marks, width)
    return Group(*head, Text(), table, left_over(len(courses) - len(rows)))


def _columns(courses: Sequence[Course], progress: Progress) -> list[Column]:
    numbers = [counts(asked(course, progress), named=NAMED) for course in courses]
    return [
        Column("task", [course.race.task for course in courses], name=True),
        Column("look", [f"{c.now.look:,}" if c.now else "-" for c in courses], right=True, goes=2),
        Column("race", [standing(course) for course in courses], name=True),
        Column("items asked", numbers, name=True, goes=1),
    ]


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

    named: models of the same number that are named, further ones are counted. None = all are named.
    """
    by_number: dict[int, list[str]] = {}
    for model, number in sorted(items.items()):
        by_number.setdefault(number, []).append(model)
    return " · ".join(
        f"{number:,} {_names(by_number[number], named)}" for number in sorted(by_number, reverse=True)
    )


def _names(models: Sequence[str], named: int | None) -> str:
    further = 0 if named is None else len(models) - named
    return ", ".join(models[:named]) + (f" and {further:,} more" if further > 0 else "")
