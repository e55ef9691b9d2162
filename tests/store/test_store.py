"""One owner, snapshots, and which outcome of a cell counts: against a real DuckDB."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from rows import FAILED, START, outcome

from whichmodel.errors import StoreError
from whichmodel.store import Run, Store, read, set_aside


def test_ingesting_twice_adds_no_row(tmp_path: Path) -> None:
    store = Store(tmp_path)
    rows = [outcome(n) for n in range(50)]
    assert (store.ingest(rows), store.ingest(rows), store.ingest([])) == (50, 0, 0)


def test_a_row_comes_back_as_it_went_in(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ingest([outcome(0, cost_usd=Decimal("0.0000000001")), outcome(1, **FAILED)])
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    first, second = reader.outcomes("real").to_dict("records")
    assert first["cost_usd"] == 1e-10
    assert first["started_at"].to_pydatetime().replace(tzinfo=UTC) == START
    assert first["score"] == 1.0
    assert second["status"] == "failed"
    assert second["score"] != second["score"]
    assert second["cost_usd"] != second["cost_usd"]


def test_a_failure_cannot_be_stored_with_a_score(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="CHECK"):
        Store(tmp_path).ingest([outcome(0, **{**FAILED, "score": 0.0})])


def test_of_a_cell_the_last_attempt_with_a_score_counts(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ingest(
        [
            outcome(0, attempt=0, score=0.0),
            outcome(0, attempt=1, score=1.0),
            outcome(0, attempt=2, **FAILED),
            outcome(1, attempt=0, **FAILED),
        ]
    )
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    rows = reader.outcomes("real")
    assert rows[rows.item_id == "i0"].score.tolist() == [1.0]
    assert rows[rows.item_id == "i1"].status.tolist() == ["failed"]
    assert reader.failures("real").cells.tolist() == [1]


def test_failed_cells_are_measured_again_and_scored_ones_are_not(tmp_path: Path) -> None:
    store = Store(tmp_path)
    scored, failed = outcome(0), outcome(1, **FAILED)
    store.ingest([scored, failed])
    asked = ("bank-1", "settings-1")
    assert store.done([asked, ("bank-2", "settings-1")]) == {asked: {scored.cell_key}}
    assert store.done([]) == {}


def test_simulated_rows_never_stand_beside_real_models(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ingest(
        [
            outcome(0, model="openai/x", settings_hash="a"),
            outcome(0, model="demo/x", settings_hash="b", simulated=True),
            outcome(0, model="rule/x", settings_hash="c", baseline=True),
        ]
    )
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    assert reader.panels() == ("real", "simulated")
    assert set(reader.outcomes("real").model) == {"openai/x", "rule/x"}
    assert set(reader.outcomes("simulated").model) == {"demo/x", "rule/x"}


def test_only_the_bank_measured_last_counts(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ingest([outcome(0), outcome(0, attempt=5, task_hash="bank-2", score=0.5)])
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    assert reader.outcomes("real").task_hash.tolist() == ["bank-2"]


def test_an_earlier_run_can_be_seen_as_it_was(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for name, day in (("run-1", 0), ("run-2", 1)):
        start = START + timedelta(days=day)
        store.put_run(Run(name, start, None, False, "bench run", 1, None, None, None))
        store.ingest([outcome(day, run_id=name)])
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    assert [run.run_id for run in reader.runs()] == ["run-2", "run-1"]
    assert reader.outcomes("real", until_run="run-1").item_id.tolist() == ["i0"]
    assert len(reader.outcomes("real")) == 2


def test_a_run_s_end_replaces_its_beginning(tmp_path: Path) -> None:
    store = Store(tmp_path)
    begun = Run("r", START, None, True, "bench run", 9, None, None, None)
    store.put_run(begun)
    store.put_run(Run("r", START, START, True, "bench run", 9, 8, 1, "finished"))
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    [run] = reader.runs()
    assert (run.done, run.failed, run.reason) == (8, 1, "finished")


def test_a_reader_s_snapshot_outlives_later_ones(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ingest([outcome(0)])
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    store.ingest([outcome(1)])
    newest = store.publish()
    assert len(reader.outcomes("real")) == 1
    later = read(tmp_path)
    assert later is not None
    assert later.snapshot == newest
    assert len(later.outcomes("real")) == 2


def test_old_snapshots_are_removed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in range(6):
        store.ingest([outcome(number)])
        store.publish()
    assert len(list((tmp_path / "snapshots").glob("*.duckdb"))) == 3


def test_a_reader_cannot_touch_other_files(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ingest([outcome(0)])
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    with reader._connection() as connection, pytest.raises(duckdb.Error):
        connection.execute("SELECT * FROM read_text('/etc/hostname')").fetchall()


def test_an_open_reader_and_a_writer_do_not_block_each_other(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ingest([outcome(0)])
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    errors: list[Exception] = []

    def view() -> None:
        try:
            for _ in range(20):
                assert len(reader.outcomes("real")) == 1
        except Exception as error:
            errors.append(error)

    viewer = threading.Thread(target=view)
    viewer.start()
    for number in range(1, 20):
        store.ingest([outcome(number)])
    viewer.join()
    assert errors == []


def test_two_programs_write_to_one_database_without_an_error(tmp_path: Path) -> None:
    code = textwrap.dedent("""
        import sys
        from pathlib import Path
        from rows import outcome
        from whichmodel.store import Store
        store = Store(Path(sys.argv[1]))
        for number in range(10):
            store.ingest([outcome(number, model=sys.argv[2])])
    """)
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    both = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name], env=env)
        for name in ("a/a", "b/b")
    ]
    assert [process.wait(120) for process in both] == [0, 0]
    Store(tmp_path).publish()
    reader = read(tmp_path)
    assert reader is not None
    assert reader.measured().n.tolist() == [10, 10]


def test_no_acknowledged_row_is_lost_by_kill(tmp_path: Path) -> None:
    code = textwrap.dedent("""
        import sys
        from pathlib import Path
        from rows import outcome
        from whichmodel.store import Store
        store = Store(Path(sys.argv[1]))
        for number in range(100_000):
            store.ingest([outcome(number)])
            print(number, flush=True)
    """)
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], env=env, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    acknowledged = [int(process.stdout.readline()) for _ in range(15)][-1]
    process.send_signal(signal.SIGKILL)
    process.wait()
    store = Store(tmp_path)
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    kept = {int(item.removeprefix("i")) for item in reader.outcomes("real").item_id}
    assert set(range(acknowledged + 1)) <= kept


def test_a_corrupt_database_names_the_command_that_mends_it(tmp_path: Path) -> None:
    (tmp_path / "bench.duckdb").write_bytes(b"not a database" * 100)
    with pytest.raises(StoreError, match="bench rebuild"):
        Store(tmp_path)
    aside = set_aside(tmp_path)
    assert aside is not None
    assert aside.read_bytes().startswith(b"not a database")
    assert Store(tmp_path).ingest([outcome(0)]) == 1


def test_a_newer_database_is_refused_untouched(tmp_path: Path) -> None:
    Store(tmp_path).ingest([outcome(0)])
    with duckdb.connect(str(tmp_path / "bench.duckdb")) as connection:
        connection.execute("INSERT INTO migrations VALUES ('m999_later', ?)", [datetime(2030, 1, 1)])
    with pytest.raises(StoreError, match="newer whichmodel"):
        Store(tmp_path)


def test_an_older_database_is_migrated_and_a_copy_is_kept(tmp_path: Path) -> None:
    Store(tmp_path).ingest([outcome(0)])
    with duckdb.connect(str(tmp_path / "bench.duckdb")) as connection:
        connection.execute("DROP TABLE runs")
        connection.execute("DELETE FROM migrations WHERE name = 'm002_runs'")
    store = Store(tmp_path)
    store.put_run(Run("r", START, None, False, "bench run", 1, None, None, None))
    assert store.ingest([outcome(0), outcome(1)]) == 1
    assert len(list(tmp_path.glob("bench.before-*.duckdb"))) == 1


def test_without_a_snapshot_there_is_no_reader(tmp_path: Path) -> None:
    assert read(tmp_path) is None


def test_the_ids_that_replied_are_counted_by_task_and_model(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ingest(
        [
            outcome(0, served_model="lite-2026-08-01", fingerprint="fp_1"),
            outcome(1, served_model="lite-2026-08-01", fingerprint="fp_2"),
            outcome(2, served_model="heavy"),
            outcome(3, served_model=None),
            outcome(4, **FAILED),
            outcome(5, simulated=True),
        ]
    )
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    rows = reader.served("real")
    assert list(rows.columns) == [
        *("task", "model", "requested_model", "served_model", "fingerprints", "fingerprint_names", "rows"),
    ]
    found = rows[["served_model", "fingerprints", "rows"]].to_numpy().tolist()
    assert found[:2] == [["lite-2026-08-01", 2, 2], ["heavy", 0, 1]]
    assert (pd.isna(found[2][0]), found[2][1:]) == (True, [0, 1])
    assert len(found) == 3
    names = rows["fingerprint_names"].tolist()
    assert [sorted(each) for each in names] == [["fp_1", "fp_2"], [], []]


def test_the_id_that_replied_last_is_the_last_that_was_named(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ingest(
        [
            outcome(0, served_model="lite-1"),
            outcome(1, attempt=2, served_model="lite-2", epoch=2, run_id="x-canary"),
            outcome(2, attempt=3, served_model=None),
            outcome(3, attempt=4, served_model="cached", from_cache=True),
            outcome(4, attempt=5, served_model="failed", **FAILED),
            outcome(5, model="mute", served_model=None),
        ]
    )
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    last = reader.replied_last()
    assert {model: name for model, (name, _) in last.items()} == {"aurora/lite": "lite-2"}


def test_settings_count_as_measured_by_any_outcome_on_the_tasks_at_hand(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ingest([outcome(0, settings_hash="a", **FAILED), outcome(1, task="receipts", settings_hash="b")])
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    assert reader.settings_measured() == {"a", "b"}
    assert reader.settings_measured(["receipts"]) == {"b"}
    assert reader.settings_measured([]) == frozenset()


def test_evidence_task_by_task_holds_the_same_outcomes_in_fewer_columns(tmp_path: Path) -> None:
    """Repeated attempts, a bank that was replaced, the other panel, two tasks."""
    store = Store(tmp_path)
    rows = [outcome(n, task=task, task_hash=f"{task}-1") for task in ("a", "b") for n in range(20)]
    rows += [outcome(n, attempt=1, task="a", task_hash="a-1", score=0.0) for n in range(10)]
    rows += [outcome(n, attempt=2, task="a", task_hash="a-1", **FAILED) for n in range(10)]
    rows += [outcome(n, attempt=-5, task="b", task_hash="b-0") for n in range(9)]
    rows += [outcome(n, task="b", task_hash="b-1", model="demo/x", simulated=True) for n in range(7)]
    store.ingest(rows)
    store.publish()
    reader = read(tmp_path)
    assert reader is not None
    names = ["task", "item_id", "model", "status", "score", "cost_usd", "started_at"]
    frames = list(reader.evidence("real", names))
    assert [set(frame["task"]) for frame in frames] == [{"a"}, {"b"}]
    found = pd.concat([frame.astype({"item_id": str, "status": str}) for frame in frames])
    order = ["task", "item_id"]
    expected = reader.outcomes("real")[names].sort_values(order)
    pd.testing.assert_frame_equal(
        found.sort_values(order).reset_index(drop=True).astype({"task": str, "model": str}),
        expected.reset_index(drop=True),
        check_dtype=False,
    )
