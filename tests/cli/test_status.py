"""`bench status` over a store with something of everything."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from program import Bench
from rows import FAILED, outcome

from whichmodel.config import load_config
from whichmodel.store import Store

LONG = "vendor-of-a-long-name/model-of-a-name-that-is-longer-still-0123456789"
PRICE = "{source: contract, dated: 2026-07-01, input_per_mtok: 2, output_per_mtok: 10}"
CONFIG = f"""\
default_organisation: acme
models:
  - {{id: {LONG}, base_url: "http://127.0.0.1:10/v1", price: {PRICE}}}
  - {{id: own/second, base_url: "http://127.0.0.1:9/v1", price: {PRICE}}}
  - {{id: own/never, base_url: "http://127.0.0.1:9/v1", price: {PRICE}}}
organisations:
  acme: {{title: ACME}}
"""
DAY = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Two models on tickets and one of the demo panel; a table, and outcomes that came after it."""
    folder = tmp_path_factory.mktemp("status")
    (folder / "bench.yaml").write_text(CONFIG)
    settings = {model.id: model.settings_hash for model in load_config(folder / "bench.yaml").models}
    told: dict[str, Any] = {"task": "tickets", "category": "classification"}
    long: dict[str, Any] = {**told, "model": LONG, "settings_hash": settings[LONG]}
    second: dict[str, Any] = {**told, "model": "own/second", "settings_hash": settings["own/second"]}
    store = Store(folder / "results")
    store.ingest(
        [
            *(outcome(n, **long, judge_cost_usd=Decimal("0.01")) for n in range(30)),
            *(outcome(n, **second, score=0.5) for n in range(30)),
            *(outcome(n, **(second | FAILED)) for n in (40, 41)),
            outcome(42, **(second | {"cost_usd": None, "price_source": None})),
            outcome(0, **told, model="demo-aurora/lite", settings_hash="d", simulated=True),
        ]
    )
    store.publish()
    made = Bench(folder)
    assert made("route").code == 0
    served = {"http://127.0.0.1:9/v1": {"brand-new": {"first": "2026-11-20", "last": "2026-11-28"}}}
    (folder / "results" / "models.json").write_text(json.dumps(served))
    return made


def test_it_fits_80_columns_and_each_ill_has_its_command(project: Bench) -> None:
    shown = project("status", env={"COLUMNS": "80"})
    assert shown.code == 0, shown.err
    lines = [line.rstrip() for line in shown.out.splitlines()]
    # A command is one line, to be copied.
    assert max(len(line) for line in lines if "bench " not in line and LONG not in line) <= 80
    text = " ".join(shown.out.split())
    assert "tickets 2 of 4 61 2 97% 2026-11-20 12:00" in text
    assert "Coverage, simulated" in text
    assert "$0.072 for 61 answers." in text
    assert "Of unknown cost, in no sum: 1 answers" in text
    assert "Judges: $0.30." in text
    assert "2 cells, APIStatusError: 529 overloaded" in text
    assert "again: bench run --tasks tickets --models own/second" in text
    assert "Configured, never measured: own/never" in text
    assert "bench run --new-models" in text
    assert "Served, not in bench.yaml: own/brand-new" in text
    assert "bench models discover --yaml" in text


def test_the_document_keeps_its_keys_and_has_more(project: Bench) -> None:
    document = project("status", "--json").document
    assert {"measured", "failures", "open_races", "served", "runs"} <= set(document)
    [real, simulated] = document["coverage"]
    assert (real["panel"], real["task"], real["models"], real["scored"], real["failed"]) == (
        "real",
        "tickets",
        2,
        61,
        2,
    )
    assert real["share"] == pytest.approx(61 / 63)
    assert (simulated["panel"], simulated["scored"]) == ("simulated", 1)
    assert document["spend"]["real"]["unknown"] == 1
    [cause] = document["causes"]
    assert (cause["cells"], cause["models"], cause["command"]) == (
        2,
        ["own/second"],
        "bench run --tasks tickets --models own/second",
    )
    assert document["new_models"]["configured"] == ["own/never"]
    assert [found["id"] for found in document["new_models"]["served"]] == ["own/brand-new"]
    [table] = document["tables"]
    assert (table["organisation"], table["stale"]) == ("acme", "")


def test_every_task_and_model_has_a_line_where_that_is_asked(project: Bench) -> None:
    shown = project("status", "--cells", env={"COLUMNS": "80"}).out
    assert LONG in shown
    assert "own/second" in shown
    assert max(map(len, shown.splitlines())) <= 80 + len(LONG)


@pytest.mark.parametrize(
    ("moved", "stale", "command"),
    [
        ({"expires_at": DAY}, "it expired on 2026-11-20", "bench route --org acme"),
        (
            {"created_at": DAY - timedelta(days=9)},
            "tickets was measured since",
            "bench route --org acme --check",
        ),
    ],
)
def test_a_stale_table_says_why(
    project: Bench, tmp_path: Path, moved: dict[str, datetime], stale: str, command: str
) -> None:
    file = project.folder / "results" / "routing" / "acme.json"
    kept = file.read_text()
    changed = json.loads(kept) | {key: value.isoformat() for key, value in moved.items()}
    file.write_text(json.dumps(changed))
    try:
        [table] = project("status", "--json").document["tables"]
        assert (table["stale"], table["command"]) == (stale, command)
        assert f"stale, {stale}" in " ".join(project("status").out.split())
    finally:
        file.write_text(kept)


def test_a_table_that_cannot_be_read_is_told_and_nothing_else_is_lost(project: Bench) -> None:
    file = project.folder / "results" / "routing" / "acme.json"
    kept = file.read_text()
    file.write_text("{")
    try:
        ended = project("status", "--json")
        assert ended.code == 0, ended.err
        [table] = ended.document["tables"]
        assert table["stale"]
        assert table["decided"] is None
    finally:
        file.write_text(kept)
