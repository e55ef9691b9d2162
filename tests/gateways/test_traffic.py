"""The yardstick of the splits."""

from __future__ import annotations

from gateways.traffic import CALLS, FALSE_ALARM, bounds
from scipy.stats import binom


def test_a_right_split_passes_but_for_one_in_a_million() -> None:
    low, high = bounds(CALLS, 0.1)
    assert (low, high) == (3, 43)
    assert binom.cdf(low - 1, CALLS, 0.1) + binom.sf(high, CALLS, 0.1) < FALSE_ALARM


def test_a_split_in_halves_or_the_wrong_way_round_does_not_pass() -> None:
    low, high = bounds(CALLS, 0.1)
    assert binom.cdf(high, CALLS, 0.5) - binom.cdf(low - 1, CALLS, 0.5) < 1e-9
    assert binom.cdf(high, CALLS, 0.9) - binom.cdf(low - 1, CALLS, 0.9) < 1e-9
