"""The floor-score z, its power, and paired differences."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.analyse.evidence import collect
from whichmodel.analyse.paired import achievable_delta, floor_z, items_needed, pairs, variance

Outcomes = Callable[..., pd.DataFrame]

TABLE = {
    (0.03, 0.06): 413,
    (0.03, 0.12): 825,
    (0.03, 0.20): 1374,
    (0.03, 0.28): 1924,
    (0.05, 0.06): 149,
    (0.05, 0.12): 297,
    (0.05, 0.20): 495,
    (0.05, 0.28): 693,
}


@pytest.mark.parametrize(("case", "items"), TABLE.items())
def test_items_for_80_percent_power(case: tuple[float, float], items: int) -> None:
    delta, psi = case
    assert items_needed(psi, delta) == items


@given(st.floats(0.0, 0.6), st.integers(20, 20_000))
def test_the_achievable_margin_is_the_inverse_of_the_items_needed(psi: float, n: int) -> None:
    delta = achievable_delta(psi, n)
    assert delta is not None
    needed = items_needed(psi, delta)
    assert needed is not None
    assert abs(needed - n) <= 1


def test_what_is_worse_by_the_margin_needs_no_number_of_items() -> None:
    assert items_needed(0.1, 0.03, difference=-0.03) is None
    assert achievable_delta(0.1, 0) is None


def test_z_by_hand_where_the_variance_counts() -> None:
    """98 pairs: 6 won, 10 lost. mean_s -.04, var_s .18 - .0016."""
    expected = (-4 / 98 + 0.03) / sqrt((0.18 - 0.0016) / 98)
    assert float(floor_z(98, -4, 16, 0.03)) == pytest.approx(expected)


def test_z_by_hand_where_the_floor_counts() -> None:
    """498 pairs that all agree: var_s would be 2/500, the floor is .03 * .97."""
    assert float(floor_z(498, 0, 0, 0.03)) == pytest.approx(0.03 / sqrt(0.0291 / 498))
    assert float(variance(498, 0, 0)) == pytest.approx(0.004)


def test_fifty_equal_answers_certify_nothing_at_three_points() -> None:
    assert float(floor_z(50, 0, 0, 0.03)) < 1.645


def test_no_pair_has_no_z() -> None:
    assert np.isnan(float(floor_z(0, 0, 0, 0.03)))


@given(
    st.lists(st.sampled_from([-1, 0, 0, 0, 1]), min_size=1, max_size=400),
    st.floats(0.005, 0.2),
    st.floats(0.005, 0.2),
)
def test_a_wider_margin_never_loses_a_certificate(d: list[int], one: float, other: float) -> None:
    narrow, wide = sorted((one, other))
    total, squares = sum(d), sum(x * x for x in d)
    if float(floor_z(len(d), total, squares, narrow)) >= 1.645:
        assert float(floor_z(len(d), total, squares, wide)) >= 1.645


def test_pairs_are_the_items_that_both_have_a_score_for(outcomes: Outcomes) -> None:
    (evidence,) = collect(
        outcomes({"a/x": [1, 0.5, None, 1], "b/y": [0, 0.5, 1, None], "c/z": [1, 1, 1, 1]}), {}, set()
    )
    found = pairs(evidence)
    assert found.n.tolist() == [[3, 2, 3], [2, 3, 3], [3, 3, 4]]
    assert found.total[0, 1] == pytest.approx(1.0)
    assert found.squares[0, 1] == pytest.approx(1.0)
    assert found.total[0, 2] == pytest.approx(-0.5)


def test_copies_of_an_item_in_one_cluster_add_no_certainty(outcomes: Outcomes) -> None:
    rng = np.random.default_rng(1)
    a, b = rng.integers(0, 2, 100), rng.integers(0, 2, 100)
    (plain,) = collect(outcomes({"a/x": a, "b/y": b}), {}, set())
    cluster = [f"c{k // 4}" for k in range(400)]
    (copied,) = collect(
        outcomes({"a/x": np.repeat(a, 4), "b/y": np.repeat(b, 4)}, cluster_id=cluster), {}, set()
    )
    assert float(pairs(copied).design[0, 1]) == pytest.approx(4, rel=0.02)
    assert float(pairs(copied).z(0.03)[0, 1]) == pytest.approx(float(pairs(plain).z(0.03)[0, 1]), rel=0.05)


def test_the_interval_of_a_difference_is_symmetric_between_the_two(outcomes: Outcomes) -> None:
    (evidence,) = collect(outcomes({"a/x": [1] * 30 + [0] * 10, "b/y": [1] * 25 + [0] * 15}), {}, set())
    found = pairs(evidence)
    one, other = found.difference(0, 1), found.difference(1, 0)
    assert one is not None
    assert other is not None
    assert (one.mean, one.low, one.high) == pytest.approx((-other.mean, -other.high, -other.low))
    assert one.mean == pytest.approx(0.125)
    assert one.low < one.mean < one.high


def test_false_certification_stays_near_its_level_at_the_edge() -> None:
    """A model worse by exactly the margin: 20,000 banks of 500 items certify at most 6%."""
    rng = np.random.default_rng(11)
    lost, won = rng.multinomial(500, [0.075, 0.045, 0.88], size=20_000).T[:2]
    z = floor_z(500.0, (won - lost).astype(float), (won + lost).astype(float), 0.03)
    assert 0.035 <= float((z >= 1.645).mean()) <= 0.06


def test_wald_certifies_falsely_near_the_ceiling_where_the_floor_score_does_not() -> None:
    """50 items, the rival always right, the model wrong on 3%: the edge."""
    lost = np.random.default_rng(12).binomial(50, 0.03, size=20_000).astype(float)
    z = floor_z(50.0, -lost, lost, 0.03)
    spread = np.sqrt(np.maximum(lost / 50 - (lost / 50) ** 2, 1e-12) / 50)
    wald = (0.03 - lost / 50) / spread
    assert float((wald >= 1.645).mean()) > 0.10
    assert float((z >= 1.645).mean()) <= 0.05
