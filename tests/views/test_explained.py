"""Why a task is routed as it is, decided again on its own outcomes; and which models nearly passed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from browser.site import publish
from rows import outcome

from whichmodel.config import load_config
from whichmodel.domain import Outcome
from whichmodel.store import Reader
from whichmodel.views.board import View, view
from whichmodel.views.decision import decide
from whichmodel.views.explained import Why, of_decision, why
from whichmodel.views.source import Source

CONFIG = """\
default_organisation: acme
models:
  - {id: a/big, base_url: "http://127.0.0.1:9/v1", region: us}
  - {id: b/small, base_url: "http://127.0.0.1:9/v1", region: eu}
  - {id: c/near, base_url: "http://127.0.0.1:9/v1", region: eu}
  - {id: d/bad, base_url: "http://127.0.0.1:9/v1", region: eu}
  - {id: e/slow, base_url: "http://127.0.0.1:9/v1", region: eu}
organisations:
  acme: {title: ACME, p95_s: 2}
  strict: {title: Strict, floor: 0.93}
  nobody: {title: Nobody, policy: {regions: [mars]}}
"""
ITEMS = 800


def rows() -> list[Outcome]:
    """Two models alike, one some 5 points behind, one far behind, one good and a little too slow."""
    luck = np.random.default_rng(3)
    right = luck.random(ITEMS) < 0.95
    near = right & (luck.random(ITEMS) > 0.05)
    scores = {"a/big": right, "b/small": right, "c/near": near, "d/bad": right & (luck.random(ITEMS) < 0.6)}
    scores["e/slow"] = right
    return [
        outcome(n, model=model, score=float(values[n]), latency_s=2.2 if model == "e/slow" else 0.5)
        for model, values in scores.items()
        for n in range(ITEMS)
    ]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    folder = tmp_path_factory.mktemp("explained")
    (folder / "bench.yaml").write_text(CONFIG)
    config = load_config(folder / "bench.yaml")
    by_id = {model.id: model.settings_hash for model in config.models}
    snapshot = publish(folder / "results", [outcome_of(row, by_id[row.model]) for row in rows()])
    return Source(config, folder / "results", Reader(Path(snapshot)))


def outcome_of(row: Outcome, settings_hash: str) -> Outcome:
    return replace(row, settings_hash=settings_hash)


def found(source: Source, organisation: str) -> tuple[View, Why]:
    shown = view(source, "real", organisation)
    return shown, why(source, shown, "invoices")


def test_the_funnel_ends_at_the_route_and_names_whom_it_loses(source: Source) -> None:
    shown, told = found(source, "acme")
    counts = [stage.left for stage in told.stages]
    assert counts[0] == 5
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] == 1
    lost = [model for stage in told.stages for model in stage.lost]
    assert sorted([*lost, str(shown.route("invoices").model)]) == [
        "a/big",
        "b/small",
        "c/near",
        "d/bad",
        "e/slow",
    ]


def test_the_page_and_the_verb_tell_the_same(source: Source) -> None:
    _, told = found(source, "acme")
    organisation = source.config.organisation("acme")
    full = of_decision(source, decide(source, organisation, "real"), organisation, "invoices")
    assert (told.stages, told.near, told.open, told.remedy) == (
        full.stages,
        full.near,
        full.open,
        full.remedy,
    )


def test_one_demand_missed_by_little_is_near_and_by_much_is_not(source: Source) -> None:
    _, told = found(source, "acme")
    near = {each.model: each for each in told.near}
    assert near["e/slow"].demand == "too slow"
    assert near["e/slow"].text == "p95 2.20 s, objective 2 s"
    assert near["c/near"].demand == "quality"
    assert "margin 3 points" in near["c/near"].text
    assert "d/bad" not in near
    assert all(0 <= each.shortfall <= 1 for each in told.near)


def test_two_demands_missed_are_no_near_miss(source: Source) -> None:
    _, told = found(source, "strict")
    assert "c/near" not in {each.model for each in told.near}


def test_nobody_barred_by_policy_is_near(source: Source) -> None:
    shown, told = found(source, "nobody")
    assert shown.route("invoices").model is None
    assert told.near == ()
    assert [stage.left for stage in told.stages] == [5, 0, 0, 0, 0, 0, 0]
