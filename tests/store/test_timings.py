"""Timed calls in a real DuckDB: once each, never a failure with a latency, and in older databases too."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

import duckdb
import pytest
from timings import PLAIN, START, timing

from whichmodel.domain import Ended, Timing
from whichmodel.errors import StoreError
from whichmodel.store import Store, read, schema

FAILED: dict[str, Any] = {
    "status": Ended.FAILED,
    "streamed": None,
    "first_kind": None,
    "deltas": None,
    "ttft_s": None,
    "latency_s": None,
    "tokens_per_s": None,
    "cost_usd": None,
    "error_class": "APIStatusError",
    "error_text": "529 overloaded",
}


def test_ingesting_twice_adds_no_row(tmp_path: Path) -> None:
    store = Store(tmp_path)
    rows = [timing(n) for n in range(5)]
    assert [store.ingest_timings(r) for r in (rows, rows, [], [*rows, timing(9)])] == [5, 0, 0, 1]
    assert store.timed() == {"settings-1": 6}


def test_a_row_comes_back_as_it_went_in(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ingest_timings([timing(0), timing(1, **FAILED), timing(2, simulated=True)])
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    first, second = reader.timings("real").to_dict("records")
    for name in ("latency_s", "ttft_s", "first_kind", "deltas", "hour_utc", "streamed", "cold", "item_id"):
        assert first[name] == getattr(PLAIN, name), name
    assert first["cost_usd"] == 1e-10
    assert first["started_at"].to_pydatetime().replace(tzinfo=UTC) == START
    assert second["latency_s"] != second["latency_s"]
    assert "error_text" not in first
    [failed] = reader.timing_failures("real").to_dict("records")
    assert (failed["model"], failed["calls"], failed["example"]) == ("aurora/lite", 1, "529 overloaded")
    assert reader.timings("simulated").key.tolist() == ["k2"]
    assert reader.timing_failures("simulated").empty


@pytest.mark.parametrize(
    "wrong",
    [
        {**FAILED, "latency_s": 1.0},
        {"latency_s": None, "ttft_s": None},
        {"ttft_s": 0.6},
        {"streamed": False},
        {"hour_utc": 24},
    ],
)
def test_what_contradicts_itself_cannot_be_stored(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(StoreError, match="CHECK"):
        Store(tmp_path).ingest_timings([timing(0, **wrong)])


def test_the_table_has_the_fields_of_a_timing_in_their_order(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with duckdb.connect(str(store.path)) as connection:
        found = connection.execute("DESCRIBE timings").fetchall()
    wanted = schema.columns(Timing)
    # Where a row lies in a shared store is no part of what was timed.
    assert found.pop()[0] == "part"
    assert [row[0] for row in found] == list(wanted)
    assert {row[0]: row[2] == "YES" for row in found} == {n: nullable for n, (_, nullable) in wanted.items()}


def test_an_older_database_gets_the_table_and_an_older_snapshot_has_no_calls(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "bench.duckdb")) as connection:
        connection.execute("CREATE TABLE migrations (name VARCHAR PRIMARY KEY, applied TIMESTAMP)")
        for migration in schema.MIGRATIONS[:3]:
            migration(connection)
            connection.execute("INSERT INTO migrations VALUES (?, now())", [migration.__name__])
    folder = tmp_path / "snapshots"
    folder.mkdir()
    (folder / "bench-000001.duckdb").write_bytes((tmp_path / "bench.duckdb").read_bytes())
    (folder / "current").write_text("bench-000001.duckdb")
    old = read(tmp_path)
    assert old is not None
    assert old.timings("real").empty
    assert old.timing_failures("real").empty
    assert Store(tmp_path).ingest_timings([timing(0)]) == 1
    assert len(list(tmp_path.glob("bench.before-*.duckdb"))) == 1
