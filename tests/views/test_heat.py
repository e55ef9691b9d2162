"""The heatmap's cells: what is drawn and what is read out."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from views.boards import ROUTE, route, standing, view

from whichmodel.views.heat import HeatCell, describe, rows


def cells(measure: str = "quality") -> dict[str, HeatCell]:
    """Model -> its cell on the only task."""
    return {row.model: row.cells[0] for row in rows(view(), view().routes, measure)}  # type: ignore[arg-type]


def test_only_the_eligible_are_shaded_and_only_the_pick_has_a_star() -> None:
    found = cells()
    assert {model for model, cell in found.items() if cell.level} == {
        "aurora/lite",
        "borealis/max",
        "borealis/swift",
    }
    assert [model for model, cell in found.items() if cell.mark == "★"] == ["aurora/lite"]
    assert found["cirrus/pro"].mark == "⊘"


def test_a_perfect_score_shows_its_interval() -> None:
    assert (cells()["cirrus/pro"].text, cells()["cirrus/pro"].sub) == ("1.00", "0.98–1.00")


def test_a_model_without_a_score_is_failed_and_not_zero() -> None:
    down = cells()["cirrus/down"]
    assert (down.text, down.sub, down.kind) == ("failed", "400 of 400", "failed")


def test_a_task_a_model_never_ran_is_a_dash() -> None:
    other = standing("only/there", task="receipts")
    both = view(standing("aurora/lite"), other, routes=(ROUTE, route(task="receipts", model="only/there")))
    [missing] = [row.cells[0] for row in rows(both, both.routes, "quality") if row.model == "only/there"]
    assert (missing.text, missing.kind, missing.level) == ("–", "none", 0)


def test_an_unknown_cost_is_called_unknown() -> None:
    assert cells("cost")["cirrus/pro"].text == "unknown"


def test_a_cell_is_read_out_in_full() -> None:
    assert describe(view(), ROUTE, standing("cirrus/nano", score=0.75, low=0.7, high=0.8), "cirrus/nano") == (
        "cirrus/nano on invoices: excluded. Quality 0.750, Wilson 95% interval 0.700–0.800, n 400 of 400. "
        "Cost $0.50 per 1,000 requests. p95 0.30 s. 20 points below."
    )


def test_a_tie_is_shown_and_read_out_as_a_tie() -> None:
    tied = view(routes=(route(ties=("borealis/swift",)),))
    [cell] = [row.cells[0] for row in rows(tied, tied.routes, "quality") if row.model == "borealis/swift"]
    assert cell.mark == "≈"
    assert "eligible, a tie with the pick" in cell.label


@given(st.lists(st.floats(0.5, 1), min_size=2, max_size=12))
def test_a_better_score_is_never_shaded_lighter(scores: list[float]) -> None:
    names = [f"m/{number}" for number in range(len(scores))]
    board = view(
        *(standing(name, score=score) for name, score in zip(names, scores, strict=True)),
        routes=(route(model=names[0], ties=tuple(names[1:]), why_not=()),),
    )
    levels = {row.model: row.cells[0].level for row in rows(board, board.routes, "quality")}
    ranked = sorted(zip(scores, names, strict=True))
    assert all(levels[low] <= levels[high] for (_, low), (_, high) in pairwise(ranked))
    assert set(levels.values()) <= {1, 2, 3, 4, 5}
