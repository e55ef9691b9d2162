"""The drawing: within its frame, in order, and true to scale."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from views.boards import ROUTE, STANDINGS, standing

from whichmodel.report.dots import SIDE, WIDTH, plot

SCORES = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=8)


@given(SCORES, st.none() | st.floats(0, 1))
def test_all_that_is_drawn_lies_within_and_intervals_hold_their_scores(
    triples: list[tuple[float, float, float]], floor: float | None
) -> None:
    rows = [
        standing(f"m/{number}", low=low, score=score, high=high)
        for number, (low, score, high) in enumerate(sorted(one) for one in triples)
    ]
    drawn = plot(rows, ROUTE, floor, title="invoices", name="p")
    assert drawn is not None
    places = [place for dot in drawn.dots for place in (dot.low, dot.x, dot.high)]
    places += [place for place, _ in drawn.ticks] + ([drawn.floor[0]] if drawn.floor else [])
    assert all(SIDE - 0.01 <= place <= WIDTH - SIDE + 0.01 for place in places)
    assert all(dot.low <= dot.x <= dot.high for dot in drawn.dots)
    assert all(one.x >= two.x for one, two in pairwise(drawn.dots))
    assert 2 <= len(drawn.ticks) <= 7
    assert drawn.ticks[-1][1].startswith("1.0")


def test_shapes_tell_the_state_and_a_model_without_a_score_is_not_drawn() -> None:
    drawn = plot(STANDINGS, ROUTE, 0.9, title="invoices", name="p")
    assert drawn is not None
    assert [(dot.model, dot.kind, dot.shape) for dot in drawn.dots] == [
        ("cirrus/pro", "barred", "⊘"),
        ("borealis/max", "eligible", "●"),
        ("aurora/lite", "pick", "★"),
        ("borealis/swift", "eligible", "●"),
        ("cirrus/nano", "excluded", "○"),
    ]
    assert "aurora/lite (pick) 0.950 (0.920–0.970)" in drawn.description


def test_without_a_score_there_is_nothing_to_draw() -> None:
    nothing = [replace(STANDINGS[-1])]
    assert plot(nothing, ROUTE, None, title="invoices", name="p") is None
