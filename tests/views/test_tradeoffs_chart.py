"""The chart of quality against cost or time, as the values and marks it is drawn from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from views.boards import ROUTE, STANDINGS, route, standing, view

from whichmodel.analyse.ranges import Ranges
from whichmodel.views import tradeoffs, tradeoffs_chart
from whichmodel.views.axes import MOST_TICKS, levels, ticks
from whichmodel.views.charts import DARK, LIGHT
from whichmodel.views.tradeoffs import Axis, Tradeoffs
from whichmodel.views.tradeoffs_scales import LEAST_SPAN, scales_of

INTERVALS = {s.model: Ranges(0.3, 4.0, 0.2, None, 400) for s in STANDINGS}
FREE = standing("rule/first", score=0.6, low=0.55, high=0.65, cost_per_1k_usd=0.0, baseline=True)


def found(limit: float = 0.5, **changes: Any) -> Tradeoffs:
    seen = view(*STANDINGS, FREE, routes=(route(**changes),))
    seen = replace(seen, organisation=replace(seen.organisation, floor=0.9, p95_s=limit))
    return tradeoffs.tradeoffs(seen, "invoices", INTERVALS)


def spec(of: Tradeoffs, axis: Axis = Axis.COST, *, dark: bool = False) -> dict[str, Any]:
    return dict(tradeoffs_chart.chart(of, axis, dark=dark).to_dict())


def rows(made: dict[str, Any], column: str) -> list[dict[str, Any]]:
    """The rows of the data that have a column."""
    return [row for data in made["datasets"].values() for row in data if column in row]


def everything(node: Any) -> list[tuple[str, Any]]:
    """Every key with its value, at any depth."""
    if isinstance(node, dict):
        return [*node.items(), *(pair for value in node.values() for pair in everything(value))]
    return [pair for value in node for pair in everything(value)] if isinstance(node, list) else []


def test_what_is_unknown_or_free_is_nowhere_on_the_plot() -> None:
    marks = {row["model"]: row for row in rows(spec(found()), "state")}
    assert set(marks) == {"aurora/lite", "borealis/max", "borealis/swift", "cirrus/nano"}
    assert all(row["left"] > 0 and row["x"] > 0 for row in marks.values())


def test_shapes_say_the_state_and_the_ring_is_on_the_pick_alone() -> None:
    made = spec(found())
    states = {row["model"]: row["state"] for row in rows(made, "state")}
    assert states["aurora/lite"] == "pick"
    [ring] = [
        layer for layer in made["layer"] if {"filter": "datum.state === 'pick'"} in layer.get("transform", [])
    ]
    assert ring["mark"]["type"] == "point"
    shapes = [layer["encoding"]["shape"]["scale"] for layer in made["layer"] if "shape" in layer["encoding"]]
    assert [scale["domain"] for scale in shapes] == [["pick", "eligible", "excluded"]]


def test_a_tie_has_a_ring_of_its_own() -> None:
    made = spec(found(ties=("borealis/swift",)))
    assert [row["model"] for row in rows(made, "tied") if row["tied"]] == ["borealis/swift"]
    [ring] = [layer for layer in made["layer"] if {"filter": "datum.tied"} in layer.get("transform", [])]
    assert ring["encoding"]["strokeDash"] == {"value": [3, 3]}


def test_an_end_that_nothing_bounds_is_not_drawn_and_scales_hold_every_other() -> None:
    of = found()
    for row in rows(spec(of, Axis.P95), "state"):
        known = row["model"] in INTERVALS
        assert (row["left"], row["right"]) == (0.2 if known else row["x"], row["x"])
    scales = scales_of(of, Axis.COST)
    assert scales.left < 0.3 < 4.0 < scales.right
    assert scales.bottom < 0.7
    assert scales.top > 0.97


def test_the_floor_is_a_line_and_so_is_the_p95_objective_where_models_come_near_it() -> None:
    seen = ((Axis.COST, 0.5, ["floor"]), (Axis.P95, 0.5, ["floor", "limit"]), (Axis.P95, 20.0, ["floor"]))
    for axis, limit, lines in seen:
        made = spec(found(limit), axis)
        assert [name for name in ("floor", "limit") if rows(made, name)] == lines


def test_the_frontier_starts_at_the_edge_where_a_free_model_is_on_it() -> None:
    free = (*ROUTE.why_not, replace(ROUTE.why_not[0], model="rule/first"))
    scales = scales_of(found(), Axis.COST)
    steps = [row for row in rows(spec(found(why_not=free)), "x") if set(row) == {"x", "score"}]
    assert steps[0] == {"x": scales.left, "score": 0.6}
    assert [row["score"] for row in steps] == [0.6, 0.95, 0.96, 0.96]
    without = [row for row in rows(spec(found()), "x") if set(row) == {"x", "score"}]
    assert without[0]["score"] == 0.95


def test_each_width_has_names_of_its_own_and_the_pick_is_always_named() -> None:
    labels = rows(spec(found()), "from")
    starts = {row["from"] for row in labels}
    assert starts == set(tradeoffs_chart.WIDTHS)
    for start in starts:
        texts = [row["text"] for row in labels if row["from"] == start]
        assert "lite" in texts
        assert len(texts) == len(set(texts))


def test_themes_differ_in_colour_alone_and_no_label_of_an_axis_is_left_out() -> None:
    light, dark = spec(found()), spec(found(), dark=True)
    assert light["background"] == LIGHT.ground
    assert dark["background"] == DARK.ground
    assert [row["model"] for row in rows(light, "state")] == [row["model"] for row in rows(dark, "state")]
    assert {value for key, value in everything(light) if key == "labelOverlap"} == {False}


def test_where_nothing_has_a_place_there_is_no_chart() -> None:
    with pytest.raises(ValueError, match="no model of invoices has a known ttft above 0"):
        tradeoffs_chart.chart(found(), Axis.TTFT, dark=False)


@given(st.floats(1e-5, 1e4), st.floats(LEAST_SPAN, 1e6))
def test_a_logarithmic_axis_has_few_round_values_and_at_least_one(left: float, span: float) -> None:
    values = ticks(left, left * span)
    assert 1 <= len(values) <= MOST_TICKS
    assert all(left <= value <= left * span for value in values)
    assert values == sorted(set(values))


@given(st.floats(-0.05, 0.95), st.floats(0.05, 1.1))
def test_no_level_lies_outside_what_a_score_can_be(bottom: float, room: float) -> None:
    values = levels(bottom, bottom + room)
    assert 1 <= len(values) <= 9
    assert all(0 <= value <= 1 and bottom - 1e-6 <= value <= bottom + room + 1e-6 for value in values)
