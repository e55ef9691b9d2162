"""Betting e-values: they keep their level at every look, in any order, and grow where they should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.analyse.bets import STAKES, by_cluster, log_e, log_e_of_sums

TIMES, ITEMS, LEVEL = 2000, 400, 0.05


def _ever_above(values: np.ndarray, least: float) -> float:
    """Of series (a row each), the share whose e-value ever reaches 1 / LEVEL: a look after every value."""
    growth = np.log1p(STAKES[:, None, None] * values[None] / -least).cumsum(axis=2)
    grown = np.log(np.exp(growth).mean(axis=0))
    return float((grown.max(axis=1) >= np.log(1 / LEVEL)).mean())


@pytest.mark.parametrize(
    ("draw", "least"),
    [
        (lambda rng: rng.choice([-0.03, -1.03, 0.97], (TIMES, ITEMS), p=[0.8, 0.085, 0.115]), -1.03),
        (lambda rng: (rng.random((TIMES, ITEMS)) < 0.05) - 0.05, -0.05),
        (lambda rng: rng.lognormal(-0.5, 1.0, (TIMES, ITEMS)) - 1, -1.0),
    ],
    ids=["paired scores at the margin", "one answer in 20 is slow", "costs as stated, with a long tail"],
)
def test_a_promise_that_just_holds_is_seldom_ever_called_broken(draw: object, least: float) -> None:
    values = draw(np.random.default_rng(1))  # type: ignore[operator]
    assert abs(values.mean()) < 0.01
    assert _ever_above(values, least) <= LEVEL
    assert log_e(values[0], least) == pytest.approx(
        np.log(np.exp(np.log1p(STAKES[:, None] * values[0] / -least).sum(axis=1)).mean())
    )


def test_it_grows_where_the_mean_is_above_zero_and_only_there() -> None:
    rng = np.random.default_rng(2)
    worse = rng.choice([-0.03, -1.03, 0.97], 800, p=[0.8, 0.03, 0.17])
    assert log_e(worse, -1.03) > np.log(1e6)
    assert log_e(-worse - 0.06, -1.03) < 0
    assert log_e(np.empty(0), -1.0) == 0.0


@given(st.lists(st.floats(-1, 1, allow_nan=False), min_size=1, max_size=60), st.floats(0.01, 0.5))
def test_of_sums_alone_it_is_never_more(scores: list[float], delta: float) -> None:
    values = np.array(scores) - delta
    exact = log_e(values, -1 - delta)
    assert log_e_of_sums(float(values.sum()), float((values**2).sum()), -1 - delta) <= exact + 1e-9


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(-1, 1, allow_nan=False)), min_size=1, max_size=60))
def test_a_cluster_is_one_value_with_the_sign_of_the_whole_and_within_the_same_limits(
    drawn: list[tuple[int, float]],
) -> None:
    clusters, values = np.array([c for c, _ in drawn]), np.array([v for _, v in drawn])
    found = by_cluster(values, clusters)
    sizes = np.bincount(np.unique(clusters, return_inverse=True)[1])
    assert len(found) == len(sizes)
    assert found.sum() * sizes.max() == pytest.approx(values.sum(), abs=1e-9)
    assert found.min() >= min(values.min(), 0) - 1e-12


def test_copies_of_an_item_bring_nothing_new() -> None:
    values = np.random.default_rng(3).choice([-0.03, 0.97], 50, p=[0.8, 0.2])
    copied, clusters = np.repeat(values, 4), np.repeat(np.arange(50), 4)
    assert log_e(by_cluster(copied, clusters), -1.03) == pytest.approx(log_e(values, -1.03))
    assert log_e(copied, -1.03) > 2 * log_e(values, -1.03)
