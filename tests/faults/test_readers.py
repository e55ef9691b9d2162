"""Runs and readers at the same time: nobody is shut out. Ten minutes of it are in `benchmarks/`."""

from __future__ import annotations

from pathlib import Path

from benchmarks.rig.soaking import soak


def test_three_runs_and_ten_viewers_meet_no_lock_and_see_what_is_new(tmp_path: Path) -> None:
    found = soak(tmp_path, 1 / 60)
    assert found.broken == ()
    assert found.errors == ()
    assert found.missing == 0
    assert found.runs >= 3
    assert found.ages_s
