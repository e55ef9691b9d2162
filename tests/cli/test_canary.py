"""`bench run --canary`, against endpoints that stay as they are, get worse, or pass requests on."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from program import Bench, Done

from whichmodel.cli.project import Project
from whichmodel.simulator.faults import Faults
from whichmodel.simulator.serve import serve

CONFIG = """\
default_organisation: acme
models:
  - {{id: vllm/aurora-lite, base_url: "http://127.0.0.1:{port}/v1", price: {{source: own, dated: 2026-11-01,
     input_per_mtok: 1, output_per_mtok: 2}}}}
organisations:
  acme: {{title: ACME}}
"""
MODEL = "vllm/aurora-lite"


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, port: int) -> Bench:
    """One real model, measured on 40 items of two tasks."""
    folder = tmp_path_factory.mktemp("canary")
    (folder / "bench.yaml").write_text(CONFIG.format(port=port))
    bench = Bench(folder)
    with _served(folder, port):
        ended = bench("run", "--tasks", "tickets,receipts", "--limit", "40", "--yes")
    assert ended.code == 0, ended.err
    return bench


def _served(
    folder: Path, port: int, faults: Sequence[Faults] = (), canned: str | None = None
) -> AbstractContextManager[Any]:
    found = Project(folder / "bench.yaml", folder / "results")
    banks = found.banks(found.cards(["tickets", "receipts"]), found.config.seed)
    return serve(banks, port=port, faults=faults, canned=canned)


@pytest.fixture
def canary(project: Bench, port: int) -> Callable[..., Done]:
    def asked(
        *args: str, faults: Sequence[Faults] = (), canned: str | None = None, text: bool = False
    ) -> Done:
        with _served(project.folder, port, faults, canned):
            return project("run", "--canary", *args, *(() if text else ("--json",)))

    return asked


def test_a_model_that_stayed_the_same(project: Bench, canary: Callable[..., Done]) -> None:
    before = project("status", "--json").document["measured"]
    ended = canary()
    assert ended.code == 0, ended.err
    document = ended.document
    [one] = document["models"]
    assert (document["canary"], document["drift"], one["verdict"]) == (True, False, "no drift seen")
    assert (one["model"], one["n"], one["asked"], one["same_answers"], one["p"]) == (MODEL, 20, 20, 1.0, 1.0)
    assert one["score_then"] == one["score_now"]
    assert one["then"] == one["now"] == {"served": ["aurora-lite"], "fingerprints": []}
    assert one["cost_then_usd"] == one["cost_now_usd"] > 0
    assert document["spend_usd"] == pytest.approx(20 * one["cost_now_usd"])
    assert "20 items would show a drop of" in one["text"]
    after = project("status", "--json").document["measured"]
    assert [row["n"] for row in after] == [row["n"] for row in before], "no cell was added to what counts"
    assert sum(row["canaries"] for row in after) == 20 + sum(row["canaries"] for row in before)


def test_it_is_the_same_twenty_each_time_in_further_epochs(
    project: Bench, canary: Callable[..., Done]
) -> None:
    runs = [canary().document["run_id"] for _ in range(2)]
    asked = [_asked(project, run) for run in runs]
    assert len(asked[0]) == 20
    assert asked[0].keys() == asked[1].keys()
    assert {asked[1][item] - asked[0][item] for item in asked[0]} == {1}
    assert Counter(task for task, _ in asked[0]) == {"tickets": 10, "receipts": 10}


def _asked(project: Bench, run: str) -> dict[tuple[str, str], int]:
    found = Project(project.folder / "bench.yaml", project.folder / "results")
    banks = found.banks(found.cards(["tickets", "receipts"]), found.config.seed)
    [model] = found.config.models
    cells = [(bank.task_hash, model.settings_hash, item.id) for bank in banks for item in bank.items]
    rows = found.reader().rows(cells)
    return {(row.task, row.item_id): row.epoch for row in rows if row.run_id == run}


def test_a_later_run_neither_skips_nor_repeats_what_a_canary_asked(
    project: Bench, port: int, canary: Callable[..., Done]
) -> None:
    again = ("run", "--tasks", "tickets,receipts", "--limit", "40", "--models", MODEL, "--dry-run", "--json")
    with _served(project.folder, port):
        first = project(*again).document["cells"]
        twice = project(*again, "--epochs", "2").document["cells"]
    assert (first["planned"], first["done"]) == (0, 80)
    assert (twice["planned"], twice["done"]) == (80, 80)


def test_standings_are_as_if_no_canary_had_been(project: Bench, canary: Callable[..., Done]) -> None:
    before = _standings(project)
    assert canary(canned="no answer at all").code == 5
    assert _standings(project) == before


def _standings(project: Bench) -> Any:
    ended = project("route", "--json")
    assert ended.code == 0, ended.err
    return [
        {k: route[k] for k in ("task", "model", "score", "n", "cost_per_1k_usd", "p95_s", "status")}
        for route in ended.document["routes"]
    ]


def test_a_model_that_got_worse_is_a_drift_and_the_exit_code_says_so(canary: Callable[..., Done]) -> None:
    ended = canary(canned="no answer at all", text=True)
    assert ended.code == 5, ended.err
    told = " ".join(ended.out.split())
    assert f"{MODEL}: drift: score " in told
    assert "worse on " in told
    assert f"1 of 1 models changed: {MODEL}." in ended.err
    [one] = canary(canned="no answer at all").document["models"]
    assert (one["verdict"], one["score_now"], one["same_answers"]) == ("drift", 0.0, None)
    assert len(one["worse"]) >= 18
    assert one["p"] < 0.001


def test_another_model_that_replies_is_told(canary: Callable[..., Done]) -> None:
    ended = canary(faults=[Faults("other_model", rate=1)], text=True)
    assert ended.code == 5, ended.err
    told = " ".join(ended.out.split())
    assert "another model serves: " in told
    assert ", then aurora-lite; score" in told
    assert "served id: aurora-lite then, " in told


def test_an_endpoint_that_refuses_is_no_drift_but_a_failure(canary: Callable[..., Done]) -> None:
    ended = canary(faults=[Faults("status", rate=1, status=401)])
    assert ended.code in (3, 4), ended.err
    [one] = ended.document["models"]
    assert (one["verdict"], one["p"], one["score_now"], one["n"]) == ("cannot tell", None, None, 0)


def test_a_dry_run_and_a_budget_hold_for_a_canary_too(project: Bench, canary: Callable[..., Done]) -> None:
    logs = sorted(project.folder.glob("results/logs/*"))
    dry = canary("--dry-run").document
    assert [(part["model"], part["calls"]) for part in dry["models"]] == [(MODEL, 20)]
    assert sorted(project.folder.glob("results/logs/*")) == logs
    assert canary("--budget", "0.0000001").code == 4


def test_a_rebuilt_database_knows_canaries_by_their_runs(project: Bench, canary: Callable[..., Done]) -> None:
    assert canary().code == 0
    before = _counted(project)
    assert before[0][2] > 0
    assert project("rebuild").code == 0
    assert _counted(project) == before


def _counted(project: Bench) -> list[tuple[str, int, int]]:
    measured = project("status", "--json").document["measured"]
    return [(row["task"], row["n"], row["canaries"]) for row in measured if row["model"] == MODEL]


def test_flags_that_say_what_to_ask_do_not_go_with_it(project: Bench) -> None:
    for flags in (("--new-models",), ("--limit", "5"), ("--epochs", "2")):
        ended = project("run", "--canary", *flags)
        assert (ended.code, "goes with none of" in ended.err) == (2, True)


def test_where_nothing_is_stored_there_is_nothing_to_ask_again(bench: Bench) -> None:
    empty = bench("run", "--canary", "--models", "demo-aurora/lite")
    assert empty.code == 2
    assert "Nothing was measured yet." in empty.err
    assert bench("run", "--tasks", "tickets", "--limit", "3", "--models", "demo-aurora/lite").code == 0
    other = bench("run", "--canary", "--models", "demo-aurora/grand")
    assert other.code == 2
    assert "Nothing is stored of these models and tasks" in other.err


def test_the_demo_panel_stays_the_same(measured: Bench) -> None:
    ended = measured("run", "--canary", "--tasks", "invoices,receipts,tickets", "--json")
    assert ended.code == 0, ended.err
    assert ended.document["simulated"] is True
    found = {one["model"]: one for one in ended.document["models"]}
    assert len(found) == 6
    assert not any(name.startswith("rule/") for name in found)
    assert {(one["n"], one["verdict"]) for one in found.values()} == {(20, "no drift seen")}
