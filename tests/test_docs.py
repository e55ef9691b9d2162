"""Pages that speak of code name what the code has, and hold its figures."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from whichmodel.analyse.latency import LATE_SHARE, LEAST_STEADY
from whichmodel.domain import Ended, Outcome, Status, Timing
from whichmodel.providers.failures import FATAL
from whichmodel.run.call import FIRST_WAIT_S, MOST_WAIT_S, PATIENCE
from whichmodel.run.job import Limits
from whichmodel.run.lag import TICK_S
from whichmodel.run.lane import ANSWERED_BEFORE, NEVER_ANSWERED
from whichmodel.run.worker import SYNC_S

PAGE = Path(__file__).resolve().parents[1] / "docs" / "concepts" / "measurement.md"
LIMITS = Limits()


def _page() -> str:
    return " ".join(PAGE.read_text(encoding="utf-8").split())


def _tables(heading: str) -> set[str]:
    """Names in the first columns of the tables under a heading."""
    part = PAGE.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    cells = (line.split("|")[1] for line in part.splitlines() if line.startswith("| `"))
    return {name for cell in cells for name in re.findall(r"`([a-z0-9_]+)`", cell)}


@pytest.mark.parametrize(
    ("heading", "of", "states"),
    [("A sample's outcome", Outcome, Status), ("A timed call", Timing, ())],
)
def test_every_field_is_explained_and_none_that_does_not_exist(
    heading: str, of: type, states: type[Status] | tuple[()]
) -> None:
    named = _tables(heading) - {str(state) for state in states}
    assert named == {field.name for field in fields(of)}


def test_every_way_to_end_is_named() -> None:
    for state in (*Status, *Ended):
        assert f"`{state}`" in _page()


@pytest.mark.parametrize(
    "words",
    [
        f"An attempt ends after {LIMITS.attempt_s:g} s, all attempts at a call after {LIMITS.call_s:g} s",
        f"with its scoring after {LIMITS.sample_s:g} s",
        f"up to {LIMITS.retries} times, a 429 up to {LIMITS.retries * PATIENCE};",
        f"doubles from {FIRST_WAIT_S:g} s to at most {MOST_WAIT_S:g} s",
        f"{NEVER_ANSWERED} before its first answer, {ANSWERED_BEFORE} after it",
        f"**What stops a model**: {', '.join(map(str, FATAL))}, a quota",
        f"above {LATE_SHARE:.0%} of `latency_s`",
        f"fewer than {LEAST_STEADY} remain",
        f"looked at every {TICK_S * 1000:g} ms",
        f"given every {SYNC_S:g} s",
    ],
)
def test_its_figures_are_those_of_the_code(words: str) -> None:
    assert words in _page()
