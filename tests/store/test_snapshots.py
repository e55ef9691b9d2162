"""Snapshots of large databases: the new rows alone, and figures that are counted beforehand.

Every answer of a reader is held against the plainest query over every row (`plain_queries`).
"""

from __future__ import annotations

import math
from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import mixed_rows
import pandas as pd
import plain_queries as plain
import pyarrow as pa
import pytest
from rows import START, outcome

from whichmodel.domain import Outcome
from whichmodel.errors import StoreError
from whichmodel.pricing.stored import COSTS
from whichmodel.store import Panel, Reader, Run, Sight, Store, schema, set_aside, snapshots
from whichmodel.store.labels import Label
from whichmodel.store.rows import m008_no_index

PANELS: tuple[Panel, ...] = ("real", "simulated")
UNTIL = (None, "run-4")
SPLITS = ((("run-1",), ("run-2", "run-4", "run-5")), (("run-1", "run-2", "run-4"), ("run-5",)))
COLUMNS = [field.name for field in fields(Outcome) if field.name not in ("error_text", "price_date")]
"""As frames hold them as they are stored: a date is none of those."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database of a few rows counts as a large one."""
    monkeypatch.setattr(snapshots, "WHOLE_ROWS", 10)
    monkeypatch.setattr(snapshots, "SHARE", 1)


def told(reader: Reader) -> dict[str, Any]:
    """All that a reader answers, by the names of `questions`."""
    found: dict[str, Any] = {
        "measured": _rows(reader.measured()),
        "replied_last": _flat(reader.replied_last()),
    }
    for panel in PANELS:
        found[f"served {panel}"] = _rows(reader.served(panel), names="fingerprint_names")
        found[f"brought {panel}"] = _values(reader.brought(panel))
        found[f"failures {panel}"] = _rows(reader.failures(panel).drop(columns="example"))
        for split in SPLITS:
            found[f"again {panel} {split}"] = _values(reader.again(panel, *split))
        for until in UNTIL:
            seen = f"{panel} {until}"
            found[f"failing {seen}"] = _values(reader.failing(panel, until_run=until))
            found[f"spent {seen}"] = _values(reader.spent(panel, until_run=until))
            asked = reader.measured_on(panel, until_run=until)
            found[f"measured_on {seen}"] = [(task, model) for task in asked for model in sorted(asked[task])]
            found[f"outcomes {seen}"] = _rows(reader.outcomes(panel, until_run=until)[COLUMNS])
            frames = [*reader.evidence(panel, COLUMNS, until_run=until)]
            found[f"evidence {seen}"] = _rows(pd.concat(frames)) if frames else []
            chosen = [*reader.evidence(panel, COLUMNS, until_run=until, models=list(mixed_rows.MODELS))]
            found[f"by model {seen}"] = _rows(pd.concat(chosen)) if chosen else []
    return found


def questions() -> dict[str, str]:
    """The same as plain queries."""
    shown = ", ".join(f"{name}::DOUBLE" if name.endswith("cost_usd") else name for name in COLUMNS)
    found = {"measured": plain.measured(), "replied_last": plain.replied_last()}
    for panel in PANELS:
        found[f"served {panel}"] = plain.served(panel)
        found[f"brought {panel}"] = plain.brought(panel)
        found[f"failures {panel}"] = plain.failures(panel)
        for split in SPLITS:
            found[f"again {panel} {split}"] = plain.again(panel, *split)
        for until in UNTIL:
            seen = f"{panel} {until}"
            found[f"failing {seen}"] = plain.failing(panel, until)
            found[f"spent {seen}"] = plain.spent(panel, until)
            found[f"measured_on {seen}"] = plain.measured_on(panel, until)
            for name in ("outcomes", "evidence", "by model"):
                found[f"{name} {seen}"] = f"SELECT {shown} FROM ({plain.counting(panel, until)})"
    return found


def _rows(frame: pd.DataFrame, names: str = "") -> list[tuple[Any, ...]]:
    """A frame's rows as a query gives them."""
    with duckdb.connect() as connection:
        connection.register("frame", frame)
        sorts = f"REPLACE (list_sort({names}) AS {names})" if names else ""
        return connection.execute(f"SELECT * {sorts} FROM frame").fetchall()


