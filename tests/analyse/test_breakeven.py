"""From what volume on something pays, and what a right answer costs with several tries."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.analyse.economics.breakeven import (
    agreement_rest,
    break_even,
    largest_agreement_share,
    specialist_requests,
    success,
    units_needed,
    utilisation_needed,
)
from whichmodel.analyse.economics.figures import DRAWS, Sampled
from whichmodel.analyse.economics.hosting import hosting, throughput_cost
from whichmodel.domain import Load, LoadStep


def cost(value: float, spread: float = 0.0) -> Sampled:
    return Sampled(value, np.random.default_rng(0).normal(value, spread, DRAWS), 100)


# Dedicated against API


def test_a_gpu_at_two_dollars_against_a_dollar_a_million_tokens() -> None:
    """720 h x $2 = $1,440 a month buys 1.44 billion tokens; at 1,000 tokens/s that is 55.6% of the time."""
    assert break_even(2.0, 1e-6) == pytest.approx(1.44e9)
    assert utilisation_needed(2.0, 1000, 1e-6) == pytest.approx(0.5556, abs=1e-4)


@given(st.floats(0.1, 100), st.floats(1, 1e5), st.floats(1e-8, 1e-3))
def test_break_even_is_that_share_of_what_a_month_can_serve(hour: float, rate: float, price: float) -> None:
    assert break_even(hour, price) == pytest.approx(utilisation_needed(hour, rate, price) * 720 * 3600 * rate)


@pytest.mark.parametrize(
    ("requests", "units"), [(0, 1), (1, 1), (2_592_000, 1), (2_592_001, 2), (5_184_001, 3)]
)
def test_gpus_come_whole(requests: int, units: int) -> None:
    """At one request a second a set of GPUs serves 2,592,000 in 720 hours."""
    assert units_needed(requests, 1.0) == units


@pytest.mark.parametrize("price", [0.0, -1.0])
def test_against_what_is_free_nothing_pays(price: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        break_even(2.0, price)
    with pytest.raises(ValueError, match="above 0"):
        utilisation_needed(2.0, 1.0, price)
    with pytest.raises(ValueError, match="above 0"):
        units_needed(1, 0.0)


def step(concurrency: int, rate: float) -> LoadStep:
    return LoadStep(
        concurrency, 100, 0, {}, 100, 100 / rate, rate, 900.0, 100.0, 0.5, 0.6, 0.5, 0.7, 0.1, 0.2, 1.0, 0.1
    )


def load(knee: int | None) -> Load:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return Load("vllm/own", "s", "tickets", "b", at, False, (step(1, 2.0), step(4, 5.0)), None, knee, "", 0)


def test_hosting_goes_by_the_throughput_at_the_knee() -> None:
    """$3.60 an hour at 5 requests/s is $0.0002 a request; an API at $0.001 needs a fifth of the time."""
    assert throughput_cost(3.6, load(4)) == pytest.approx(0.0002)
    found = hosting(
        "tickets",
        "vllm/own",
        "shop/small",
        gpu_hour_usd=3.6,
        load=load(4),
        request=cost(0.001, 0.0001),
        tokens=200.0,
        requests=13_000_000,
    )
    assert found is not None
    assert found.utilisation.value == pytest.approx(0.2)
    assert found.utilisation.low < 0.2 < found.utilisation.high
    assert found.break_even_requests.value == pytest.approx(2_592_000)
    assert found.break_even_tokens == pytest.approx(200 * 2_592_000)
    assert found.units == 2
    assert found.hosted_usd == pytest.approx(2 * 720 * 3.6)
    assert found.busy == pytest.approx(13_000_000 / (2 * 720 * 3600 * 5))
    assert found.api_usd.value == pytest.approx(13_000)


def test_without_a_step_that_holds_or_against_a_free_api_there_is_no_break_even() -> None:
    given_ = {"gpu_hour_usd": 3.6, "tokens": None, "requests": 10}
    assert throughput_cost(3.6, load(None)) is None
    assert hosting("t", "a", "b", load=load(None), request=cost(0.001), **given_) is None  # type: ignore[arg-type]
    assert hosting("t", "a", "b", load=load(4), request=cost(0.0), **given_) is None  # type: ignore[arg-type]


# Specialist


def test_training_is_won_back_by_the_difference_of_costs() -> None:
    found = specialist_requests(1000.0, cost(0.011, 0.0005), cost(0.001))
    assert found.requests == 100_000
    assert found.low is not None
    assert found.high is not None
    assert found.low < 100_000 < found.high
    assert found.n == 100


def test_a_specialist_that_is_no_cheaper_never_pays() -> None:
    found = specialist_requests(1000.0, cost(0.001), cost(0.011))
    assert (found.requests, found.low, found.high) == (None, None, None)


def test_where_it_may_be_dearer_the_upper_end_is_without_bound() -> None:
    found = specialist_requests(1000.0, cost(0.002, 0.002), cost(0.001))
    assert found.requests == 1_000_000
    assert found.low is not None
    assert found.high is None


# Agreement


def test_the_claim_of_agreement_needs_a_rest_that_falls_and_has_a_limit() -> None:
    """+40% on models and -28% in total: with models at 10% of the total the rest falls to 64.4%."""
    assert agreement_rest(0.10) == pytest.approx((0.72 - 0.14) / 0.9)
    assert agreement_rest(0.0) == pytest.approx(0.72)
    assert largest_agreement_share() == pytest.approx(0.72 / 1.4)
    assert agreement_rest(0.51) is not None
    assert agreement_rest(0.52) is None
    with pytest.raises(ValueError, match="share"):
        agreement_rest(1.0)


@given(st.floats(0, 0.99))
def test_the_rest_that_is_told_makes_the_claim_true(rho: float) -> None:
    rest = agreement_rest(rho)
    if rest is None:
        assert rho > largest_agreement_share()
    else:
        assert 1.4 * rho + rest * (1 - rho) == pytest.approx(0.72)


# Success


def test_items_that_never_succeed_are_tried_to_the_end_and_pay_for_the_others() -> None:
    """Half the items always right, half never: three tries reach half, and cost (1 + 3) / 2 tries an item.

    By the geometric formula of the mean rate 87.5% would succeed, for half the price.
    """
    score = np.repeat([1.0, 0.0], 50)[:, None] * np.ones((1, 3))
    found = success(score, np.full((100, 3), 0.01), 3)
    assert found is not None
    assert found.cost_usd is not None
    assert (found.share.value, found.share.n) == (0.5, 100)
    assert found.cost_usd.value == pytest.approx(0.01 * 2 / 0.5)
    geometric = 0.01 * (1 + 0.5 + 0.25) / 0.875
    assert found.cost_usd.low > geometric


def test_independent_tries_follow_the_geometric_formula() -> None:
    rng = np.random.default_rng(2)
    score = (rng.random((4000, 3)) < 0.5).astype(float)
    found = success(score, np.full((4000, 3), 0.01), 3)
    assert found is not None
    assert found.cost_usd is not None
    assert found.share.value == pytest.approx(0.875, abs=0.02)
    assert found.cost_usd.value == pytest.approx(0.02, rel=0.03)


def test_items_without_all_tries_are_left_out_and_an_unknown_cost_stays_unknown() -> None:
    score = np.array([[1.0, 1.0], [1.0, np.nan], [0.0, 1.0]])
    found = success(score, np.array([[0.01, 0.01], [0.01, np.nan], [np.nan, 0.01]]), 2)
    assert found is not None
    assert (found.share.n, found.share.value, found.cost_usd) == (2, 1.0, None)
    assert success(np.full((2, 2), np.nan), np.zeros((2, 2)), 2) is None


def test_without_a_success_there_is_no_cost_of_one() -> None:
    found = success(np.zeros((30, 2)), np.full((30, 2), 0.01), 2)
    assert found is not None
    assert (found.share.value, found.cost_usd) == (0.0, None)
