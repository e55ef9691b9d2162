"""A policy in figures, by itself and against others."""

from __future__ import annotations

import numpy as np
import pytest
from answered import answered
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from whichmodel.analyse.agreement.estimates import error_rate
from whichmodel.analyse.agreement.figures import against, figures
from whichmodel.analyse.agreement.replay import Terms, alone, person, replay
from whichmodel.analyse.timing import Percentile
from whichmodel.domain import AgreementPolicy

TERMS = Terms(review_usd=1.5, reviewer_error=0.02, error_usd=4.0)
PAIR = AgreementPolicy("p", "invoices", ("a/a", "b/b"), 2, "c/strong")


def bank(n: int = 400, *, seed: int = 0, same: float = 0.8) -> dict[str, list[str]]:
    """Two models that often say the same, right or wrong, and a strong one that is mostly right."""
    rng = np.random.default_rng(seed)
    a = rng.choice(["right", "w1"], n, p=[0.9, 0.1])
    b = np.where(rng.random(n) < same, a, "w2")
    strong = rng.choice(["right", "w3"], n, p=[0.97, 0.03])
    return {"a/a": a.tolist(), "b/b": b.tolist(), "c/strong": strong.tolist()}


def test_the_figures_are_those_of_a_count_by_hand() -> None:
    said = bank()
    found = figures(replay(answered(said, ["right"] * 400, cost={"c/strong": 0.05}), PAIR, TERMS))
    same = [a == b for a, b in zip(said["a/a"], said["b/b"], strict=True)]
    wrong = [s and a != "right" for s, a in zip(same, said["a/a"], strict=True)]
    assert (found.items, found.left_out, found.accepted, found.wrong) == (400, 0, sum(same), sum(wrong))
    assert found.coverage is not None
    assert found.coverage.mean == pytest.approx(sum(same) / 400)
    assert found.error is not None
    exact = stats.binomtest(sum(wrong), sum(same)).proportion_ci(method="exact")
    assert [found.error.low, found.error.high] == pytest.approx([exact.low, exact.high])
    assert found.models_usd is not None
    assert found.models_usd.value == pytest.approx(0.002)
    assert found.paid_usd is not None
    assert found.paid_usd.value == pytest.approx(0.002 + (1 - sum(same) / 400) * 0.05)
    assert found.paid_usd.low < found.paid_usd.value < found.paid_usd.high
    assert found.p95 == Percentile(2.0, 2.0, 2.0)


def test_a_policy_that_accepts_nothing_has_no_error_rate_and_one_without_a_wrong_answer_no_zero_bound() -> (
    None
):
    none = figures(replay(answered({"a/a": ["x"] * 30, "b/b": ["y"] * 30}, ["x"] * 30), _plain(), TERMS))
    assert none.accepted == 0
    assert none.error is None
    assert none.accepted_score is None
    perfect = figures(replay(answered({"a/a": ["x"] * 30, "b/b": ["x"] * 30}, ["x"] * 30), _plain(), TERMS))
    assert perfect.error is not None
    assert perfect.error.high == pytest.approx(1 - 0.025 ** (1 / 30))
    assert perfect.coverage is not None
    assert perfect.coverage.low < 1


def _plain() -> AgreementPolicy:
    return AgreementPolicy("p", "invoices", ("a/a", "b/b"), 2)


def test_unknown_costs_give_unknown_figures_and_no_ratio() -> None:
    found = replay(answered(bank(), ["right"] * 400), PAIR, Terms())
    assert figures(found).total_usd is None
    assert figures(found).paid_usd is not None
    row = against(found, alone(answered(bank(), ["right"] * 400), "c/strong", Terms()), 0.03)
    assert row is not None
    assert row.total_ratio is None
    assert row.paid_ratio is not None
    free = answered(bank(), ["right"] * 400, cost={"c/strong": 0.0})
    ratio = against(replay(free, PAIR, Terms()), alone(free, "c/strong", Terms()), 0.03)
    assert ratio is not None
    assert (ratio.paid_ratio, ratio.cheaper) == (None, 0.0)
    dark = answered(bank(), ["right"] * 400, cost={"a/a": float("nan")})
    assert figures(replay(dark, PAIR, TERMS)).models_usd is None
    unknown = against(replay(dark, PAIR, TERMS), alone(dark, "c/strong", TERMS), 0.03)
    assert unknown is not None
    assert (unknown.paid_ratio, unknown.total_ratio, unknown.cheaper) == (None, None, None)


