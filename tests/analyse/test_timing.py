"""Percentiles of timed calls and their intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from whichmodel.analyse.timing import SHARES, percentile, ranks, speeds

SECONDS = st.floats(0.001, 600, allow_nan=False)


@pytest.mark.parametrize(
    ("share", "fewest"),
    [
        # The largest value bounds a percentile from above where share ** n <= 2.5%.
        (0.5, 6),
        (0.95, 72),
        (0.99, 368),
    ],
)
def test_an_interval_has_both_ends_from_just_so_many_values(share: float, fewest: int) -> None:
    assert None not in ranks(fewest, share)
    assert None in ranks(fewest - 1, share)
    assert ranks(0, share) == (None, None)


def test_ranks_are_those_of_the_textbook() -> None:
    """Median of 20 values: the 6th and the 15th, with 95.9% (Conover 1999, table A3 at p = .5)."""
    assert ranks(20, 0.5) == (6, 15)


@given(st.integers(1, 3000), st.sampled_from(sorted(SHARES.values())))
def test_each_end_misses_with_at_most_half_of_what_is_allowed(n: int, share: float) -> None:
    low, high = ranks(n, share)
    if low is not None:
        assert stats.binom.cdf(low - 1, n, share) <= 0.025 + 1e-12
    if high is not None:
        assert stats.binom.sf(high - 1, n, share) <= 0.025 + 1e-12
    if low is not None and high is not None:
        assert low < high
        # The next rank inwards would miss too often.
        assert stats.binom.cdf(low, n, share) > 0.025 - 1e-12
        assert stats.binom.sf(high - 2, n, share) > 0.025 - 1e-12


@pytest.mark.parametrize(("share", "n"), [(0.5, 30), (0.5, 301), (0.95, 100), (0.95, 400), (0.99, 500)])
def test_intervals_cover_the_true_percentile_as_often_as_they_say(share: float, n: int) -> None:
    """Lognormal latencies with a heavy second mode, 4,000 samples."""
    chance = np.random.default_rng(n)
    slow = chance.random((4000, n)) < 0.1
    samples = np.where(slow, 8.0, 1.0) * chance.lognormal(0, 0.4, (4000, n))
    truth = _true_percentile(share)
    low, high = ranks(n, share)
    assert low is not None
    assert high is not None
    ranked = np.sort(samples, axis=1)
    covered = np.mean((ranked[:, low - 1] <= truth) & (truth <= ranked[:, high - 1]))
    assert covered >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 4000)
    assert covered <= 0.995


def _true_percentile(share: float) -> float:
    grid = np.linspace(0.01, 60, 400_000)
    fast, slow = stats.lognorm.cdf(grid, 0.4), stats.lognorm.cdf(grid, 0.4, scale=8.0)
    return float(grid[np.searchsorted(0.9 * fast + 0.1 * slow, share)])


@given(st.lists(SECONDS, min_size=1, max_size=200), st.randoms(use_true_random=False))
def test_order_changes_nothing_and_the_interval_holds_the_percentile(values: list[float], luck: Any) -> None:
    mixed = list(values)
    luck.shuffle(mixed)
    for share in SHARES.values():
        found = percentile(np.array(values), share)
        assert found == percentile(np.array(mixed), share)
        if found.value is not None:
            assert min(values) <= found.value <= max(values)
            assert found.low is None or found.low <= found.value
            assert found.high is None or found.value <= found.high


def test_a_percentile_that_would_only_be_the_largest_value_is_not_told() -> None:
    assert percentile(np.arange(99.0), 0.99).value is None
    assert percentile(np.arange(100.0), 0.99).value == pytest.approx(98.01)
    assert percentile(np.arange(19.0), 0.95).value is None
    assert percentile(np.arange(20.0), 0.95).value is not None
    empty = percentile(np.array([]), 0.5)
    assert (empty.value, empty.low, empty.high) == (None, None, None)


def _rows(*rows: dict[str, Any]) -> pd.DataFrame:
    plain = {
        "model": "a/x",
        "settings_hash": "s",
        "status": "answered",
        "streamed": True,
        "first_kind": "text",
        "ttft_s": 0.4,
        "latency_s": 1.0,
        "tokens_per_s": 50.0,
        "loop_lag_ms": 1.0,
        "cold": False,
        "hour_utc": 3,
        "cost_usd": 0.5,
    }
    return pd.DataFrame([{**plain, **row} for row in rows])


FAILED = {
    "status": "failed",
    "streamed": None,
    "first_kind": None,
    "ttft_s": np.nan,
    "latency_s": np.nan,
    "tokens_per_s": np.nan,
    "cost_usd": np.nan,
}
WHOLE = {"streamed": False, "first_kind": None, "ttft_s": np.nan, "tokens_per_s": np.nan}


def test_a_failure_is_counted_and_is_in_no_percentile() -> None:
    [speed] = speeds(_rows({}, {}, FAILED, {"status": "refused"}, {"status": "truncated"}))
    assert (speed.calls, speed.failed, speed.refused, speed.truncated) == (5, 1, 1, 1)
    assert speed.latency_s.n == 4
    assert speed.latency_s.percentiles["p50"].value == 1.0
    assert (speed.spend_usd, speed.unpriced) == (2.0, 0)


def test_a_reply_that_came_whole_has_a_latency_and_no_first_content() -> None:
    [speed] = speeds(_rows({}, WHOLE, {**WHOLE, "cost_usd": np.nan}))
    assert (speed.ttft_s.n, speed.latency_s.n, speed.not_streamed) == (1, 3, 2)
    assert speed.first_kinds == {"text": 1}
    assert speed.unpriced == 1


def test_what_the_program_itself_bent_is_left_out_and_counted() -> None:
    """30 ms are more than 5% of the first content's 0.4 s and less than 5% of the answer's 1 s."""
    [speed] = speeds(_rows({}, {"loop_lag_ms": 30.0}, {"loop_lag_ms": 60.0}, {"loop_lag_ms": np.nan}))
    assert (speed.late, speed.ttft_s.n, speed.latency_s.n, speed.tokens_per_s.n) == (2, 2, 3, 2)


def test_a_call_that_opened_its_connection_is_left_out_and_counted() -> None:
    [speed] = speeds(_rows({"cold": True, "latency_s": 9.0}, {}, {}, {"cold": True, **FAILED}))
    assert (speed.calls, speed.cold, speed.failed, speed.latency_s.n) == (4, 1, 1, 2)
    assert speed.latency_s.percentiles["p50"].value == 1.0
    assert speed.spend_usd == 1.5


def test_parts_of_the_day_and_models_stand_apart() -> None:
    rows = _rows({"hour_utc": 0}, {"hour_utc": 5}, {"hour_utc": 6}, {"hour_utc": 23}, {"model": "b/y"})
    found = [(s.model, s.block, s.calls) for s in speeds(rows, by_hour=True)]
    assert found == [
        ("a/x", "00-06", 2),
        ("a/x", "06-12", 1),
        ("a/x", "18-24", 1),
        ("b/y", "00-06", 1),
    ]
    assert [s.calls for s in speeds(rows.sample(frac=1, random_state=1))] == [4, 1]
    assert speeds(pd.DataFrame()) == ()
