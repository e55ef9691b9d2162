"""The efficient frontier, by point estimates and by what intervals show."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from whichmodel.analyse.frontier import Place, dominates, frontier, shown_beaten

FEW = st.integers(0, 6).map(lambda whole: whole / 4)
"""Few different values, so that many are equal."""


@st.composite
def places(draw: st.DrawFn) -> list[Place]:
    found = []
    for number in range(draw(st.integers(0, 12))):
        score, value = draw(FEW), draw(FEW)
        down, up, left, right = (draw(st.none() | FEW) for _ in range(4))
        found.append(
            Place(
                f"m{number}",
                score,
                value,
                None if down is None else score - down,
                None if up is None else score + up,
                None if left is None else value - left,
                None if right is None else value + right,
            )
        )
    return found


@given(places())
def test_no_point_on_it_is_dominated_and_every_other_one_is(every: list[Place]) -> None:
    on_it = frontier(every)
    for place in every:
        assert (place in on_it) != any(dominates(other, place) for other in every)


@given(places())
def test_it_rises_to_the_right(every: list[Place]) -> None:
    on_it = frontier(every)
    assert [place.value for place in on_it] == sorted(place.value for place in on_it)
    assert [place.score for place in on_it] == sorted(place.score for place in on_it)


@given(places())
def test_what_is_shown_to_be_beaten_is_dominated_and_its_intervals_lie_apart(every: list[Place]) -> None:
    by_name = {place.model: place for place in every}
    beaten = shown_beaten(every)
    for model, by in beaten.items():
        worse, better = by_name[model], by_name[by]
        assert dominates(better, worse)
        assert (worse.score_high or 0.0) < (better.score_low or 0.0)
        assert (better.value_high or 0.0) < (worse.value_low or 0.0)
    assert not {place.model for place in frontier(every)} & set(beaten)


def test_overlapping_or_unknown_intervals_show_nothing() -> None:
    good = Place("good", 0.9, 1.0, 0.88, 0.92, 0.9, 1.1)
    worse = Place("worse", 0.8, 2.0, 0.75, 0.85, 1.9, 2.1)
    near = Place("near", 0.87, 2.0, 0.84, 0.89, 1.9, 2.1)
    unknown = Place("unknown", 0.8, 2.0, 0.75, 0.85, None, None)
    assert shown_beaten([unknown, near, worse, good]) == {"worse": "good"}
    assert frontier([unknown, near, worse, good]) == (good,)
