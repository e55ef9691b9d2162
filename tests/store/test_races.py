"""Races in the store: what is written comes back, from the database and from the files beside it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from whichmodel.errors import StoreError
from whichmodel.run.rebuild import rebuild
from whichmodel.store import Race, Reader, Store, races, read, schema

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
RACE = Race(
    organisation="lab",
    simulated=False,
    task="invoices",
    task_hash="bank-1",
    order_seed=0,
    items=("i3", "i1", "i2"),
    models=("a/x", "b/y"),
    settings=("s1", "s2"),
    incumbent="a/x",
    kind="all",
    rule='{"delta": 0.03}',
    started_at=NOW,
    looked_at=NOW,
    look=2,
    why="the budget holds no more",
    model="a/x",
    status="provisional",
    withdrawn=("b/y",),
)


def test_what_is_written_comes_back_the_last_looked_at_first(tmp_path: Path) -> None:
    store = Store(tmp_path)
    later = replace(RACE, task="tickets", task_hash="bank-2", looked_at=NOW + timedelta(hours=1))
    store.put_races([RACE, later])
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    assert store.races() == reader.races() == (later, RACE)


def test_a_race_that_goes_on_has_one_row(tmp_path: Path) -> None:
    store = Store(tmp_path)
    over = replace(RACE, look=3, ended_at=NOW, why="", status="certified")
    assert over.race_id == RACE.race_id
    store.put_races([RACE])
    store.put_races([over])
    assert store.races() == (over,)


@pytest.mark.parametrize(
    "other",
    [
        {"organisation": "shop"},
        {"task_hash": "bank-2"},
        {"order_seed": 1},
        {"rule": '{"delta": 0.05}'},
        {"settings": ("s1", "s3")},
        {"models": ("a/x", "c/z")},
        {"incumbent": None},
        {"kind": "challengers"},
        {"simulated": True},
    ],
)
def test_another_question_is_another_race(other: dict[str, object]) -> None:
    assert replace(RACE, **other).race_id != RACE.race_id  # type: ignore[arg-type]


def test_a_rebuilt_database_has_them_again(tmp_path: Path) -> None:
    Store(tmp_path).put_races([RACE])
    damaged = tmp_path / races.FOLDER / "damaged.json"
    damaged.write_text("{")
    made = rebuild(tmp_path)
    assert [str(damaged) in reason for reason in made.unreadable] == [True]
    assert Store(tmp_path).races() == (RACE,)


def test_a_snapshot_from_before_has_none(tmp_path: Path) -> None:
    file = tmp_path / "old.duckdb"
    with duckdb.connect(str(file)) as connection:
        for migration in schema.MIGRATIONS[: schema.MIGRATIONS.index(races.m005_races)]:
            migration(connection)
    assert Reader(file).races() == ()


def test_the_table_has_the_fields_of_a_race_in_their_order(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with duckdb.connect(str(store.path)) as connection:
        found = [row[0] for row in connection.execute("DESCRIBE races").fetchall()]
    assert found == ["race_id", *(field.name for field in fields(Race))]


def test_models_and_settings_are_as_many(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(StoreError, match="CHECK"):
        store.put_races([replace(RACE, settings=("s1", "s2", "s3"))])
