"""Quality against cost or time: each model with both intervals, floor, frontier, a ring on the pick."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from whichmodel.views import words
from whichmodel.views.axes import levels, ticks
from whichmodel.views.charts import DARK, LIGHT, Palette, colour_by_state, plain_ink, shape_by_state
from whichmodel.views.labels import BEFORE_END, SIZE, Anchor, Label, Segment, place, short_names
from whichmodel.views.tradeoffs import Axis, Row, Tradeoffs
from whichmodel.views.tradeoffs_scales import HEIGHT, Scales, draws_limit, scales_of
from whichmodel.views.words import Mark

WIDTHS = (220, 280, 340, 420, 520, 640, 780, 920, 1080)
"""Widths of the plot that names are placed for; between two of them the placing for the lesser one holds."""
CROWD = 14
"""Models above which the excluded are named by their number alone."""
RADIUS = {Mark.PICK: 15.0}
TITLES = {
    Axis.COST: "← cheaper · US$ per 1,000 requests, log scale",
    Axis.P95: "← faster · p95 of a whole answer, log scale",
    Axis.TTFT: "← faster · median time to first token, log scale",
}
TICKS = {Axis.COST: "'$' + format(datum.value, ',~g')"} | dict.fromkeys(
    (Axis.P95, Axis.TTFT), "format(datum.value, ',~g') + ' s'"
)
TOOLTIP = {
    "model": "Model",
    "state": "State",
    "quality": "Score",
    "items": "n",
    "cost": "Per 1,000 requests",
    "p95": "p95",
    "ttft": "Median TTFT",
}


def chart(found: Tradeoffs, axis: Axis, *, dark: bool, width: int | None = None) -> alt.LayerChart:
    """The chart; width: of all of it in pixels, None = as wide as its place.

    Raises ValueError where no model has a place on the axis.
    """
    rows = found.on(axis)
    if not rows:
        raise ValueError(f"no model of {found.task} has a known {axis} above 0")
    colours = DARK if dark else LIGHT
    scales = scales_of(found, axis)
    frame = pd.DataFrame([_datum(row, axis, scales) for row in rows])
    steps = _steps(found, axis, scales)
    layers = [
        *_limits(found, axis, scales, colours),
        *([_frontier(steps, scales, colours)] if steps else []),
        *_marks(frame, axis, scales, colours),
        *_names(found, axis, scales, colours),
    ]
    made: alt.LayerChart = (
        alt.layer(*layers)
        .properties(
            height=HEIGHT,
            width=width or "container",
            background=colours.ground,
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        )
        .configure_view(stroke=None)
        .configure_axis(
            gridColor=colours.grid,
            labelColor=colours.soft,
            titleColor=colours.soft,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            domain=False,
            ticks=False,
            labelPadding=6,
        )
        .configure_legend(labelColor=colours.text)
    )
    return made


def numbered(found: Tradeoffs, axis: Axis) -> bool:
    """Whether some model has its number on the plot in place of its name, at some width."""
    anchors = _anchors(found, axis, scales_of(found, axis))
    placed = (label for wide in WIDTHS for label in _placed(found, axis, anchors, wide))
    return any(label.key and label.text.isdigit() for label in placed)


def _datum(row: Row, axis: Axis, scales: Scales) -> dict[str, Any]:
    figure, standing = row.figures[axis], row.standing
    assert standing is not None
    cost, p95, ttft = (row.figures[each] for each in Axis)
    return {
        "model": row.model,
        "state": str(row.mark),
        "tied": row.tied,
        "x": figure.value,
        "left": figure.low or (scales.left if figure.low == 0 else figure.value),
        "right": figure.high or figure.value,
        "score": standing.score,
        "low": standing.low,
        "high": standing.high,
        "size": 165 if row.mark is Mark.PICK else 105,
        "quality": f"{words.score(standing.score)}, {words.span(standing.low, standing.high)}",
        "items": f"{standing.n:,}",
        "cost": _told(words.usd(cost.value), words.usd(cost.low), words.usd(cost.high)),
        "p95": _told(words.seconds(p95.value), words.seconds(p95.low), words.seconds(p95.high)),
        "ttft": _told(words.seconds(ttft.value), words.seconds(ttft.low), words.seconds(ttft.high)),
    }


def _told(value: str, low: str, high: str) -> str:
    return value if {low, high} == {"unknown"} or value == "unknown" else f"{value}, {low} to {high}"


def _x(field: str, axis: Axis, scales: Scales) -> alt.X:
    scale = alt.Scale(type="log", domain=[scales.left, scales.right], nice=False)
    values = ticks(scales.left, scales.right)
    look = alt.Axis(values=values, labelExpr=TICKS[axis], labelOverlap=False, titlePadding=10)
    return alt.X(f"{field}:Q", scale=scale, title=TITLES[axis], axis=look)


def _y(field: str, scales: Scales) -> alt.Y:
    scale = alt.Scale(domain=[scales.bottom, scales.top], nice=False, zero=False)
    look = alt.Axis(values=levels(scales.bottom, scales.top), format=".2f", labelOverlap=False)
    return alt.Y(f"{field}:Q", scale=scale, title="score, 95% interval", axis=look)


def _limits(found: Tradeoffs, axis: Axis, scales: Scales, colours: Palette) -> Iterator[alt.Chart]:
    """Lines that a route must stay above, or left of."""
    if found.floor is not None:
        line = alt.Chart(pd.DataFrame({"floor": [found.floor]}))
        yield line.mark_rule(strokeDash=[6, 4], color=colours.limit).encode(y=_y("floor", scales))
    if draws_limit(found, axis):
        line = alt.Chart(pd.DataFrame({"limit": [found.p95_limit_s]}))
        yield line.mark_rule(strokeDash=[6, 4], color=colours.limit).encode(x=_x("limit", axis, scales))


def _steps(found: Tradeoffs, axis: Axis, scales: Scales) -> list[tuple[float, float]]:
    """Corners of the frontier: from the left edge where a free model is on it, and on to the right edge."""
    on_it = found.frontier(axis)
    if not any(place.value > 0 for place in on_it):
        return []
    start = [(scales.left, place.score) for place in on_it if place.value <= 0][-1:]
    corners = [(place.value, place.score) for place in on_it if place.value > 0]
    return [*start, *corners, (scales.right, corners[-1][1])]


def _frontier(steps: Sequence[tuple[float, float]], scales: Scales, colours: Palette) -> alt.Chart:
    frame = pd.DataFrame(steps, columns=["x", "score"])
    line = alt.Chart(frame).mark_line(
        interpolate="step-after", color=colours.soft, strokeWidth=1.25, strokeDash=[1, 3], opacity=0.9
    )
    scale = alt.Scale(type="log", domain=[scales.left, scales.right], nice=False)
    made: alt.Chart = line.encode(x=alt.X("x:Q", scale=scale), y=_y("score", scales))
    return made


def _rings(frame: pd.DataFrame, base: alt.Chart) -> Iterator[alt.Chart]:
    """Around the pick, dashed around its ties; a layer without a mark would have no name to read out."""
    if frame["tied"].any():
        tie = base.mark_point(size=640, fill=None, opacity=1, description="ring: tie with the pick")
        dashed = tie.encode(strokeDash=alt.value([3, 3]), strokeWidth=alt.value(1.5))
        yield dashed.transform_filter("datum.tied")
    if (frame["state"] == str(Mark.PICK)).any():
        ring = base.mark_point(size=640, fill=None, opacity=1, description="ring: the pick")
        yield ring.encode(strokeWidth=alt.value(2)).transform_filter(f"datum.state === '{Mark.PICK}'")


def _marks(frame: pd.DataFrame, axis: Axis, scales: Scales, colours: Palette) -> Iterator[alt.Chart]:
    x, y = _x("x", axis, scales), _y("score", scales)
    tooltip = [alt.Tooltip(f"{name}:N", title=title) for name, title in TOOLTIP.items()]
    base = alt.Chart(frame)
    interval = base.mark_rule(strokeWidth=1.75, opacity=0.5, aria=False, color=plain_ink(colours))
    yield interval.encode(x=x, y=_y("low", scales), y2="high:Q")
    yield interval.encode(x=_x("left", axis, scales), x2="right:Q", y=y)
    yield from _rings(frame, base.encode(x=x, y=y, stroke=alt.value(colours.accent)))
    size = alt.Size("size:Q", scale=None, legend=None)
    yield base.mark_point(opacity=1, filled=True, shape="circle", aria=False).encode(
        x=x, y=y, size=size, color=alt.value(colours.ground)
    )
    yield base.mark_point(opacity=1, filled=True).encode(
        x=x,
        y=y,
        size=size,
        shape=shape_by_state(frame),
        color=colour_by_state(frame, colours),
        tooltip=tooltip,
    )


def _names(found: Tradeoffs, axis: Axis, scales: Scales, colours: Palette) -> Iterator[alt.Chart]:
    """Names twice: the lower one in the ground's colour, so that lines end before them."""
    anchors = _anchors(found, axis, scales)
    at = {row.model: row for row in found.on(axis)}
    data = []
    for n, wide in enumerate(WIDTHS):
        up_to = WIDTHS[n + 1] if n + 1 < len(WIDTHS) else 10**6
        for label in _placed(found, axis, anchors, wide):
            row = at.get(label.key)
            data.append(
                {
                    "x": row.figures[axis].value if row else scales.right,
                    "score": row.score if row else found.floor,
                    "text": label.text,
                    "dx": label.dx,
                    "dy": label.dy,
                    "align": label.align,
                    "from": wide,
                    "to": up_to,
                    "ink": _ink(row, colours),
                    "weight": 700 if row and row.mark is Mark.PICK else 400,
                }
            )
    if not data:
        return
    base = (
        alt.Chart(pd.DataFrame(data))
        .transform_filter("width >= datum.from && width < datum.to")
        .encode(x=_x("x", axis, scales), y=_y("score", scales), text="text:N")
    )
    look: dict[str, Any] = {name: alt.ExprRef(f"datum.{name}") for name in ("dx", "dy", "align")}
    look |= {"fontSize": SIZE, "baseline": "middle", "limit": 0, "fontWeight": alt.ExprRef("datum.weight")}
    halo: dict[str, Any] = {"fill": colours.ground, "stroke": colours.ground, "strokeWidth": 4, "aria": False}
    yield base.mark_text(**look, **halo, strokeJoin="round")
    yield base.mark_text(**look, fill=alt.ExprRef("datum.ink"))


