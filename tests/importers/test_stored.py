"""What an import leaves in the store and beside it: journals, judges, prices, settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from importers.conftest import Importing
from rows import outcome

from whichmodel.analyse.evidence import collect, collected, columns
from whichmodel.domain import Model, Price
from whichmodel.importers import take_in
from whichmodel.pricing.stored import Again
from whichmodel.run.rebuild import rebuild
from whichmodel.run.recovery import recover
from whichmodel.store import Store, read

TABLE = "item,model,score,cost_usd,input_tokens,output_tokens\n"


def _rows(count: int, model: str = "m") -> str:
    return TABLE + "".join(f"{n},{model},{n % 2},0.01,100,20\n" for n in range(count))


def _keys(importing: Importing) -> set[str]:
    return set(importing.outcomes()["key"])


def test_a_table_of_many_rows_lies_in_journals_of_a_bounded_size(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take_in, "PART", 20)
    importing("csv", importing.write("a.csv", _rows(50)), "--task", "t")
    journals = sorted((importing.folder / "results" / "logs").rglob("*.jsonl"))
    assert [len(path.read_text().splitlines()) for path in journals] == [20, 20, 10]
    before = _keys(importing)
    made = rebuild(importing.folder / "results")
    assert (made.rows, made.unreadable) == (50, ())
    assert _keys(importing) == before


def test_an_import_that_was_cut_off_is_taken_over_or_goes_on(importing: Importing) -> None:
    path = importing.write("a.csv", _rows(50))
    importing("csv", path, "--task", "t")
    results = importing.folder / "results"
    before = _keys(importing)
    [journal] = (results / "logs").rglob("recovered.jsonl")
    lines = journal.read_text().splitlines(keepends=True)
    journal.with_name("outcomes.jsonl").write_text("".join(lines[:30]) + lines[30][:40])
    journal.unlink()
    for file in results.glob("bench.duckdb*"):
        file.unlink()
    assert recover(results, Store(results)) == 30, "a run takes over what lies there"
    assert importing("csv", path, "--task", "t", "--json").document["new"] == 20
    assert _keys(importing) == before
    assert rebuild(results).rows == 50


def test_a_failure_in_the_second_pass_keeps_what_was_stored_and_says_so(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = importing.write("a.csv", _rows(50))
    monkeypatch.setattr(take_in, "PART", 20)
    ingest, calls = Store.ingest, []

    def broken(self: Store, outcomes: Any) -> int:
        calls.append(len(outcomes))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return ingest(self, outcomes)

    monkeypatch.setattr(Store, "ingest", broken)
    importing("csv", path, "--task", "t")
    reader = read(importing.folder / "results")
    assert reader is not None
    [run] = reader.runs()
    assert (run.reason, run.planned) == ("KeyboardInterrupt", 40)
    assert len(importing.outcomes()) == 20
    assert importing("csv", path, "--task", "t", "--json").document["new"] == 30


def test_scores_that_a_model_gave_are_judged_evidence(importing: Importing) -> None:
    path = importing.write("a.csv", _rows(50))
    importing("csv", path, "--task", "graded", "--judge", "openai/judge")
    importing("csv", path, "--task", "counted")
    reader = read(importing.folder / "results")
    assert reader is not None
    for found in (
        collected(reader.evidence("real", columns()), {}, set()),
        collect(importing.outcomes(), {}, set()),
    ):
        assert {e.task: e.judged for e in found} == {"graded": True, "counted": False}


def test_a_cost_that_came_with_its_row_survives_new_prices_and_a_missing_one_is_filled(
    importing: Importing,
) -> None:
    importing("csv", importing.write("a.csv", _rows(4)), "--task", "priced")
    unknown = TABLE + "".join(f"{n},m,1,,100,20\n" for n in range(4))
    importing("csv", importing.write("b.csv", unknown), "--task", "unpriced")
    price = Price("own", date(2026, 1, 1), input_per_mtok=Decimal(1000), output_per_mtok=Decimal(1000))
    model = replace(Model(id="m", inspect_name="m", vendor="m"), price=price)
    store = Store(importing.folder / "results")
    [change] = store.reprice(Again({"m": model}))
    store.publish()
    assert (change.rows, change.changed) == (8, 4)
    costs = importing.outcomes().groupby("task")["cost_usd"].unique()
    assert costs["priced"].tolist() == [0.01]
    assert costs["unpriced"].tolist() == [pytest.approx(0.12)]


def test_an_imported_model_never_has_the_settings_of_a_measured_one(importing: Importing) -> None:
    importing("csv", importing.write("a.csv", _rows(4, "openai/m")), "--task", "t")
    measured = Model(id="openai/m", inspect_name="openai/m", vendor="openai").settings_hash
    assert measured not in set(importing.outcomes()["settings_hash"])
    store = Store(importing.folder / "results")
    store.ingest([outcome(n, task="t", model="openai/m", settings_hash=measured) for n in range(3)])
    store.publish()
    rows = importing.outcomes()
    assert rows["task_hash"].nunique() == 1, "a measured bank and an imported one never mix"


def test_the_stored_banks_of_a_task_are_told_apart(importing: Importing) -> None:
    importing("csv", importing.write("a.csv", _rows(4)), "--task", "t", "--at", "2030-01-01")
    importing("csv", importing.write("b.csv", _rows(6)), "--task", "t", "--at", "2031-01-01")
    reader = read(importing.folder / "results")
    assert reader is not None
    assert [(b.items, b.models, b.imported) for b in reader.banks(["t"])] == [(6, 1, True), (4, 1, True)]
    assert reader.banks(["other"]) == ()


def test_no_file_of_an_import_names_a_folder_of_this_machine(importing: Importing) -> None:
    path = importing.write("very/private/place/mine.csv", _rows(4))
    importing("csv", path, "--task", "t")
    for file in Path(importing.folder / "results").rglob("*.json*"):
        assert "private" not in file.read_text()