def _values(rows: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    return [tuple(getattr(row, field.name) for field in fields(row)) for row in rows]


def _flat(found: dict[str, tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [(name, *values) for name, values in found.items()]


def same(reader: Reader, database: Path, hidden: tuple[str, ...] = ()) -> None:
    """Every answer is the plain query's."""
    expected = plain.asked(database, questions(), hidden)
    for name, answer in told(reader).items():
        assert _plainly(answer) == _plainly(expected[name]), name


def _plainly(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows for comparing: NaN as None; sums of floats do not depend on the order of what is summed."""
    return sorted((tuple(map(_plain, row)) for row in rows), key=repr)


def _plain(value: object) -> object:
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 9) + 0.0
    return value


MIXES = [(1, 1, 1), (2, 2, 1), (3, 2, 2)]
"""Seed, epochs, settings of a model."""


@pytest.mark.parametrize(("seed", "epochs", "settings"), MIXES)
def test_what_is_counted_beforehand_is_what_the_rows_say(
    tmp_path: Path, seed: int, epochs: int, settings: int
) -> None:
    store = filled(tmp_path, mixed_rows.outcomes(Random(seed), 250, epochs=epochs, settings=settings))
    same(Reader(store.publish()), store.path)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("seed", "epochs", "settings"), MIXES)
def test_rows_in_two_files_are_told_as_those_in_one(
    tmp_path: Path, seed: int, epochs: int, settings: int
) -> None:
    rows = mixed_rows.outcomes(Random(seed), 300, epochs=epochs, settings=settings)
    store = filled(tmp_path, rows[:200])
    whole = store.publish()
    store.ingest(rows[190:240])
    assert snapshots.below(store.publish()) == whole
    store.ingest(rows[230:])
    last = store.publish()
    assert snapshots.below(last) == whole
    same(Reader(last), store.path)


def filled(results: Path, rows: list[Outcome]) -> Store:
    """A database of these rows and their runs."""
    store = Store(results)
    for run in mixed_rows.runs():
        store.put_run(run)
    store.ingest(rows)
    return store


def test_a_snapshot_without_the_counts_is_read_as_one_with_them(tmp_path: Path) -> None:
    store = filled(tmp_path, mixed_rows.outcomes(Random(6), 200, epochs=2, settings=2))
    older = store.publish()
    with duckdb.connect(str(older)) as connection:
        for table in (*snapshots.IN_SHORT, "extent"):
            connection.execute(f"DROP TABLE {table}")
    same(Reader(older), store.path)
    assert snapshots.below(store.publish()) is None


@pytest.mark.usefixtures("small")
def test_a_hidden_task_is_in_neither_file(tmp_path: Path) -> None:
    rows = mixed_rows.outcomes(Random(7), 240)
    store = filled(tmp_path, rows[:180])
    sight = Sight("acme", frozenset({"letters"}), frozenset({"nord"}))
    same(Reader(store.publish(), sight), store.path, hidden=("letters",))
    store.ingest(rows[180:])
    last = store.publish()
    assert snapshots.below(last) is not None
    same(Reader(last, sight), store.path, hidden=("letters",))


@pytest.mark.usefixtures("small")
def test_changed_rows_are_followed_by_a_whole_snapshot(tmp_path: Path) -> None:
    store = filled(tmp_path, [outcome(number) for number in range(40)])
    store.publish()
    store.ingest([outcome(40)])
    assert snapshots.below(store.publish()) is not None
    first = outcome(0)
    given = Label(first.key, first.task, first.model, first.item_id, 1, "ann", 0.25)
    assert store.add_labels([given]) == 1
    labelled = store.publish()
    assert snapshots.below(labelled) is None
    shown = Reader(labelled).outcomes("real").set_index("item_id").human_score
    assert shown["i0"] == 0.25
    store.reprice(lambda rows: dearer(rows))
    repriced = store.publish()
    assert snapshots.below(repriced) is None
    assert Reader(repriced).measured().spend_usd.tolist() == [41.0]


def dearer(rows: pa.Table) -> pa.Table:
    """Every row costs 1 USD."""
    one = pa.array([Decimal(1)] * rows.num_rows, pa.decimal128(18, 10))
    return rows.select(["key", *COSTS]).set_column(1, COSTS[0], one)


@pytest.mark.usefixtures("small")
def test_deleted_rows_are_in_no_later_snapshot(tmp_path: Path) -> None:
    store = filled(tmp_path, [outcome(number) for number in range(40)])
    store.publish()
    with duckdb.connect(str(store.path)) as connection:
        connection.execute("DELETE FROM outcomes WHERE item_id = 'i3'")
    store.ingest([outcome(40)])
    last = store.publish()
    assert snapshots.below(last) is None
    assert "i3" not in set(Reader(last).outcomes("real").item_id)


@pytest.mark.usefixtures("small")
def test_a_database_made_anew_is_followed_by_a_whole_snapshot(tmp_path: Path) -> None:
    rows = [outcome(number) for number in range(40)]
    filled(tmp_path, rows).publish()
    set_aside(tmp_path)
    again = filled(tmp_path, rows)
    assert snapshots.below(again.publish()) is None


def test_a_snapshot_that_has_grown_is_followed_by_a_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "WHOLE_ROWS", 10)
    store = filled(tmp_path, [outcome(number) for number in range(40)])
    store.publish()
    store.ingest([outcome(40)])
    one = store.publish()
    store.ingest([outcome(41), outcome(42)])
    three = store.publish()
    assert [snapshots.below(one) is None, snapshots.below(three) is None] == [False, True]
    assert Reader(three).measured().n.tolist() == [43]


@pytest.mark.usefixtures("small")
def test_what_a_kept_snapshot_stands_on_is_kept(tmp_path: Path) -> None:
    store = filled(tmp_path, [outcome(number) for number in range(40)])
    whole = store.publish()
    for number in range(40, 46):
        store.ingest([outcome(number)])
        store.publish()
    left = sorted(path.name for path in (tmp_path / "snapshots").glob("*.duckdb"))
    assert left == [whole.name, *(f"bench-{n:06d}-on-000001.duckdb" for n in (5, 6, 7))]
    assert all(len(Reader(path).outcomes("real")) for path in (tmp_path / "snapshots").glob("*-on-*.duckdb"))


@pytest.mark.usefixtures("small")
def test_a_lost_whole_snapshot_is_made_again(tmp_path: Path) -> None:
    store = filled(tmp_path, [outcome(number) for number in range(40)])
    whole = store.publish()
    store.ingest([outcome(40)])
    store.publish()
    whole.unlink()
    last = store.publish()
    assert snapshots.below(last) is None
    assert len(Reader(last).outcomes("real")) == 41


@pytest.mark.usefixtures("small")
def test_a_reader_of_two_files_reaches_no_other_and_writes_neither(tmp_path: Path) -> None:
    store = filled(tmp_path, [outcome(number) for number in range(40)])
    store.publish()
    store.ingest([outcome(40)])
    reader = Reader(store.publish())
    for query in (
        "SELECT * FROM read_text('/etc/hostname')",
        "INSERT INTO runs SELECT * FROM runs",
        "DELETE FROM whole.outcomes",
        f"ATTACH '{store.path}' AS more",
        "SET enable_external_access = true",
    ):
        with reader._connection() as connection, pytest.raises(duckdb.Error):
            connection.execute(query).fetchall()


@pytest.mark.usefixtures("small")
def test_other_tables_are_those_of_now(tmp_path: Path) -> None:
    store = filled(tmp_path, [outcome(number) for number in range(40)])
    store.publish()
    begun = Run("run-9", START, None, False, "bench run", 1, None, None, None)
    store.put_run(begun)
    store.ingest([outcome(40, run_id="run-9")])
    last = Reader(store.publish())
    assert snapshots.below(last.snapshot) is not None
    assert "run-9" in {run.run_id for run in last.runs()}


def test_of_equal_keys_in_one_batch_the_first_is_stored(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = outcome(0, score=0.5)
    assert store.ingest([first, replace(first, score=1.0), outcome(1)]) == 2
    assert store.ingest([outcome(1), outcome(2), outcome(2)]) == 1
    reader = Reader(store.publish())
    assert reader.outcomes("real").score.tolist() == [0.5, 1.0, 1.0]


def test_a_database_with_an_index_keeps_its_rows_and_loses_the_index(tmp_path: Path) -> None:
    rows = mixed_rows.outcomes(Random(8), 100)
    with duckdb.connect(str(tmp_path / "bench.duckdb")) as connection:
        schema.pending(connection)
        for migration in schema.MIGRATIONS:
            if migration is not m008_no_index:
                migration(connection)
                connection.execute(
                    "INSERT INTO migrations VALUES (?, ?)", [migration.__name__, datetime(2026, 11, 1)]
                )
        connection.register("batch", schema.arrow(rows))
        connection.execute("INSERT OR IGNORE INTO outcomes BY NAME SELECT * FROM batch")
        before = connection.execute("SELECT * FROM outcomes").fetchall()
    store = filled(tmp_path, rows)
    with duckdb.connect(str(store.path), read_only=True) as connection:
        assert connection.execute("SELECT * FROM outcomes").fetchall() == before
        kinds = connection.execute(
            "SELECT DISTINCT constraint_type FROM duckdb_constraints() WHERE table_name = 'outcomes'"
        ).fetchall()
    assert {kind for (kind,) in kinds} == {"CHECK", "NOT NULL"}
    assert list(tmp_path.glob("bench.before-*.duckdb")) != []
    with pytest.raises(StoreError, match="CHECK"):
        store.ingest([outcome(0, attempt=999, score=2.0)])
