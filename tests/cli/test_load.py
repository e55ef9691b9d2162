"""`bench load` as its users drive it, on the demo panel and on an endpoint of a known capacity."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from program import Bench, Done

from whichmodel.cli.project import Project
from whichmodel.simulator.serve import serve

CONFIG = """\
default_organisation: acme
models:
  - {{id: vllm/aurora-grand, base_url: "{root}"}}
  - id: vllm/aurora-lite
    base_url: "{root}"
    price: {{source: rent, dated: 2026-01-01, per_gpu_hour: 3.6}}
organisations:
  acme: {{title: ACME}}
"""
ASK = ("load", "--model", "vllm/aurora-lite", "--task", "tickets", "--calls", "10", "--most", "4")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bench, Done]]:
    """An endpoint that works on two requests at a time, measured once."""
    bench = Bench(tmp_path_factory.mktemp("load"))
    assert bench("init").code == 0
    found = Project(bench.folder / "bench.yaml", bench.folder / "results")
    banks = found.banks(found.cards(["tickets"]), 0)
    with serve(banks, latency_s=0.3, capacity=2) as addresses:
        (bench.folder / "bench.yaml").write_text(CONFIG.format(root=addresses["openai"]))
        ended = bench(*ASK, "--json")
        assert ended.code == 0, ended.err
        yield bench, ended


def test_the_document_has_each_step_and_the_knee_with_its_cost(loaded: tuple[Bench, Done]) -> None:
    document = loaded[1].document
    assert [step["concurrency"] for step in document["steps"]] == [1, 2, 4]
    assert document["simulated"] is False
    knee = document["knee_step"]
    assert knee["concurrency"] == document["knee"]
    assert knee["concurrency"] in (2, 4)
    assert knee["usd_per_1k_requests"] == pytest.approx(3.6 / 3600 / knee["requests_per_s"] * 1000)
    tokens = knee["input_tokens_per_s"] + knee["output_tokens_per_s"]
    assert knee["usd_per_mtok"] == pytest.approx(3.6 / 3600 / tokens * 1e6)


def test_the_measurement_is_a_file_of_its_own(loaded: tuple[Bench, Done]) -> None:
    bench, ended = loaded
    stored = json.loads((bench.folder / ended.document["stored"]).read_text())
    assert stored["steps"] == ended.document["steps"]
    assert (stored["model"], stored["task"]) == ("vllm/aurora-lite", "tickets")


def test_the_table_fits_a_terminal_and_says_where_to_run_it(loaded: tuple[Bench, Done]) -> None:
    ended = loaded[0](*ASK, env={"COLUMNS": "80"})
    assert ended.code == 0, ended.err
    assert max(map(len, ended.out.splitlines())) <= 80
    text = " ".join(ended.out.split())
    for words in ("load = requests in flight", "Run it at ", "At $3.60 a GPU hour, fully used:"):
        assert words in text
    assert len(list((loaded[0].folder / "results" / "load").glob("*.json"))) >= 2


def test_an_objective_that_no_step_holds_is_said(loaded: tuple[Bench, Done]) -> None:
    ended = loaded[0](*ASK, "--p95", "0.001", "--most", "1", "--calls", "20")
    assert ended.code == 0, ended.err
    assert "No step holds with p95 within 0.001 s" in ended.out


def test_only_what_is_paid_by_the_hour_is_not_asked_about(loaded: tuple[Bench, Done]) -> None:
    """The measurement above went without --yes; an endpoint without a price does not."""
    ended = loaded[0]("load", "--model", "vllm/aurora-grand", "--task", "tickets", "--calls", "10")
    assert ended.code == 2
    assert "Price unknown: vllm/aurora-grand" in ended.err
    assert "--yes" in ended.err


def test_the_demo_panel_is_loaded_and_marked(bench: Bench) -> None:
    flags = ("--task", "tickets", "--calls", "5", "--most", "1")
    dry = bench("load", "--model", "demo-aurora/lite", *flags, "--dry-run", "--json")
    assert dry.document["models"][0]["calls"] == 12
    assert not (bench.folder / "results" / "load").exists()
    ended = bench("load", "--model", "demo-aurora/lite", *flags)
    assert ended.code == 0, ended.err
    assert "demo-aurora/lite (simulated)" in ended.out


def test_a_dear_measurement_that_nobody_can_confirm_is_refused(bench: Bench) -> None:
    key = {"OPENAI_API_KEY": "sk-not-a-key"}
    flags = ("--task", "contracts", "--calls", "5000")
    ended = bench("load", "--model", "openai/gpt-6.1-sol", *flags, env=key)
    assert ended.code == 2
    assert "bench load" in ended.err
    assert "--yes" in ended.err


@pytest.mark.parametrize("model", ["rule/classify", "demo-aurora/litle"])
def test_what_has_no_endpoint_or_is_not_there_is_refused(bench: Bench, model: str) -> None:
    ended = bench("load", "--model", model, "--task", "tickets")
    assert ended.code == 2
    assert model in ended.err
