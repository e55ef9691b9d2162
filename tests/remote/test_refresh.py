"""Whoever reads gets what is new, and is told how old it is where the store is away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from remote.places import Desk
from rows import outcome

from whichmodel.config import SharedStore
from whichmodel.remote.push import push
from whichmodel.remote.refresh import FRESH, known, refresh
from whichmodel.store import read

NOW = timedelta(0)


@pytest.fixture
def ann(tmp_path: Path, folder: SharedStore) -> Desk:
    desk = Desk(tmp_path / "ann", folder)
    desk.store.ingest([outcome(n) for n in range(3)])
    push(desk.place)
    return desk


def test_an_empty_results_folder_is_filled_and_not_again_within_a_minute(ann: Desk, tmp_path: Path) -> None:
    results = tmp_path / "bob"
    first = refresh(ann.config, results)
    assert first is not None
    assert first.error == first.age(datetime.now(UTC)) == ""
    reader = read(results)
    assert reader is not None
    assert len(reader.outcomes("real")) == 3
    ann.store.ingest([outcome(9)])
    push(ann.place)
    assert refresh(ann.config, results, FRESH) == first
    assert read(results) == reader
    refresh(ann.config, results, NOW)
    fresh = read(results)
    assert fresh is not None
    assert len(fresh.outcomes("real")) == 4


def test_where_the_store_is_away_the_age_is_told_and_no_place(ann: Desk, tmp_path: Path) -> None:
    results = tmp_path / "bob"
    refresh(ann.config, results)
    address = Path(ann.shared.address)
    address.rename(tmp_path / "gone")
    address.write_text("no folder any more")
    away = refresh(ann.config, results, NOW)
    assert away is not None
    assert away.error
    later = datetime.now(UTC) + timedelta(minutes=12)
    assert away.age(later) == "The shared store was read 12 min ago, and cannot be read now."
    assert ann.shared.address in away.told(later)
    reader = read(results)
    assert reader is not None
    assert len(reader.outcomes("real")) == 3
    assert known(results, "another/store").read_at is None


def test_without_a_store_nothing_is_done(ann: Desk, tmp_path: Path) -> None:
    from dataclasses import replace

    assert refresh(replace(ann.config, store=None), tmp_path / "bob") is None
    assert not (tmp_path / "bob").exists()
