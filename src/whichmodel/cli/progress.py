"""A run as it goes: a live table on a terminal, else one plain line every few seconds. To stderr."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr

from rich.console import Console, ConsoleDimensions, RenderableType
from rich.live import Live

from whichmodel.cli.output import note
from whichmodel.cli.screen import left, picture, spend, troubles
from whichmodel.plan import Plan
from whichmodel.run.progress import Progress

LINE_S = 5.0
PICTURE_S = 0.25
Watch = Callable[[Progress], None]
Words = Callable[[Progress], str]
Picture = Callable[[Progress, int, int], RenderableType]
"""The progress for a terminal of so many columns and lines."""


@contextmanager
def watcher(plan: Plan, *, quiet: bool) -> Iterator[Watch]:
    """What is called with the progress several times a second. quiet: plain lines even on a terminal."""
    note(f"{plan.cells:,} cells to measure, {plan.done:,} measured already.")
    with shown(picture, line, quiet=quiet) as watch:
        yield watch


@contextmanager
def shown(draw: Picture, words: Words, *, quiet: bool) -> Iterator[Watch]:
    """The picture where stderr is a terminal that can be drawn on, else the words from time to time."""
    console = Console(file=sys.stderr, highlight=False)
    if quiet or not sys.stderr.isatty() or console.is_dumb_terminal:
        yield Lines(words)
        return
    said = io.StringIO()
    screen = _Screen(console, draw)
    try:
        with redirect_stderr(said):
            yield screen
    except BaseException:
        screen.close()
        if screen.last is not None:
            note(words(screen.last))
        raise
    finally:
        screen.close()
        sys.stderr.write(said.getvalue())


class _Screen:
    """Draws on the terminal's second screen: the first one is as it was when that is closed.

    So neither a change of size nor an interrupt leaves half a table behind.
    """

    def __init__(self, console: Console, draw: Picture) -> None:
        self.last: Progress | None = None
        self._console = console
        self._draw = draw
        self._live: Live | None = None
        self._drawn = 0.0
        self._size = self._measured()

    def __call__(self, progress: Progress) -> None:
        """Draw, if it is time or the size has changed."""
        self.last = progress
        size, now = self._measured(), time.monotonic()
        if self._live and size == self._size and now - self._drawn < PICTURE_S:
            return
        self._size, self._drawn = size, now
        drawn = self._draw(progress, size.width, size.height)
        if self._live is None:
            self._live = Live(
                drawn,
                console=self._console,
                screen=True,
                auto_refresh=False,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()
        self._live.update(drawn, refresh=True)

    def _measured(self) -> ConsoleDimensions:
        """The terminal's own size: one that a shell exported is wrong once its window has another.

        A terminal that does not say its own has the one that is exported, else 80 x 25.
        """
        columns, lines = os.get_terminal_size(self._console.file.fileno())
        if columns and lines:
            self._console.size = ConsoleDimensions(columns, lines)
        return self._console.size

    def close(self) -> None:
        """Back to the first screen."""
        if self._live:
            self._live.stop()
            self._live = None


class Lines:
    """Says how far a run is every few seconds. words: the progress in one line."""

    def __init__(self, words: Words) -> None:
        self._last = time.monotonic()
        self._words = words

    def __call__(self, progress: Progress) -> None:
        """Say it, if it is time."""
        if time.monotonic() - self._last >= LINE_S:
            self._last = time.monotonic()
            note(self._words(progress))


def line(progress: Progress) -> str:
    """How far a run is, in one line."""
    facts = [f"{progress.done:,}/{progress.planned:,} done", *troubles(progress)]
    return ", ".join([*facts, spend(progress), left(progress)])
