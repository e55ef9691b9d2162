"""The whole way over real answers: a model's reply -> outcome -> standing -> route -> a gateway's file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT
from program import Bench
from replay import Replay, replay, routellm

GPT4, MIXTRAL = "gpt-4-1106-preview", "mistralai/Mixtral-8x7B-Instruct-v0.1"
CONFIG = """\
default_organisation: acme
models:
  - id: recorded/gpt-4
    inspect_name: openai-api/replay/{gpt4}
    vendor: openai
    base_url: {base_url}
    max_connections: 32
    price: {{source: list price of 2024, dated: 2024-01-01, input_per_mtok: 10, output_per_mtok: 30}}
  - id: recorded/mixtral
    inspect_name: openai-api/replay/{mixtral}
    vendor: mistral
    base_url: {base_url}
    max_connections: 32
    price: {{source: list price of 2024, dated: 2024-01-01, input_per_mtok: 0.6, output_per_mtok: 0.6}}
organisations:
  acme: {{title: ACME, workloads: [{{task: reasoning, requests_per_month: 1000}}]}}
"""
TASK = str(ROOT / "tests" / "tasks" / "reasoning" / "gsm8k")


@dataclass(frozen=True)
class Replayed:
    """A project in which both models have answered all questions."""

    bench: Bench
    server: Replay
    document: Any
    err: str

    def standing(self, model: str) -> Any:
        return next(s for s in self.document["standings"] if s["model"] == model)


@pytest.fixture(scope="module")
def replayed(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replayed]:
    folder = tmp_path_factory.mktemp("replayed")
    with replay(routellm(real_data)) as server:
        names = {"gpt4": GPT4, "mixtral": MIXTRAL, "base_url": server.base_url}
        (folder / "bench.yaml").write_text(CONFIG.format(**names))
        bench = Bench(folder)
        ended = bench("run", "--tasks", TASK, "--json", "--yes", timeout=900)
        assert ended.code == 0, ended.err
        yield Replayed(bench, server, ended.document, ended.err)


def test_every_question_was_asked_once_of_each_model(replayed: Replayed) -> None:
    assert replayed.server.requests == {GPT4: 1319, MIXTRAL: 1319}
    assert replayed.document["simulated"] is False
    assert replayed.document["cells"] == {
        "planned": 2638,
        "done": 2638,
        "failed": 0,
        "known": 0,
        "over_budget": 0,
    }


def test_the_scores_are_those_of_the_answers_and_the_ranking_is_not_inverted(replayed: Replayed) -> None:
    gpt4, mixtral = replayed.standing("recorded/gpt-4"), replayed.standing("recorded/mixtral")
    assert round(gpt4["score"] * 1319) == 1172
    assert round(mixtral["score"] * 1319) == 843
    assert (gpt4["n"], mixtral["n"]) == (1319, 1319)
    assert gpt4["low"] > mixtral["high"]


def test_the_unparsed_share_is_shown_and_its_difference_is_warned_of(replayed: Replayed) -> None:
    assert round(replayed.standing("recorded/gpt-4")["unparsed"] * 1319) == 1154
    assert round(replayed.standing("recorded/mixtral")["unparsed"] * 1319) == 133
    shown = replayed.bench("run", "--tasks", TASK).out
    assert "recorded/gpt-4 87%, recorded/mixtral 10%" in shown
    assert "gsm8k/README.md" in shown


def test_the_spend_is_usage_times_price(replayed: Replayed, real_data: Path) -> None:
    from_bench = replayed.document["spend_usd"]
    prompts = [item.input for item in _bank().items]
    texts = routellm(real_data)
    by_hand = 0.0
    for model, rate_in, rate_out in ((GPT4, 10, 30), (MIXTRAL, 0.6, 0.6)):
        answers = list(texts[model].values())
        by_hand += sum(len(p) // 4 for p in prompts) * rate_in / 1e6
        by_hand += sum(len(text) // 4 for text in answers) * rate_out / 1e6
    assert from_bench == pytest.approx(by_hand, rel=1e-9)


def _bank() -> Any:
    from whichmodel.registry import bank, find

    return bank(find([TASK])[0])


def test_the_route_goes_to_the_model_that_is_shown_to_be_good_enough(replayed: Replayed) -> None:
    [route] = replayed.document["routes"]
    assert (route["model"], route["status"]) == ("recorded/gpt-4", "certified")
    table = yaml.safe_load((replayed.bench.folder / replayed.document["written"]["yaml"]).read_text())
    assert table["simulated"] is False
    [written] = table["routes"]
    [why_not] = written["why_not"]
    assert why_not["model"] == "recorded/mixtral"
    assert why_not["difference"] < -0.2


def test_the_gateway_s_file_names_the_task_and_its_model(replayed: Replayed) -> None:
    ended = replayed.bench("export", "litellm")
    assert ended.code == 0, ended.err
    config = yaml.safe_load(ended.out)
    first = next(entry for entry in config["model_list"] if entry["model_name"] == "gsm8k")
    assert first["litellm_params"]["model"] == f"openai/{GPT4}"
    assert first["litellm_params"]["api_base"] == replayed.server.base_url
    assert first["model_info"]["input_cost_per_token"] == pytest.approx(10e-6)


def test_a_second_run_asks_nobody(replayed: Replayed) -> None:
    before = replayed.server.requests.copy()
    again = replayed.bench("run", "--tasks", TASK, "--json").document
    assert again["cells"]["planned"] == 0
    assert replayed.server.requests == before
    assert again["standings"] == replayed.document["standings"]


def test_two_models_side_by_side(replayed: Replayed) -> None:
    [found] = replayed.bench("compare", "recorded/gpt-4", "recorded/mixtral", "--json").document
    assert found["verdict"] == "A better"
    assert found["n"] == 1319
    assert found["difference"] == pytest.approx((1172 - 843) / 1319)