def _placed(found: Tradeoffs, axis: Axis, anchors: tuple[Anchor, ...], wide: float) -> tuple[Label, ...]:
    scales = scales_of(found, axis)
    return place(anchors, wide, HEIGHT, tuple(_lines(found, axis, scales, _steps(found, axis, scales))))


def _ink(row: Row | None, colours: Palette) -> str:
    if row is None:
        return colours.limit
    return colours.text if row.eligible else colours.soft


def _anchors(found: Tradeoffs, axis: Axis, scales: Scales) -> tuple[Anchor, ...]:
    """The floor, the pick, its ties, the frontier, then the rest from the best score down."""
    rows = found.on(axis)
    names = short_names([row.model for row in found.rows])
    on_it = {place.model for place in found.frontier(axis)}
    order = sorted(
        rows,
        key=lambda row: (
            row.mark is not Mark.PICK,
            not row.tied,
            row.model not in on_it,
            not row.eligible,
            row.number,
        ),
    )
    anchors = [
        Anchor(
            row.model,
            scales.x(row.figures[axis].value or 0.0),
            scales.y(row.score or 0.0),
            15.0 if row.mark is Mark.PICK or row.tied else 7.0,
            (names[row.model], str(row.number)) if row.eligible or len(rows) <= CROWD else (str(row.number),),
        )
        for row in order
    ]
    if found.floor is not None:
        text = f"floor {found.floor:g}"
        anchors.insert(0, Anchor("", 1.0, scales.y(found.floor), 0.0, (text,), BEFORE_END))
    return tuple(anchors)


def _lines(
    found: Tradeoffs, axis: Axis, scales: Scales, steps: Sequence[tuple[float, float]]
) -> Iterator[Segment]:
    for row in found.on(axis):
        figure, standing = row.figures[axis], row.standing
        assert standing is not None
        x, y = scales.x(figure.value or 0.0), scales.y(standing.score or 0.0)
        low, high = scales.y(standing.low or 0.0), scales.y(standing.high or 0.0)
        yield Segment(x, high, x, low)
        yield Segment(scales.x(figure.low or scales.left) if figure.low else x, y, x, y)
        yield Segment(x, y, scales.x(figure.high) if figure.high else x, y)
    for (x, score), (then, higher) in pairwise(steps):
        yield Segment(scales.x(x), scales.y(score), scales.x(then), scales.y(score))
        yield Segment(scales.x(then), scales.y(higher), scales.x(then), scales.y(score))
    if found.floor is not None:
        yield Segment(0.0, scales.y(found.floor), 1.0, scales.y(found.floor))
