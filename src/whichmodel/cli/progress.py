"""A run as it goes: a live table on a terminal, else one plain line every few seconds. To stderr."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from whichmodel.cli.output import note, usd
from whichmodel.plan import Plan
from whichmodel.run.progress import Progress, Tally

LINE_S = 5.0
Watch = Callable[[Progress], None]


@contextmanager
def watcher(plan: Plan, *, quiet: bool) -> Iterator[Watch]:
    """What is called with the progress several times a second. quiet: plain lines even on a terminal."""
    console = Console(stderr=True, highlight=False)
    note(f"{plan.cells:,} cells to measure, {plan.done:,} measured already.")
    if console.is_terminal and not quiet:
        with Live(console=console, refresh_per_second=4, transient=True) as live:
            yield lambda progress: live.update(_picture(progress, console.size.height))
    else:
        yield Lines(_line)


class Lines:
    """Says how far a run is every few seconds. words: the progress in one line."""

    def __init__(self, words: Callable[[Progress], str]) -> None:
        self._last = time.monotonic()
        self._words = words

    def __call__(self, progress: Progress) -> None:
        """Say it, if it is time."""
        if time.monotonic() - self._last >= LINE_S:
            self._last = time.monotonic()
            note(self._words(progress))


def _line(progress: Progress) -> str:
    failed = f", {progress.failed:,} failed" if progress.failed else ""
    return f"{progress.done:,}/{progress.planned:,} done{failed}, {spend(progress)}, {_left(progress)}"


def spend(progress: Progress) -> str:
    """What the run has cost so far."""
    if not progress.charged:
        return "nothing charged"
    limit = f" of {usd(progress.budget)}" if progress.budget is not None else ""
    unknown = f" + {progress.unpriced:,} of unknown cost" if progress.unpriced else ""
    return f"{usd(progress.spent)}{limit} spent{unknown}"


def _left(progress: Progress) -> str:
    remaining = progress.remaining_s
    if remaining is None:
        return f"{progress.elapsed_s:.0f} s, starting"
    return f"{progress.elapsed_s:.0f} s, about {remaining:.0f} s left"


def _picture(progress: Progress, height: int) -> Group:
    """Task x model; what is running first when the terminal is too low for all."""
    grid = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for heading, justify in (("task", "left"), ("model", "left"), ("done", "right"), ("score", "right")):
        grid.add_column(heading, justify="right" if justify == "right" else "left", no_wrap=True)
    grid.add_column("failed", justify="right")
    grid.add_column("retries", justify="right")
    rows = sorted(progress.tallies.items(), key=lambda entry: _rank(entry[1]))
    room = max(3, height - 5)
    for (task, model), tally in rows[:room]:
        grid.add_row(
            Text(task),
            Text(model),
            f"{tally.done}/{tally.planned}",
            "-" if tally.score is None else f"{tally.score:.2f}",
            str(tally.failed or ""),
            str(tally.retries or ""),
        )
    hidden = len(rows) - room
    more = Text(f"... and {hidden} more", style="dim") if hidden > 0 else Text("")
    return Group(grid, more, Text(_line(progress), style="bold"))


def _rank(tally: Tally) -> int:
    ended = tally.done + tally.failed
    if 0 < ended < tally.planned:
        return 0
    return 1 if ended == 0 else 2
