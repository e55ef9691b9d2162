"""`bench savings` as its users read it, on outcomes made for it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from program import Bench
from rows import outcome

from whichmodel.config import load_config
from whichmodel.domain import Load, LoadStep, Outcome, Status
from whichmodel.store import Store, loads

CONFIG = """\
default_organisation: acme
models:
  - {id: shop/big, base_url: "http://127.0.0.1:9/v1", vendor: shop}
  - {id: shop/small, base_url: "http://127.0.0.1:9/v1", vendor: shop}
  - {id: other/secret, base_url: "http://127.0.0.1:9/v1"}
  - id: own/tuned
    base_url: "http://127.0.0.1:9/v1"
    tasks: [tickets]
    specialist: {training_usd: 900, refresh_usd: 100, refreshes_per_year: 3}
  - id: vllm/hosted
    base_url: "http://127.0.0.1:9/v1"
    price: {source: rent, dated: 2026-01-01, per_gpu_hour: 3.6}
organisations:
  acme:
    title: ACME online shop
    workloads:
      - {task: tickets, requests_per_month: 100000, incumbent: shop/big}
      - {task: invoices, requests_per_month: 20000}
    review_cost_usd: 1
    decision: {switch: {runs: 1}}
  bare: {title: Bare}
  strict:
    title: Strict
    workloads:
      - {task: tickets, requests_per_month: 100000, incumbent: other/secret}
    policy: {vendors: [shop]}
  elsewhere:
    title: Elsewhere
    workloads: [{task: translation, requests_per_month: 10}]
