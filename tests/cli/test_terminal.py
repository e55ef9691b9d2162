"""Runs on a real pseudo-terminal, read off an emulated screen as their user sees it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from program import Bench, clean_environment
from terminal import Terminal

SIZES = [(40, 12), (60, 16), (80, 24), (120, 30), (200, 50), (80, 10), (100, 60)]
COLOUR = re.compile(rb"\x1b\[[0-9;]*(3[0-8]|4[0-8]|9[0-7]|10[0-7])(;[0-9;]*)?m")
SLOW = 240.0
"""Seconds for what starts worker processes, on a busy machine."""
MANY = Path(__file__).with_name("many_cells.py")


def environment(**more: str) -> dict[str, str]:
    return {**clean_environment(), "TERM": "xterm-256color", "PYTHONPATH": os.pathsep.join(sys.path), **more}


@contextmanager
def many(tmp_path: Path, columns: int, lines: int, **more: str) -> Iterator[Terminal]:
    """The live table of 10 tasks x 20 models, drawn once at least."""
    command = [sys.executable, str(MANY), "10", "20"]
    with Terminal(
        command, folder=tmp_path, env=environment(**more), columns=columns, lines=lines
    ) as terminal:
        yield terminal


def drawn(terminal: Terminal) -> bool:
    return terminal.live and "more" in terminal.text


def percent(terminal: Terminal) -> int:
    """How far the run on the screen is."""
    found = re.search(r"(\d+)%", terminal.text)
    return int(found.group(1)) if terminal.live and found else 0


def fits(terminal: Terminal, columns: int, lines: int) -> bool:
    try:
        checked(terminal, columns, lines)
    except (AssertionError, StopIteration):
        return False
    return True


def checked(terminal: Terminal, columns: int, lines: int) -> None:
    """What holds of the table at every size."""
    shown = terminal.lines
    assert "6%" in shown[0]
    assert f"{10 * (1200 + 300):,}/240,000 done" in shown[0]
    facts = " ".join(shown[1:5])
    for fact in ("$1.25 of $5.00 (25%) spent", "20 failed", "50 retries", "starting"):
        assert fact in facts
    heading = next(n for n, line in enumerate(shown) if line.strip().startswith("task"))
    assert {"model", "done", "score"} <= set(shown[heading].split())
    rows = [line for line in shown[heading + 1 :] if line[:1] in "▸·✓!" and line[:1]]
    assert rows[0].startswith("▸")
    assert all(re.search(r"\d+/1,200", row) for row in rows), "a row that is cut shows no count"
    assert re.search(r"and \d+ more: ", terminal.text)
    assert not shown[-1] or "more" in shown[-1]
    assert all(len(line) <= columns for line in shown)
    assert len(shown) == lines


@pytest.mark.parametrize("exported", [{}, {"COLUMNS": "80", "LINES": "24"}], ids=["", "exported"])
def test_200_cells_at_every_size_of_a_terminal_that_is_resized(
    tmp_path: Path, exported: dict[str, str]
) -> None:
    with many(tmp_path, 80, 24, **exported) as terminal:
        terminal.until(drawn)
        for columns, lines in SIZES:
            terminal.resize(columns, lines)
            terminal.erase()
            # A picture of the old size may still be under way.
            terminal.until(lambda t, size=(columns, lines): drawn(t) and t.complete and fits(t, *size))  # type: ignore[misc]
            checked(terminal, columns, lines)
        terminal.type("q")
        assert terminal.end() == 0
        assert terminal.text.splitlines() == [
            "before",
            "400 cells to measure, 0 measured already.",
            "said meanwhile",
            "after",
        ]
        assert not terminal.live
        assert not terminal.cursor_hidden


def test_a_terminal_that_does_not_say_its_size_is_drawn_on_as_one_of_80_columns(tmp_path: Path) -> None:
    with many(tmp_path, 80, 25) as terminal:
        terminal.resize(0, 0)
        terminal.until(lambda t: drawn(t) and t.complete and fits(t, 80, 25))
        checked(terminal, 80, 25)
        terminal.type("q")
        assert terminal.end() == 0


def test_an_interrupt_leaves_the_last_plain_state(tmp_path: Path) -> None:
    with many(tmp_path, 80, 24) as terminal:
        terminal.until(drawn)
        assert COLOUR.search(terminal.raw)
        terminal.type("\x03")
        assert terminal.end() == 0
        assert not terminal.live
        assert not terminal.cursor_hidden
        text = " ".join(terminal.text.split())
        assert "15,000/240,000 done, 20 failed, 50 retries, $1.25 of $5.00 (25%) spent" in text
        assert "▸" not in text
        assert text.endswith("interrupted after")


def test_without_colour_the_table_is_the_same_and_has_no_code_of_one(tmp_path: Path) -> None:
    with many(tmp_path, 80, 24, NO_COLOR="1") as terminal:
        terminal.until(drawn)
        checked(terminal, 80, 24)
        terminal.type("q")
        assert terminal.end() == 0
        assert not COLOUR.search(terminal.raw)


def test_a_dumb_terminal_gets_plain_lines(tmp_path: Path) -> None:
    with many(tmp_path, 80, 24, TERM="dumb") as terminal:
        terminal.until(lambda t: "done" in t.text)
        terminal.type("q")
        assert terminal.end() == 0
        assert b"\x1b" not in terminal.raw
        assert "15,000/240,000 done, 20 failed, 50 retries" in terminal.text


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    made = Bench(tmp_path_factory.mktemp("terminal"))
    assert made("init").code == 0
    return made


def test_a_run_is_watched_resized_interrupted_and_ends_with_the_answer(project: Bench) -> None:
    arguments = ("demo", "--tasks", "tickets", "--models", "demo-aurora/grand,rule/classify")
    command = project.command(*arguments)
    with Terminal(command, folder=project.folder, env=environment(), columns=40, lines=12) as terminal:
        row = re.compile(r"tickets +demo-aurora/grand +\d+/420")
        terminal.until(lambda t: percent(t) > 0 and bool(row.search(t.text)), timeout=SLOW)
        assert "nothing charged" in terminal.text
        before = percent(terminal)
        terminal.resize(200, 50)
        terminal.until(lambda t: percent(t) > before and "retries" in t.text, timeout=SLOW)
        terminal.type("\x03")
        assert terminal.end(timeout=SLOW) == 130
        assert not terminal.live
        assert not terminal.cursor_hidden
        assert "Traceback" not in terminal.text
        assert terminal.lines[0].startswith("840 cells to measure")
        assert re.search(r"^\d+/840 done, nothing charged", terminal.text, flags=re.MULTILINE)
        assert "bench: interrupted; what had ended is stored" in terminal.text
    rest = project.command(*arguments, "--limit", "60")
    with Terminal(
        rest, folder=project.folder, env=environment(NO_COLOR="1"), columns=80, lines=40
    ) as terminal:
        assert terminal.end(timeout=SLOW) == 0
        assert not COLOUR.search(terminal.raw)
        assert "Routes for acme, simulated" in terminal.text
        assert "Next: bench leaderboard" in terminal.text
        assert "▸" not in terminal.text
