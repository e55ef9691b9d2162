"""What is shown is what the store holds and the rule decides."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from rows import START, outcome

from whichmodel.domain import Outcome
from whichmodel.errors import StoreError, UnknownName
from whichmodel.leaderboard.evidence import stored, view
from whichmodel.leaderboard.places import Places
from whichmodel.store import Run, Store

CONFIG = Path(__file__).parents[2] / "bench.yaml"
REAL, DEMO, RULE = "openai/gpt-6-luna", "demo-aurora/lite", "rule/extract"


@pytest.fixture(autouse=True)
def _nothing_cached() -> Iterator[None]:
    yield
    st.cache_resource.clear()


def answers(model: str, run: str = "r1", **changes: Any) -> list[Outcome]:
    """60 answers of a model."""
    return [outcome(n, model=model, run_id=run, score=float(n % 10 > 0), **changes) for n in range(60)]


def results(folder: Path, *rows: list[Outcome]) -> Places:
    """A results folder with these answers."""
    database = Store(folder)
    for batch in rows:
        database.ingest(batch)
        first = batch[0]
        ended = first.started_at + timedelta(minutes=1)
        run = Run(first.run_id, first.started_at, ended, first.simulated, "bench run", 60, 60, 0, "finished")
        database.put_run(run)
    database.publish()
    return Places(folder, CONFIG)


def test_without_a_snapshot_there_is_no_panel(tmp_path: Path) -> None:
    found = stored(Places(tmp_path, CONFIG))
    assert (found.source, found.panel, found.runs) == (None, None, ())


def test_rules_alone_are_no_panel(tmp_path: Path) -> None:
    assert stored(results(tmp_path, answers(RULE, baseline=True))).panel is None


def test_real_answers_are_shown_without_any_simulated_one(tmp_path: Path) -> None:
    places = results(
        tmp_path, answers(DEMO, "r0", simulated=True), answers(REAL), answers(RULE, "r2", baseline=True)
    )
    shown = view(stored(places), "acme", None)
    assert not shown.simulated
    assert {standing.model for standing in shown.standings} == {REAL, RULE}
    assert shown.title("invoices") == "Invoice fields"


def test_an_earlier_run_shows_what_was_known_then(tmp_path: Path) -> None:
    later = answers("openai/gpt-5.4-nano", "r2", started_at=START + timedelta(days=1))
    found = stored(results(tmp_path, answers(REAL), later))
    assert [run.run_id for run in found.runs] == ["r2", "r1"]
    assert {standing.model for standing in view(found, "acme", "r1").standings} == {REAL}
    assert len({standing.model for standing in view(found, "acme", None).standings}) == 2


def test_a_new_snapshot_is_seen_at_once(tmp_path: Path) -> None:
    places = results(tmp_path, answers(REAL))
    assert len(view(stored(places), "acme", None).standings) == 1
    results(tmp_path, answers("openai/gpt-5.4-nano", "r2"))
    assert len(view(stored(places), "acme", None).standings) == 2


def test_a_changed_configuration_is_seen_at_once(tmp_path: Path) -> None:
    config = tmp_path / "bench.yaml"
    config.write_text(CONFIG.read_text(encoding="utf-8"), encoding="utf-8")
    places = Places(results(tmp_path / "results", answers(REAL)).results, config)
    assert view(stored(places), "acme", None).organisation.title == "ACME online shop"
    config.write_text(
        CONFIG.read_text(encoding="utf-8").replace("ACME online shop", "ACME"), encoding="utf-8"
    )
    os.utime(config, ns=(1, 1))
    assert view(stored(places), "acme", None).organisation.title == "ACME"


def test_an_unknown_organisation_and_a_damaged_snapshot_are_errors_in_words(tmp_path: Path) -> None:
    places = results(tmp_path, answers(REAL))
    found = stored(places)
    with pytest.raises(UnknownName, match=r"There is no organisation 'acne'.*acme"):
        view(found, "acne", None)
    assert found.source is not None
    found.source.reader.snapshot.write_bytes(b"no database" * 999)
    with pytest.raises(StoreError, match="bench rebuild"):
        stored(places)
