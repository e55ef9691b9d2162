"""`bench prices`, `bench reprice` and what a dry run rests on, over rows that are stored."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from program import Bench
from rows import FAILED, outcome

from whichmodel.config import load_config
from whichmodel.store import Store, read

OWN, LUNA, GONE = "own/served", "openai/gpt-6-luna", "huggingface/openai/gpt-oss-20b"
PRICE = "{source: contract, dated: 2026-07-01, input_per_mtok: %s, output_per_mtok: 10}"
CONFIG = f"""\
default_organisation: acme
models:
  - {{id: {OWN}, base_url: "http://127.0.0.1:9/v1", price: {PRICE}}}
  - {{id: {LUNA}}}
  - {{id: {GONE}}}
  - id: own/gpu
    base_url: http://127.0.0.1:9/v1
    price: {{source: rent, dated: 2026-10-01, per_gpu_hour: 3.6, requests_per_hour: 3600, batch_factor: 0.5}}
organisations:
  acme: {{title: ACME}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Bench:
    """Rows of four models: priced by hand, by the public list, unknown, and of the demo panel."""
    (tmp_path / "bench.yaml").write_text(CONFIG % 2)
    store = Store(tmp_path / "results")
    store.ingest(
        [
            *(outcome(n, model=OWN, judge_cost_usd=Decimal("0.5")) for n in range(4)),
            outcome(4, model=OWN, from_cache=True, cost_usd=Decimal(7)),
            outcome(5, model=OWN, **{**FAILED, "input_tokens": None, "output_tokens": None}),
            *(outcome(n, model=LUNA, cost_usd=None, price_source=None) for n in range(3)),
            outcome(9, model=LUNA, cost_usd=None, price_source=None, input_tokens=None),
            outcome(0, model=GONE, cost_usd=None, price_source=None),
            outcome(0, model="demo-aurora/lite", simulated=True, settings_hash="d"),
        ]
    )
    store.publish()
    return Bench(tmp_path)


def by_model(document: Any) -> dict[str, Any]:
    return {row["model"]: row for row in document}


def costs(bench: Bench) -> list[tuple[Any, ...]]:
    reader = read(bench.folder / "results")
    assert reader is not None
    with duckdb.connect(str(reader.snapshot), read_only=True) as connection:
        return connection.execute("SELECT * FROM outcomes ORDER BY key").fetchall()


def test_prices_name_rates_rows_and_what_is_unknown_and_why(project: Bench) -> None:
    rows = by_model(project("prices", "--json").document)
    own, luna, gone, gpu = rows[OWN], rows[LUNA], rows[GONE], rows["own/gpu"]
    assert (own["source"], own["date"], own["input_per_mtok_usd"]) == ("contract", "2026-07-01", 2)
    # Four paid rows at 0.0012; the fifth came out of the cache, the failed one cost nothing that is known.
    assert (own["rows"], own["unknown_rows"], own["spend_usd"], own["judge_usd"]) == (5, 0, 0.0048, 2.0)
    assert (luna["cached_per_mtok_usd"], luna["tiers"][0]["above_input_tokens"]) == (0.01, 272_000)
    why = {part["why"]: part["rows"] for part in luna["unknown"]}
    assert why.pop("no usage reported") == 1
    assert [(rows, "bench reprice" in text) for text, rows in why.items()] == [(3, True)]
    assert gone["unknown"] == [{"rows": 1, "why": "no price: add one under `price:` in bench.yaml"}]
    assert (gpu["per_gpu_hour_usd"], gpu["requests_per_hour"], gpu["rows"]) == (3.6, 3600, 0)
    assert "demo-aurora/lite" not in rows


def test_prices_are_readable(project: Bench) -> None:
    shown = project("prices", env={"COLUMNS": "220"})
    assert shown.code == 0, shown.err
    assert "$3.60/GPU hour" in shown.out
    assert "above 272,000 input tokens $0.20 and $0.75/M" in shown.out
    assert f"1 of {GONE}: no price: add one" in shown.out
    assert "Judges were paid $2.00 beside that." in shown.out


def test_prices_of_an_empty_project_say_so(bench: Bench) -> None:
    ended = bench("prices")
    assert ended.code == 0, ended.err
    assert "Nothing was measured yet" in ended.out


def test_a_new_price_reaches_stored_rows_once(project: Bench) -> None:
    before = costs(project)
    (project.folder / "bench.yaml").write_text(CONFIG % 4)
    dry = project("reprice", "--dry-run", "--json").document
    assert costs(project) == before
    done = project("reprice", "--json").document
    assert {**done, "dry_run": True} == dry
    own = by_model(done["models"])[OWN]
    # Each of the five: 100 x 4 + 20 x 10 millionths; before, four at 0.0012 and one at 7.
    assert (own["old_usd"], own["new_usd"], own["cost_changed"]) == (7.0048, 0.003, 5)
    luna = by_model(done["models"])[LUNA]
    # Three of 100 x 0.1 + 20 x 0.5 millionths; the fourth has no count.
    assert (luna["old_unknown"], luna["new_unknown"], luna["new_usd"]) == (4, 1, 0.00006)
    assert "demo-aurora/lite" not in by_model(done["models"])
    after = costs(project)
    assert after != before
    again = project("reprice")
    assert again.code == 0, again.err
    assert "0 of 11 rows changed" in again.out
    assert costs(project) == after
    assert project("reprice", "--json").document["changed"] == 0


def test_reprice_shows_the_old_and_the_new_sum(project: Bench) -> None:
    shown = project("reprice")
    assert "$7.00 -> $0.002" in shown.out
    assert "Rows of the demo panel and of rules keep their prices." in shown.out


def test_reprice_without_a_measurement_says_how_to_start(bench: Bench) -> None:
    ended = bench("reprice")
    assert ended.code == 2
    assert "Nothing was measured yet." in ended.err
    assert not (bench.folder / "results").exists()


def test_the_status_names_judges_and_the_cache(project: Bench) -> None:
    shown = project("status")
    assert "Judges: $2.00." in shown.out
    assert "Taken from the response cache and not paid again: 1." in shown.out
    [own] = [r for r in project("status", "--json").document["measured"] if r["model"] == OWN]
    assert (own["spend_usd"], own["judge_usd"], own["cached"]) == (0.0048, 2.0, 1)


def test_a_dry_run_rests_on_what_was_measured(project: Bench) -> None:
    [luna] = [m for m in load_config(project.folder / "bench.yaml").models if m.id == LUNA]
    store = Store(project.folder / "results")
    mine: dict[str, Any] = {
        "model": LUNA,
        "settings_hash": luna.settings_hash,
        "task": "tickets",
        "task_hash": "older",
    }
    store.ingest([outcome(n, **mine, input_tokens=1000, output_tokens=100) for n in range(30)])
    store.publish()
    dry = ("run", "--tasks", "tickets,invoices", "--models", LUNA, "--limit", "10", "--dry-run")
    key = {"OPENAI_API_KEY": "sk-not-a-key"}
    [line] = project(*dry, "--json", env=key).document["models"]
    assert (line["measured_n"], line["judge"]) == (30, False)
    assert line["basis"] == "measured n=30; 10 calls estimated from characters"
    [alone] = project(*(a.replace(",invoices", "") for a in dry), "--json", env=key).document["models"]
    # 10 calls of 1000 x 0.1 + 100 x 0.5 millionths.
    assert (alone["low_usd"], alone["high_usd"], alone["basis"]) == (0.0015, 0.0015, "measured n=30")
    assert "measured n=30" in project(*dry, env=key).out
