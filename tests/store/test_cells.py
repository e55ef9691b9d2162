"""The outcomes of one item, whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from rows import FAILED, START, outcome

from whichmodel.domain import Outcome
from whichmodel.store import Reader, Store

A, B = "aurora/lite", "borealis/max"


def stored(results: Path, *rows: Outcome) -> Reader:
    database = Store(results)
    database.ingest(rows)
    return Reader(database.publish())


def test_an_outcome_comes_back_as_it_went_in(tmp_path: Path) -> None:
    row = outcome(1, model=A, **FAILED)
    reader = stored(tmp_path, row, outcome(2, model=A), outcome(1, model="other/model"))
    assert reader.of_item("real", "invoices", "i1", {A, B}) == (row,)


def test_of_a_cell_the_last_attempt_with_a_score_counts(tmp_path: Path) -> None:
    first, second = outcome(1, model=A, score=0.5), outcome(1, model=A, attempt=1, score=1.0)
    lost = outcome(1, model=A, attempt=2, **FAILED)
    again = outcome(1, model=A, epoch=2)
    other = outcome(1, model=B, **FAILED)
    reader = stored(tmp_path, first, second, lost, again, other)
    found = reader.of_item("real", "invoices", "i1", {A, B})
    assert found == (second, again, other)


def test_of_several_banks_the_one_measured_last_counts(tmp_path: Path) -> None:
    old = outcome(1, model=A, task_hash="old")
    new = outcome(2, model=A, task_hash="new", started_at=START + timedelta(days=1))
    reader = stored(tmp_path, old, new, outcome(3, model=A, task="receipts"))
    assert reader.of_item("real", "invoices", "i1", {A}) == ()
    assert reader.of_item("real", "invoices", "i2", {A}) == (new,)
    assert reader.of_item("simulated", "invoices", "i2", {A}) == ()
