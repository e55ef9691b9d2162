"""The chart of intervals."""

from __future__ import annotations

from views.boards import ROUTE, STANDINGS

from whichmodel.views import charts


def test_each_model_with_a_score_has_a_row_and_shapes_carry_the_state() -> None:
    spec = charts.intervals(STANDINGS, ROUTE, 0.9, dark=False).to_dict()
    [rows] = [data for data in spec["datasets"].values() if len(data) > 1]
    assert [row["state"] for row in rows] == ["barred", "eligible", "eligible", "pick", "excluded"]
    [shape] = [layer["encoding"]["shape"]["scale"] for layer in spec["layer"] if "shape" in layer["encoding"]]
    assert shape["domain"] == ["pick", "eligible", "excluded", "barred"]
    assert len(set(shape["range"])) == 4
    assert {row["model"] for row in rows} == {s.model for s in STANDINGS if s.score is not None}
    assert all(row["low"] <= row["score"] <= row["high"] for row in rows)


def test_themes_differ_in_colour_alone() -> None:
    light = charts.intervals(STANDINGS, ROUTE, None, dark=False).to_dict()
    dark = charts.intervals(STANDINGS, ROUTE, None, dark=True).to_dict()
    assert charts.LIGHT.accent in str(light)
    assert charts.DARK.accent in str(dark)
    assert light["datasets"] == dark["datasets"]


def test_the_scale_reaches_below_the_lowest_interval_and_the_floor() -> None:
    spec = charts.intervals(STANDINGS, ROUTE, 0.4, dark=False).to_dict()
    domains = [
        layer["encoding"]["x"]["scale"]["domain"]
        for layer in spec["layer"]
        if "scale" in layer["encoding"].get("x", {})
    ]
    assert all(low <= 0.4 and high == 1.0 for low, high in domains)
    assert domains


def test_each_interval_lies_on_a_line_of_its_own_with_the_name_nearer_than_the_next_one_s() -> None:
    spec = charts.intervals(STANDINGS, ROUTE, None, dark=False).to_dict()
    marks = [layer["mark"] for layer in spec["layer"]]
    [guide, interval] = [mark for mark in marks if mark["type"] == "rule"]
    [name] = [mark for mark in marks if mark["type"] == "text"]
    assert guide["yOffset"] == interval["yOffset"]
    above = interval["yOffset"] - name["dy"]
    assert above * 2 < charts.ROW - above
