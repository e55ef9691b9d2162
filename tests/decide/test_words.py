"""Figures in words: never rounded to more than is known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from whichmodel.decide.words import bounds, score

UNIT = st.floats(min_value=0, max_value=1)


def test_a_score_close_to_all_is_not_shown_as_all() -> None:
    assert (score(0.998, 2), score(0.9996), score(0.002, 2), score(1.0, 2), score(0.0)) == (
        "0.998",
        "0.9996",
        "0.002",
        "1.00",
        "0.000",
    )
    assert (score(0.97, 2), score(0.9651)) == ("0.97", "0.965")


@given(st.floats(min_value=1e-5, max_value=1 - 1e-5), st.integers(1, 4))
def test_only_all_and_nothing_read_as_such(value: float, digits: int) -> None:
    assert float(score(value, digits)) not in (0.0, 1.0)


@given(UNIT, UNIT, st.integers(1, 4))
def test_a_shown_interval_holds_the_known_one(a: float, b: float, digits: int) -> None:
    low, high = sorted((a, b))
    shown_low, shown_high = map(float, bounds(low, high, digits))
    assert 0 <= shown_low <= low <= high <= shown_high <= 1


def test_an_interval_just_below_one_keeps_its_width() -> None:
    assert bounds(0.9971, 0.9997, 2) == ("0.99", "1.00")
    assert bounds(0.29, 0.57, 2) == ("0.29", "0.57")