def test_quality_and_cost_against_the_strong_model_come_from_the_same_items() -> None:
    there = answered(bank(), ["right"] * 400, cost={"c/strong": 0.05})
    found = replay(there, PAIR, TERMS)
    row = against(found, alone(there, "c/strong", TERMS), 0.03)
    assert row is not None
    assert row.n == 400
    strong = there.evidence.score[:, 2]
    assert row.difference.value == pytest.approx(found.course.score.mean() - strong.mean())
    assert row.difference.low < row.difference.value < row.difference.high
    assert row.paid_ratio is not None
    assert row.paid_ratio.value == pytest.approx(found.course.paid_usd.mean() / 0.05)
    assert row.paid_ratio.low < row.paid_ratio.value < row.paid_ratio.high < 1


def test_errors_and_reviews_that_were_never_seen_are_not_known_to_cost_nothing() -> None:
    """200 of 200 agree and are right: up to 1.9% more may be left to people, or be wrong."""
    there = answered({"a/a": ["x"] * 200, "b/b": ["x"] * 200}, ["x"] * 200)
    found = figures(replay(there, _plain(), TERMS))
    most = 1 - 0.025 ** (1 / 200)
    assert found.paid_usd is not None
    assert found.paid_usd.value == found.paid_usd.low == pytest.approx(0.002)
    assert found.paid_usd.high == pytest.approx(0.002 + most * 1.5)
    assert found.total_usd is not None
    assert found.total_usd.value == pytest.approx(0.002)
    assert found.total_usd.high == pytest.approx(0.002 + most * 4)
    row = against(replay(there, _plain(), TERMS), person(200, TERMS), 0.03)
    assert row is not None
    assert row.paid_ratio is not None
    assert row.paid_ratio.high == pytest.approx((0.002 + most * 1.5) / 1.5)


def test_a_review_of_unknown_cost_makes_the_cost_unknown_even_where_none_was_needed() -> None:
    there = answered({"a/a": ["x"] * 200, "b/b": ["x"] * 200}, ["x"] * 200)
    found = figures(replay(there, _plain(), Terms(error_usd=1.0)))
    assert found.models_usd is not None
    assert (found.paid_usd, found.total_usd) == (None, None)


def test_two_ways_that_never_differ_are_not_known_to_be_equal() -> None:
    there = answered({"a/a": ["x"] * 50, "b/b": ["x"] * 50, "c/strong": ["x"] * 50}, ["x"] * 50)
    row = against(replay(there, PAIR, TERMS), alone(there, "c/strong", TERMS), 0.03)
    assert row is not None
    assert row.difference.low < -0.03 < 0 < row.difference.high
    assert row.z < stats.norm.ppf(0.95)


def test_a_person_who_errs_is_a_baseline_too() -> None:
    there = answered(bank(), ["right"] * 400)
    row = against(replay(there, _plain(), TERMS), person(400, TERMS), 0.03)
    assert row is not None
    assert row.score == pytest.approx(0.98)
    assert row.paid_usd == 1.5
    assert row.total_usd == pytest.approx(1.5 + 0.02 * 4)


def test_clustered_items_are_worth_fewer() -> None:
    wrong = np.repeat([0.0, 0.0, 0.0, 1.0] * 5, 10)
    single = error_rate(wrong, np.arange(200))
    grouped = error_rate(wrong, np.repeat(np.arange(20), 10))
    assert single is not None
    assert grouped is not None
    assert grouped.mean == single.mean
    assert grouped.high - grouped.low > 2 * (single.high - single.low)
    none = error_rate(np.zeros(200), np.repeat(np.arange(20), 10))
    assert none is not None
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 20))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(0, 2**16), st.floats(0, 1))
def test_figures_keep_their_bounds(n: int, seed: int, same: float) -> None:
    found = figures(replay(answered(bank(n, seed=seed, same=same), ["right"] * n), PAIR, TERMS))
    for one in (found.coverage, found.error, found.accepted_score, found.score):
        if one is not None:
            assert 0 <= one.low <= one.mean <= one.high <= 1
    for cost in (found.models_usd, found.paid_usd, found.total_usd):
        assert cost is not None
        assert 0 <= cost.low <= cost.value + 1e-9
        assert cost.value <= cost.high + 1e-9
