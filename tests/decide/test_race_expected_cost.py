"""Racing for the least expected cost: measuring goes on while it may pay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tracks import Floats, bank, names, raced, track

from whichmodel.decide.race import Measure, Settled, provisional, step
from whichmodel.domain import DecisionRule, RouteStatus

RULE = DecisionRule(objective="expected_cost")
STAKES: dict[str, Any] = {"error_usd": 1.0, "requests": 10_000.0}
COST = [0.001, 0.01, 0.05]


def _expected(score: Floats, cost: list[float], error_usd: float) -> Floats:
    return np.asarray(np.array(cost) + error_usd * (1 - score.mean(axis=0)))


@pytest.mark.parametrize("seed", range(5))
def test_a_model_that_is_better_by_more_than_its_price_is_chosen_early(seed: int) -> None:
    """An error costs 1 USD: 20 points are worth 0.20, and the better model costs 0.01 more."""
    found, asked = raced(bank([0.7, 0.9, 0.7], 1000, seed), COST, RULE, **STAKES)
    assert found.model == "a/1"
    assert asked.sum() < 0.2 * 3000


def test_what_an_error_costs_decides_the_model() -> None:
    score = bank([0.85, 0.95, 0.96], 1000, 1)
    cheap, _ = raced(score, COST, RULE, error_usd=0.02, requests=10_000.0)
    dear, _ = raced(score, COST, RULE, error_usd=50.0, requests=10_000.0)
    assert cheap.model == "a/0"
    assert dear.model == names(3)[int(np.argmin(_expected(score, COST, 50.0)))]


def test_more_requests_at_stake_pay_for_more_items() -> None:
    score = bank([0.9, 0.91, 0.92], 1000, 2)
    few, many = (
        raced(score, COST, RULE, error_usd=1.0, requests=requests)[1].sum() for requests in (1.0, 1_000_000.0)
    )
    assert few == 150
    assert many > 2 * few


def test_the_choice_is_certified_only_where_its_cost_is_shown_to_be_within_the_margin() -> None:
    apart, _ = raced(bank([0.5, 0.95, 0.5], 1000, 3), COST, RULE, **STAKES)
    assert (apart.model, apart.status, apart.certified) == ("a/1", RouteStatus.CERTIFIED, ("a/1",))
    assert set(apart.inferior) == {"a/0", "a/2"}
    close, _ = raced(bank([0.7, 0.7, 0.7], 1000, 3), COST, RULE, error_usd=1.0, requests=10.0)
    assert (close.status, close.certified) == (RouteStatus.PROVISIONAL, ())


def test_a_budget_leaves_it_provisional() -> None:
    part = track(bank([0.5, 0.95, 0.5], 1000, 3), COST, [50, 50, 50], **STAKES)
    found = provisional(part, RULE)
    assert found.model == "a/1"
    whole = replace(part, requests=1e9)
    assert isinstance(step(whole, RULE), Measure)
    assert provisional(whole, RULE).status is RouteStatus.PROVISIONAL


def test_a_model_without_a_known_cost_is_not_chosen() -> None:
    score = bank([0.7, 0.7, 0.99], 1000, 4)
    found, _ = raced(score, [0.001, 0.01, np.nan], RULE, **STAKES)
    assert found.model in ("a/0", "a/1")
    nobody, _ = raced(score, [np.nan] * 3, RULE, **STAKES)
    assert (nobody.model, nobody.status) == (None, RouteStatus.NONE)


def test_without_known_stakes_models_are_raced_for_quality() -> None:
    score = bank([0.97, 0.97, 0.97], 1000, 11)
    by_quality = raced(score, COST, replace(RULE, objective="noninferior"))[0]
    assert raced(score, COST, RULE)[0] == by_quality
    assert raced(score, COST, RULE, error_usd=1.0)[0] == by_quality


def test_its_regret_is_small_for_a_third_of_the_bank() -> None:
    """60 banks of eight models: what the route costs above the best one, and what was measured."""
    rng = np.random.default_rng(5)
    regret, used, cost = [], [], np.geomspace(0.0001, 0.005, 8)
    stakes: dict[str, Any] = {"error_usd": 0.5, "requests": 50_000.0}
    for _ in range(60):
        truth = rng.uniform(0.6, 0.95, 8)
        found = step(track(bank(truth.tolist(), 1000, rng), cost, **stakes), RULE)
        assert isinstance(found, Settled)
        true_cost = cost + 0.5 * (1 - truth)
        regret.append(true_cost[int(str(found.model)[2:])] - true_cost.min())
        used.append(sum(f.items * cost[int(f.model[2:])] for f in found.fates) / (1000 * cost.sum()))
    assert np.mean(regret) < 0.001
    assert np.mean(used) < 0.36


@given(st.integers(0, 10_000), st.integers(1, 4), st.sampled_from([30, 200]), st.data())
@settings(max_examples=25, deadline=None)
def test_it_ends_and_restarts_to_the_same_answer(
    seed: int, models: int, items: int, data: st.DataObject
) -> None:
    rng = np.random.default_rng(seed)
    score = bank(rng.uniform(0.5, 0.98, models).tolist(), items, rng)
    score[rng.random(score.shape) < 0.02] = np.nan
    cost = rng.choice([0.0, 0.001, 0.01, np.nan], size=models)
    found, asked = raced(score, cost, RULE, **STAKES)
    assert step(track(score, cost, **STAKES), RULE) == found
    part = [data.draw(st.integers(0, items)) for _ in range(models)]
    again, upto = raced(score, cost, RULE, asked=part, **STAKES)
    assert again == found
    assert (upto <= np.maximum(asked, part)).all()
