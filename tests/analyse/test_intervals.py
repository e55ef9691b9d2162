"""Intervals of one model's score."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from whichmodel.analyse.intervals import bca, design_effect, exact, interval, wilson


def _rate(successes: int, n: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.concatenate([np.ones(successes), np.zeros(n - successes)])


def test_wilson_gives_the_published_interval() -> None:
    """Newcombe 1998, table I: 81 of 263 -> .2553 to .3662."""
    low, high = wilson(81, 263, 0.95)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def test_a_rate_under_300_items_has_the_quantiles_of_jeffreys_beta() -> None:
    found = interval(_rate(45, 50))
    assert found is not None
    assert found.method == "Jeffreys 95%"
    assert found.low == pytest.approx(stats.beta.ppf(0.025, 45.5, 5.5))
    assert found.high == pytest.approx(stats.beta.ppf(0.975, 45.5, 5.5))


@pytest.mark.parametrize(("n", "low"), [(200, 0.9875), (300, 0.9874), (1000, 0.9962)])
def test_all_right_is_not_certainty(n: int, low: float) -> None:
    found = interval(np.ones(n))
    assert found is not None
    assert (round(found.low, 4), found.high) == (low, 1.0)


def test_equal_fractional_scores_have_an_interval_with_width() -> None:
    found = interval(np.full(60, 0.7))
    assert found is not None
    assert found.method == "Wilson 95%"
    assert found.low < 0.6
    assert found.high > 0.78


def test_bca_agrees_with_scipy() -> None:
    scores = np.random.default_rng(3).beta(5, 1, size=120)
    ours = bca(scores, 0.95)
    theirs = stats.bootstrap((scores,), np.mean, n_resamples=9999, rng=np.random.default_rng(4))
    assert ours == pytest.approx(tuple(theirs.confidence_interval), abs=0.002)


def test_a_mean_of_300_items_has_students_t() -> None:
    scores = np.random.default_rng(5).beta(5, 2, size=300)
    found = interval(scores)
    assert found is not None
    reach = stats.t.ppf(0.975, 299) * scores.std(ddof=1) / np.sqrt(300)
    assert found.method == "t 95%"
    assert found.low == pytest.approx(scores.mean() - reach)


def test_clusters_of_equal_scores_count_once() -> None:
    """Ten copies of each of 40 scores say as much as the 40."""
    scores = np.random.default_rng(6).beta(5, 2, size=40)
    found = interval(np.repeat(scores, 10), np.repeat(np.arange(40), 10))
    assert found is not None
    reach = stats.t.ppf(0.975, 39) * scores.std(ddof=1) / np.sqrt(40)
    assert found.method == "cluster-robust 95%"
    assert found.high == pytest.approx(scores.mean() + reach)


def test_no_score_has_no_interval() -> None:
    assert interval(np.array([])) is None


@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=60))
def test_every_interval_holds_its_mean_within_0_and_1_and_has_width(values: list[float]) -> None:
    found = interval(np.array(values))
    assert found is not None
    assert 0 <= found.low <= found.mean <= found.high <= 1
    assert found.low < found.high


def test_intervals_cover_the_truth_near_the_ceiling() -> None:
    """Jeffreys at n=30, p=.95 covers about 95%, where Wald covers 79%."""
    hits = np.random.default_rng(7).binomial(30, 0.95, size=4000)
    by_hits = {int(k): interval(_rate(int(k), 30)) for k in np.unique(hits)}
    covered = [found.low <= 0.95 <= found.high for k in hits if (found := by_hits[int(k)])]
    assert 0.92 <= float(np.mean(covered)) <= 0.99


@pytest.mark.parametrize(("wrong", "n"), [(0, 1), (0, 59), (3, 40), (23, 1198), (40, 40)])
def test_the_exact_interval_is_clopper_and_pearson_s(wrong: int, n: int) -> None:
    found = stats.binomtest(wrong, n).proportion_ci(method="exact")
    assert exact(wrong, n) == pytest.approx((found.low, found.high))
    assert exact(wrong, n, sides="upper")[1] == pytest.approx(
        stats.binomtest(wrong, n, alternative="less").proportion_ci(method="exact").high
    )
    assert exact(wrong, n, sides="lower")[0] == pytest.approx(
        stats.binomtest(wrong, n, alternative="greater").proportion_ci(method="exact").low
    )


def test_the_figures_of_the_page_on_agreement_come_out() -> None:
    """23 wrong of 1,198 accepted, coverage .908 of 1,319: 1.9% [1.2, 2.9] (DECISION section 7)."""
    low, high = exact(23, 1198)
    assert (round(100 * low, 1), round(100 * 23 / 1198, 1), round(100 * high, 1)) == (1.2, 1.9, 2.9)
    assert round(1198 / 1319, 3) == 0.908


def test_nothing_seen_leaves_everything_open() -> None:
    assert exact(0, 0) == (0.0, 1.0)


def test_clustering_inflates_a_variance_by_what_the_clusters_have_in_common() -> None:
    rng = np.random.default_rng(0)
    scores = np.repeat((rng.random(200) < 0.5).astype(float), 5)
    assert design_effect(scores, np.repeat(np.arange(200), 5)) == pytest.approx(5, rel=0.02)
    assert design_effect(scores, np.arange(1000)) == 1
    assert design_effect(np.ones(1000), np.repeat(np.arange(200), 5)) == 5
    assert design_effect(np.empty(0), np.empty(0, dtype=np.int64)) == 1
