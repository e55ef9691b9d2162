"""Runs and readers at the same time: nobody is shut out. Ten minutes of it are in `benchmarks/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.rig import soaking


def test_three_runs_and_their_viewers_meet_no_lock_and_see_what_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soaking, "VIEWERS", 3)
    monkeypatch.setattr(soaking, "ITEMS_A_LIFE", 60)
    found = soaking.soak(tmp_path, 1 / 60)
    assert found.broken == ()
    assert found.errors == ()
    assert found.missing == 0
    assert found.runs >= 3
    assert found.ages_s
