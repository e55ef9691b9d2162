"""A run shares what it measures while it goes on; whatever the store does, the run ends as it would."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from remote.places import Desk, objects
from rows import outcome

from whichmodel.config import SharedStore
from whichmodel.remote import commit
from whichmodel.remote.pull import pull
from whichmodel.remote.sharing import sharing

PATIENCE_S = 300.0


@pytest.fixture
def ann(tmp_path: Path, folder: SharedStore) -> Desk:
    return Desk(tmp_path / "ann", folder)


def until(true: Callable[[], bool]) -> None:
    """Wait for it."""
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def shared_rows(desk: Desk) -> int:
    return commit.head(objects(desk.shared), "public").rows


def test_what_comes_in_is_shared_while_the_run_goes_on_and_the_rest_at_its_end(
    ann: Desk, tmp_path: Path
) -> None:
    said: list[str] = []
    with sharing(ann.config, ann.results, said.append, every=0.05):
        ann.store.ingest([outcome(n) for n in range(5)])
        until(lambda: shared_rows(ann) == 5)
    with sharing(ann.config, ann.results, said.append, every=3600):
        ann.store.ingest([outcome(n) for n in range(5, 8)])
        assert shared_rows(ann) == 5
    assert shared_rows(ann) == 8
    assert said == []
    bob = Desk(tmp_path / "bob", ann.shared)
    assert pull(bob.place).rows == {"outcomes": 8}


def test_a_store_that_is_away_is_told_of_once_and_the_rows_wait(ann: Desk) -> None:
    away = Path(ann.shared.address)
    away.write_text("a file where the folder should be")
    said: list[str] = []
    with sharing(ann.config, ann.results, said.append, every=0.05):
        ann.store.ingest([outcome(n) for n in range(5)])
        until(lambda: bool(said))
    assert len(said) == 1
    assert said[0].startswith("Not shared yet: ")
    assert "bench store push" in said[0]
    away.unlink()
    with sharing(ann.config, ann.results, said.append, every=3600):
        pass
    assert shared_rows(ann) == 5


def test_an_interrupted_run_ends_at_once_and_names_what_brings_the_rest(ann: Desk) -> None:
    said: list[str] = []
    ann.store.ingest([outcome(1)])
    with pytest.raises(KeyboardInterrupt), sharing(ann.config, ann.results, said.append, every=3600):
        raise KeyboardInterrupt
    assert shared_rows(ann) == 0
    assert "bench store push" in said[0]


def test_a_run_that_fails_shares_what_it_had_and_fails_as_it_would(ann: Desk) -> None:
    ann.store.ingest([outcome(1)])
    with pytest.raises(ZeroDivisionError), sharing(ann.config, ann.results, print, every=3600):
        raise ZeroDivisionError
    assert shared_rows(ann) == 1
