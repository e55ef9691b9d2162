"""Rows of canaries: kept, paid, compared, and never in a standing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from rows import FAILED, outcome

from whichmodel.domain import Cell
from whichmodel.store import Reader, Store, read

RUN = "20261125T000000-abc123-canary"


def published(folder: Path, *rows: object) -> Reader:
    store = Store(folder)
    store.ingest(rows)  # type: ignore[arg-type]
    store.publish()
    reader = read(folder)
    assert reader is not None
    return reader


def test_a_canary_s_rows_are_in_no_standing_and_no_failure(tmp_path: Path) -> None:
    reader = published(
        tmp_path,
        outcome(0, score=1.0),
        outcome(0, attempt=1, run_id=RUN, score=0.0),
        outcome(0, attempt=2, epoch=2, run_id=RUN, score=0.0),
        outcome(1, attempt=3, epoch=2, run_id=RUN, **FAILED),
        outcome(5, attempt=9, task_hash="bank-2", run_id=RUN),
    )
    frame = reader.outcomes("real")
    assert frame[["item_id", "epoch", "score"]].to_numpy().tolist() == [["i0", 1, 1.0]]
    assert reader.failures("real").empty
    [row] = reader.measured().to_dict("records")
    assert (row["n"], row["failed"], row["canaries"]) == (1, 0, 4)
    assert row["spend_usd"] == float(Decimal("0.0012") * 4), "they are paid for all the same"


def test_a_cell_that_only_a_canary_asked_is_still_to_be_measured(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ingest([outcome(0), outcome(0, epoch=2, run_id=RUN)])
    asked = ("bank-1", "settings-1")
    first = Cell("invoices", "bank-1", "aurora/lite", "settings-1", "i0", 1).key
    assert store.done([asked]) == {asked: frozenset({first})}
    store.ingest([outcome(0, attempt=1, epoch=2, run_id="run-2")])
    assert len(store.done([asked])[asked]) == 2


def test_rows_of_just_these_items_come_the_first_epoch_first(tmp_path: Path) -> None:
    reader = published(
        tmp_path,
        outcome(0, epoch=2, run_id=RUN, fingerprint="fp"),
        outcome(0, **FAILED),
        outcome(1),
        outcome(0, settings_hash="settings-2"),
        outcome(0, task_hash="bank-0"),
    )
    found = reader.rows([("bank-1", "settings-1", "i0")])
    assert [(row.item_id, row.epoch, row.canary, row.score, row.fingerprint) for row in found] == [
        ("i0", 1, False, None, None),
        ("i0", 2, True, 1.0, "fp"),
    ]
    assert (found[1].cost_usd, found[0].cost_usd) == (0.0012, None)
    assert reader.rows([]) == ()


def test_items_count_as_scored_by_runs_that_are_no_canaries(tmp_path: Path) -> None:
    reader = published(
        tmp_path,
        outcome(0),
        outcome(1, **FAILED),
        outcome(2, epoch=2, run_id=RUN),
        outcome(3, settings_hash="settings-2"),
    )
    one, other = ("bank-1", "settings-1"), ("bank-1", "settings-2")
    assert reader.scored([one]) == {one: {"i0"}}
    assert reader.scored([one, other, ("bank-9", "settings-1")]) == {one: {"i0"}, other: {"i3"}}