"""
N = 600
COST = {
    "shop/big": "0.010",
    "shop/small": "0.001",
    "other/secret": None,
    "own/tuned": "0.0002",
    "vllm/hosted": None,
}
WRONG = {"shop/big": 15, "shop/small": 15, "other/secret": 8, "own/tuned": 15, "vllm/hosted": 15}
"""Items of 600 with a wrong answer, spread evenly and never the same ones."""


def rows(settings: Mapping[str, str], task: str, category: str) -> list[Outcome]:
    found = []
    for place, (model, cost) in enumerate(COST.items()):
        if model == "own/tuned" and task != "tickets":
            continue
        wrong = set((np.linspace(place, N - 9, WRONG[model]).astype(int) + place).tolist())
        for item in range(N):
            score = 0.0 if item in wrong else 1.0
            # Every other wrong answer of the cheap ones is a refusal, which a person sees.
            refused = model in ("shop/small", "own/tuned") and score == 0 and item % 2 == 0
            found.append(
                outcome(
                    item,
                    task=task,
                    category=category,
                    task_hash=f"{task}-1",
                    model=model,
                    settings_hash=settings[model],
                    score=score,
                    status=Status.REFUSED if refused else Status.SCORED,
                    parsed=None if refused else True,
                    cost_usd=None if cost is None else Decimal(cost) * (5 + item % 5) / 8,
                )
            )
    return found


def loaded(settings: str) -> Load:
    step = LoadStep(8, 200, 0, {}, 200, 20.0, 10.0, 3500.0, 40.0, 0.7, 0.9, 0.8, 1.0, 0.2, 0.3, 1.0, 0.2)
    at = outcome(0).started_at
    return Load("vllm/hosted", settings, "tickets", "tickets-1", at, False, (step,), None, 8, "no more", 0)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Two tasks measured on five models; the hosted one's throughput on tickets alone."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "bench.yaml").write_text(CONFIG)
    settings = {m.id: m.settings_hash for m in load_config(folder / "bench.yaml").models}
    store = Store(folder / "results")
    store.ingest(rows(settings, "tickets", "classification") + rows(settings, "invoices", "extraction"))
    store.publish()
    loads.put(folder / "results", loaded(settings["vllm/hosted"]))
    return Bench(folder)


@pytest.fixture(scope="module")
def document(shop: Bench) -> Any:
    ended = shop("savings", "--json")
    assert ended.code == 0, ended.err
    return ended.document


def test_both_baselines_have_both_floors(document: Any) -> None:
    for name in ("best_single", "incumbent"):
        assert set(document["against"][name]["sums"]) == {"routes", "floors", "averaged"}
    assert document["best_single"]["text"]["among"] >= 3
    assert document["against"]["incumbent"]["baseline"] == {"tickets": "shop/big"}
    assert document["no_incumbent"] == ["invoices"]


def test_every_figure_has_its_interval_and_n(document: Any) -> None:
    def figures(value: Any) -> list[Any]:
        if isinstance(value, dict):
            own = [value] if {"value", "low", "high"} <= set(value) else []
            return own + [f for part in value.values() for f in figures(part)]
        return [f for part in value for f in figures(part)] if isinstance(value, list) else []

    found = figures(document)
    assert len(found) > 30
    for figure in found:
        assert figure["n"] > 0
        assert figure["low"] <= figure["value"] <= figure["high"]


def test_the_saving_against_today_is_the_volume_times_the_difference(document: Any) -> None:
    """Nine tenths of $1,000 at equal quality, on the quarter of the items that no choice saw."""
    [task] = document["against"]["incumbent"]["tasks"]
    assert task["task"] == "tickets"
    assert task["n"] == 150
    floors = document["against"]["incumbent"]["sums"]["floors"]
    assert floors["moved"] == ["tickets"]
    assert floors["saved"]["value"] > 0
    assert {t["figures"] for t in document["tasks"]} == {"holdout"}


def test_an_unknown_price_is_null_and_named(document: Any) -> None:
    """The best single model has no known price, so that nothing can be saved against it that anyone knows."""
    assert document["best_single"]["text"]["model"] == "other/secret"
    sums = document["against"]["best_single"]["sums"]
    assert sums["routes"]["saved"] is None
    assert sums["routes"]["unknown"] == [
        "price of other/secret on invoices unknown",
        "price of other/secret on tickets unknown",
    ]


def test_the_best_single_model_is_one_that_policy_allows(shop: Bench) -> None:
    found = shop("savings", "--org", "strict", "--json").document
    assert found["best_single"]["text"]["model"] in ("shop/big", "shop/small")
    [reason] = found["against"]["incumbent"]["sums"]["routes"]["unknown"]
    assert reason == "price of other/secret on tickets unknown"


def test_a_specialist_is_the_third_approach_with_its_training(document: Any) -> None:
    names = [a["name"] for a in document["approaches"]]
    assert names == ["single general model", "routed", "fine-tuned specialist"]
    tuned = document["approaches"][2]
    assert tuned["models"]["tickets"] == "own/tuned"
    assert tuned["fixed_usd"] == pytest.approx(1200 / (12 * 120_000))
    assert all(one["yearly_usd"] == 1200 for one in document["specialists"])
    assert all(one["score_difference"]["n"] == 150 for one in document["specialists"])


def test_hosting_goes_by_the_measured_throughput_and_says_where_none_is(document: Any) -> None:
    [tickets] = document["hosting"]
    assert (tickets["model"], tickets["task"]) == ("vllm/hosted", "tickets")
    assert tickets["requests_per_s"] == 10.0
    cost = tickets["api_usd"]["value"] / tickets["requests"]
    assert tickets["utilisation"]["value"] == pytest.approx(3.6 / (3600 * 10 * cost))
    assert document["throughput_not_measured"] == [{"model": "vllm/hosted", "task": "invoices"}]


def test_what_people_cost_can_turn_a_saving_into_a_loss(shop: Bench) -> None:
    def saved(*flags: str) -> float:
        sums = shop("savings", "--json", *flags).document["against"]["incumbent"]["sums"]["routes"]
        return float(sums["saved_in_total"]["value"])

    cheap, dear = saved("--review-usd", "0"), saved("--review-usd", "500")
    assert cheap > 0 > dear
    text = shop("savings", "--review-usd", "500").out
    assert "What if: $500 a review." in text
    assert "-$" in text


def test_volume_and_floor_are_what_if(shop: Bench, document: Any) -> None:
    twice = shop("savings", "--json", "--volume", "2x").document
    assert [t["requests_per_month"] for t in twice["tasks"]] == [40_000, 200_000]
    whole = shop("savings", "--json", "--volume", "60000", "--floor", "0.999").document
    assert [t["requests_per_month"] for t in whole["tasks"]] == [10_000, 50_000]
    assert {t["floor"] for t in whole["tasks"]} == {0.999}
    assert whole["against"]["incumbent"]["sums"]["floors"]["moved"] == []
    one, two = (d["against"]["incumbent"]["sums"]["routes"]["saved"]["value"] for d in (document, twice))
    assert two == pytest.approx(2 * one)


def test_the_text_reads_from_the_headline_to_what_is_left_out(shop: Bench) -> None:
    ended = shop("savings", env={"COLUMNS": "80"})
    assert ended.code == 0, ended.err
    lines = ended.out.splitlines()
    assert max(map(len, lines)) <= 80
    text = " ".join(ended.out.split())
    order = (
        "ACME online shop (acme), USD a month",
        "Against the best single model, with a floor for every task: unknown.",
        "Against today's models, with a floor for every task: costs more, saving -$",
        "Approaches side by side",
        "Break-evens",
        "Figures are from items that no choice here has seen.",
        "Not set against today's models, none is named: invoices.",
    )
    places = [text.find(words) for words in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert "bench load --model vllm/hosted --task invoices" in text
    for claim in ("40-60%", "28%"):
        assert claim not in text


@pytest.mark.parametrize(
    ("org", "said"),
    [
        ("bare", "workloads: [{task: extraction, requests_per_month: 10000}]"),
        ("elsewhere", "bench run --tasks translation"),
    ],
)
def test_what_is_missing_is_named_with_its_key_or_command(shop: Bench, org: str, said: str) -> None:
    ended = shop("savings", "--org", org)
    assert ended.code == 2
    assert said in ended.err


def test_before_the_first_run_it_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "bench.yaml").write_text(CONFIG)
    ended = Bench(tmp_path)("savings")
    assert ended.code == 2
    assert "Nothing was measured yet." in ended.err


@pytest.mark.parametrize("flags", [("--volume", "lots"), ("--review-usd", "-3"), ("--floor", "7")])
def test_a_flag_that_makes_no_sense_is_refused(shop: Bench, flags: tuple[str, str]) -> None:
    ended = shop("savings", *flags)
    assert ended.code == 2
    assert flags[0] in ended.err
