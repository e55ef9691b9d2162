"""Human labels: an append-only file, a column made of it, a table whose faults are named by their lines."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from rows import outcome

from whichmodel.errors import StoreError
from whichmodel.store import Store, label_table, labels, set_aside
from whichmodel.store import read as read_store
from whichmodel.store.label_table import Answered
from whichmodel.store.labels import Label

ROWS = [outcome(n) for n in range(4)]
LABELS = tuple(
    Label(row.key, row.task, row.model, row.item_id, 1, "ann", 0.25 * n) for n, row in enumerate(ROWS)
)
ANSWERS = [Answered(row.key, row.task, row.model, row.item_id, row.epoch) for row in ROWS]
MODEL = ROWS[0].model


def human(results: Path) -> list[float]:
    reader = read_store(results)
    assert reader is not None
    found = reader.outcomes("real").sort_values("item_id").human_score
    return [float(value) for value in found.fillna(-1)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path)
    made.ingest(ROWS)
    return made


def test_labels_fill_the_column_and_the_same_ones_again_change_nothing(store: Store) -> None:
    assert store.add_labels(LABELS[:3]) == 3
    assert store.add_labels(LABELS[:3]) == 0
    store.publish()
    assert human(store.results) == [0.0, 0.25, 0.5, -1]
    assert len(labels.read(store.results)) == 3


def test_several_labellers_are_averaged_and_the_last_word_of_each_counts(store: Store) -> None:
    first = LABELS[0]
    store.add_labels([first, replace(first, labeller="bob", score=1.0)])
    store.publish()
    assert human(store.results)[0] == 0.5
    assert store.add_labels([replace(first, score=0.5)]) == 1
    store.publish()
    assert human(store.results)[0] == 0.75
    assert store.add_labels([first]) == 1
    assert len(labels.read(store.results)) == 4


def test_a_database_made_anew_has_the_labels_again(store: Store) -> None:
    store.add_labels(LABELS)
    set_aside(store.results)
    anew = Store(store.results)
    anew.ingest(ROWS)
    assert anew.apply_labels() == 4
    anew.publish()
    assert human(store.results) == [0.0, 0.25, 0.5, 0.75]


def test_a_torn_last_line_is_passed_over_and_mended_and_any_other_is_told(store: Store) -> None:
    store.add_labels(LABELS[:2])
    file = store.results / labels.FILE
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    assert len(labels.read(store.results)) == 1
    assert store.add_labels(LABELS[:2]) == 1
    assert file.read_bytes() == whole
    file.write_bytes(b"{}\n" + whole)
    with pytest.raises(StoreError, match=r"labels\.jsonl:1"):
        labels.read(store.results)


def test_what_is_no_answer_or_no_score_is_named_by_its_line() -> None:
    text = (
        "item_id,model,epoch,human_score\n"
        f"i0,{MODEL},1,0.5\n"
        f"i9,{MODEL},1,0.5\n"
        "i0,nobody/x,1,0.5\n"
        f"i1,{MODEL},1,1.5\n"
        f"i1,{MODEL},2,0.5\n"
        f"i2,{MODEL},x,0.5\n"
        f"i2,{MODEL},1,good\n"
        f"i3,{MODEL},1,\n"
        f"i0,{MODEL},1,0.5\n"
    )
    found = label_table.read(text, ANSWERS, (0, 1))
    assert found.empty == 1
    assert [fault.line for fault in found.faults] == [3, 4, 5, 6, 7, 8, 10]
    said = "; ".join(label_table.listed(found.faults))
    for part in (
        "'i9'",
        "'nobody/x'",
        "1.5 lies outside",
        "epoch 2",
        "'x' is no epoch",
        "'good'",
        "as in line 2",
    ):
        assert part in said


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_scales_separators_and_decimal_commas_are_read(mark: str) -> None:
    head = mark.join(("model", "human_score", "item_id", "labeller"))
    said = '"4,5"' if mark == "," else "4,5"
    text = f"\ufeff{head}\r\n{mark.join((MODEL, said, 'i1', 'bob'))}\r\n"
    [label] = label_table.read(text, ANSWERS, (1, 5)).labels
    assert (label.outcome, label.labeller, label.score) == (ROWS[1].key, "bob", 0.875)


def test_a_table_without_its_columns_is_a_fault() -> None:
    [fault] = label_table.read("item,score\n1,1\n", ANSWERS, (0, 1)).faults
    assert fault.what == "there is no column item_id, model, human_score"


def test_what_is_written_is_safe_for_a_spreadsheet_and_read_back() -> None:
    answer = '=HYPERLINK("http://example.org")\nwith "quotes", and lines'
    row = {"item_id": "-i1", "model": MODEL, "epoch": 1, "prompt": "+1?", "answer": answer, "human_score": 1}
    text = label_table.write([row])
    [read] = csv.DictReader(io.StringIO(text))
    assert (read["answer"], read["prompt"], read["item_id"]) == (f"'{answer}", "'+1?", "'-i1")
    known = [Answered("k", "t", MODEL, "-i1", 1)]
    [label] = label_table.read(text, known, (0, 1)).labels
    assert (label.item_id, label.score) == ("-i1", 1.0)
    assert len(label_table.write([{"answer": "x" * 40_000}])) < 33_000


def test_a_line_with_an_outcome_means_that_answer() -> None:
    text = f"item_id,model,outcome,human_score\ni1,{MODEL},{ROWS[1].key},1\ni1,{MODEL},{ROWS[2].key},1\n"
    found = label_table.read(text, ANSWERS, (0, 1))
    assert [label.outcome for label in found.labels] == [ROWS[1].key]
    assert [fault.line for fault in found.faults] == [3]
