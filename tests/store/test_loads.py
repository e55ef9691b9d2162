"""Load measurements as files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from whichmodel.domain import Load, LoadStep
from whichmodel.errors import StoreError
from whichmodel.store import loads

STEP = LoadStep(
    1, 20, 1, {"TimeoutError": 1}, 19, 10.0, 1.9, None, 40.0, 0.5, None, 0.4, None, None, None, 1.5, 0.2
)
LOAD = Load(
    "vllm/a b@x", "s", "tickets", "b", datetime(2026, 11, 1, tzinfo=UTC), False, (STEP,), 0.5, None, "end", 3
)


def test_what_is_read_is_what_was_written_and_nothing_is_overwritten(tmp_path: Path) -> None:
    later = replace(LOAD, started_at=LOAD.started_at + timedelta(seconds=1), knee=1)
    paths = [loads.put(tmp_path, load) for load in (later, LOAD)]
    assert len(set(paths)) == 2
    assert loads.stored(tmp_path) == (LOAD, later)
    assert not list(tmp_path.rglob("*.part"))
    assert later.sustained == STEP
    assert LOAD.sustained is None


def test_before_the_first_one_there_is_none(tmp_path: Path) -> None:
    assert loads.stored(tmp_path) == ()


@pytest.mark.parametrize("text", ["{", "[]", '{"model": "a"}', "x" * (loads.LARGEST + 1)])
def test_a_file_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    path = loads.put(tmp_path, LOAD)
    path.write_text(text)
    with pytest.raises(StoreError, match=path.name):
        loads.stored(tmp_path)
