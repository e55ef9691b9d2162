"""A stored race replayed over outcomes: what floor, latency, policy and lost models make of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from decide.conftest import make

from whichmodel.analyse.evidence import NOT_ASKED, Evidence
from whichmodel.decide.race import Settled
from whichmodel.decide.replay import Replayed, open_races, replay, settled, track
from whichmodel.domain import DecisionRule, Model, Organisation, Policy, RouteStatus, Workload
from whichmodel.store import Race

ITEMS = 400
NOW = datetime(2026, 11, 20, tzinfo=UTC)
COST = {"v/dear": 0.01, "v/mid": 0.004, "w/cheap": 0.001}
LAB = Organisation("lab", "Lab", rule=DecisionRule(delta=0.05, min_items=100))
MODELS = {name: Model(name, name, name.partition("/")[0]) for name in COST}


def scores(seed: int = 1) -> dict[str, Any]:
    """Two models that are as good as each other, and one that is not."""
    luck = np.random.default_rng(seed).random(ITEMS)
    own = {name: np.random.default_rng(seed + k).random(ITEMS) for k, name in enumerate(COST, 7)}
    skill = {"v/dear": 0.95, "v/mid": 0.95, "w/cheap": 0.6}
    mixed = {name: np.where(own[name] < 0.2, own[name] * 5, luck) for name in COST}
    return {name: (mixed[name] < skill[name]).astype(float) for name in COST}


def evidence(**changes: Any) -> Evidence:
    return make(scores(), cost=COST, **changes)


def race(**changes: Any) -> Race:
    given: dict[str, Any] = {
        "organisation": "lab",
        "simulated": False,
        "task": "invoices",
        "task_hash": "invoices-1",
        "order_seed": 0,
        "items": tuple(f"i{k}" for k in range(ITEMS)),
        "models": tuple(COST),
        "settings": ("s1",) * 3,
        "incumbent": None,
        "kind": "all",
        "rule": "{}",
        "started_at": NOW,
    }
    return Race(**{**given, **changes})


def up_to(whole: Evidence, asked: dict[str, int]) -> Evidence:
    """The evidence when each model has been asked so many items."""
    counts = np.array([asked.get(name, 0) for name in whole.models])
    unseen = np.arange(len(whole.items))[:, None] >= counts[None, :]
    return replace(
        whole,
        score=np.where(unseen, np.nan, whole.score),
        cost_usd=np.where(unseen, np.nan, whole.cost_usd),
        latency_s=np.where(unseen[:, :, None], np.nan, whole.latency_s),
        state=np.where(unseen, NOT_ASKED, whole.state),
    )


def run(whole: Evidence, organisation: Organisation = LAB, **changes: Any) -> tuple[Replayed, dict[str, int]]:
    """A race measured look by look, and what it asked of each model."""
    asked: dict[str, int] = {}
    while True:
        found = replay(up_to(whole, asked), race(**changes), organisation, MODELS)
        if found.asks is None:
            return found, asked
        assert found.asks.until
        asked |= found.asks.until


def test_look_by_look_it_ends_as_on_the_whole_bank_and_asks_less() -> None:
    whole = evidence()
    found, asked = run(whole)
    at_once = replay(whole, race(), LAB, MODELS)
    assert found.answer == at_once.answer
    assert (found.answer.model, found.answer.status) == ("v/mid", RouteStatus.CERTIFIED)
    assert asked["w/cheap"] < asked["v/mid"] <= ITEMS
    assert sum(asked.values()) < 3 * ITEMS


def test_an_open_race_certifies_nothing() -> None:
    found = replay(up_to(evidence(), dict.fromkeys(COST, 50)), race(), LAB, MODELS)
    assert found.asks is not None
    assert found.answer.status is RouteStatus.PROVISIONAL


def test_the_track_has_the_races_order_and_counts_from_its_start() -> None:
    part = up_to(evidence(), {"v/dear": 30, "v/mid": 10})
    turned = race(items=tuple(reversed(race().items)), models=("v/mid", "v/dear"), settings=("s1", "other"))
    made = track(part, turned, LAB.rule)
    assert made.score.shape == (ITEMS, 2)
    assert np.array_equal(made.score[::-1, 0], part.score[:, part.column("v/mid")], equal_nan=True)
    assert np.isnan(made.score[:, 1]).all()
    assert made.asked.tolist() == [0, 0]
    assert track(part, race(), LAB.rule).asked.tolist() == [30, 10, 0]
    assert track(None, race(), LAB.rule).asked.tolist() == [0, 0, 0]


def test_a_failed_item_was_asked_and_has_no_score() -> None:
    given = scores()
    given["v/mid"][3] = np.nan
    made = track(make(given, cost=COST), race(), LAB.rule)
    assert made.asked[1] == ITEMS
    assert np.isnan(made.score[3, 1])


def test_a_model_that_the_policy_bars_is_never_asked() -> None:
    strict = replace(LAB, policy=Policy(vendors=("v",)))
    found, asked = run(evidence(), strict)
    assert "w/cheap" not in asked
    assert found.answer.model == "v/mid"


def test_a_winner_that_is_too_slow_is_passed_over() -> None:
    slow = evidence(latency=None, latency_s=_latencies({"v/mid": 9.0}))
    found, asked = run(slow, replace(LAB, p95_s=2.0))
    assert (found.answer.model, found.answer.status) == ("v/dear", RouteStatus.CERTIFIED)
    assert asked["v/mid"] == 50


def _latencies(seconds: dict[str, float]) -> np.ndarray:
    each = [np.full(ITEMS, seconds.get(name, 1.0)) for name in COST]
    return np.column_stack(each)[:, :, None]


def test_a_model_below_the_floor_is_asked_no_more() -> None:
    workloads = (Workload("invoices", 10, floor=0.8),)
    found, asked = run(evidence(), replace(LAB, workloads=workloads))
    assert asked["w/cheap"] == 50
    assert found.answer.model == "v/mid"


def test_a_lost_model_is_gone_on_without_only_where_it_is_needed() -> None:
    whole = evidence()
    part = up_to(whole, {**dict.fromkeys(COST, ITEMS), "v/dear": 50})
    needed = replay(part, race(), LAB, MODELS)
    assert needed.asks is not None
    assert "v/dear" in needed.asks.until
    without = replay(part, race(), LAB, MODELS, lost=["v/dear"])
    assert (without.asks, without.withdrawn) == (None, ("v/dear",))
    assert without.answer.model == "v/mid"
    at_hand = replay(whole, race(), LAB, MODELS, lost=["v/dear"])
    assert at_hand.withdrawn == ()
    assert at_hand.answer == replay(whole, race(), LAB, MODELS).answer


def test_challengers_meet_the_incumbent_alone() -> None:
    two = ("v/mid", "w/cheap")
    found, asked = run(evidence(), kind="challengers", models=two, settings=("s1", "s1"), incumbent="v/mid")
    assert "v/dear" not in asked
    assert found.answer.model == "v/mid"
    assert {pair.against for pair in found.answer.pairs} <= {"v/mid"}


@pytest.mark.parametrize(
    "other", [{"task_hash": "invoices-2"}, {"organisation": "shop"}, {"simulated": True}]
)
def test_a_race_of_another_bank_organisation_or_panel_decides_nothing(other: dict[str, Any]) -> None:
    assert settled([evidence()], [race(**other)], LAB, MODELS, simulated=False) == {}
    found = settled([evidence()], [race()], LAB, MODELS, simulated=False)
    assert list(found) == ["invoices"]
    assert isinstance(found["invoices"], Settled)


def test_the_race_looked_at_last_counts_and_those_before_it_are_given_up() -> None:
    newer, older = race(rule="new"), race(rule="old")
    assert open_races([newer, older]) == [newer]
    assert open_races([replace(newer, ended_at=NOW), older]) == []
    assert open_races([newer, race(task="tickets")]) == [newer, race(task="tickets")]
