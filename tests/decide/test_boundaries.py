"""Looks, and the boundaries that hold their error when one looks at each of them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.decide.boundaries import SPENDING, boundary, looks

LOOKS = looks(1000)
TIMES = tuple(look / 1000 for look in LOOKS)


def _paths(times: tuple[float, ...], count: int) -> np.ndarray:
    """z of each look under H0, a row a path."""
    steps = np.sqrt(np.diff(times, prepend=0.0))
    sums = (np.random.default_rng(0).standard_normal((count, len(times))) * steps).cumsum(axis=1)
    return np.asarray(sums / np.sqrt(times))


def test_the_looks_of_some_banks() -> None:
    assert (*range(50, 501, 25), *range(550, 951, 50), 1000) == LOOKS
    assert looks(5000)[-16:] == (*range(1100, 2001, 100), *range(2200, 4001, 200), 4400, 4800, 5000)[-16:]
    assert looks(525) == (*range(50, 501, 25), 525)
    assert looks(30) == (30,)
    assert looks(200, start=120) == (120, 125, 150, 175, 200)


@given(st.integers(1, 200_000), st.integers(1, 400))
def test_looks_rise_to_the_whole_bank_with_room_between(bank: int, start: int) -> None:
    found = looks(bank, min(start, bank))
    assert found[-1] == bank
    assert found[0] == bank or found[0] == min(start, bank)
    assert all(a < b for a, b in pairwise(found))
    assert len(found) == 1 or found[-1] >= 1.03 * found[-2]


@pytest.mark.parametrize("level", [0.05, 0.2, 0.0125])
def test_the_error_spent_by_each_look_is_that_of_simulated_paths(level: float) -> None:
    crossed = _paths(TIMES, 200_000) >= np.array(boundary(TIMES, level))
    by_look = np.logical_or.accumulate(crossed, axis=1).mean(axis=0)
    sampling = 4 * np.sqrt(level * np.array(TIMES) ** SPENDING / 200_000)
    assert (abs(by_look - level * np.array(TIMES) ** SPENDING) < sampling).all()


def test_one_look_is_the_fixed_test() -> None:
    assert boundary((1.0,), 0.05)[0] == pytest.approx(1.6449, abs=1e-4)


def test_looking_ten_times_at_the_fixed_boundary_errs_three_times_as_often() -> None:
    assert (_paths(TIMES, 100_000) >= 1.645).any(axis=1).mean() > 0.15
