"""Charts. Each takes values of the domain and gives an Altair chart; shapes carry what colours say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from whichmodel.domain import Route, Standing
from whichmodel.views import words
from whichmodel.views.words import SHAPES, Mark

ROW = 40
"""Height of a model's row, in pixels: its name on the line that its interval lies on."""
RULE, NAME = 8, -3
"""Where the line and the middle of the name stand, in pixels from the row's middle."""
AROUND = 95
"""Height of legend and axis, in pixels."""
STAR = "M0,-1L.235,-.324L.951,-.309L.38,.124L.588,.809L0,.4L-.588,.809L-.38,.124L-.951,-.309L-.235,-.324Z"
VEGA_SHAPES = {Mark.PICK: STAR, Mark.ELIGIBLE: "circle", Mark.EXCLUDED: "circle", Mark.BARRED: "cross"}


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme, each at least 4.5:1 on its background where it carries text."""

    accent: str
    text: str
    soft: str
    grid: str
    ground: str
    limit: str


LIGHT = Palette("#0B6B63", "#14211F", "#55625F", "#E3EAE9", "#FFFFFF", "#B3261E")
DARK = Palette("#2DD4BF", "#E6EFED", "#A3B1AE", "#22302D", "#0E1514", "#F2A49E")


def intervals(
    standings: Sequence[Standing], route: Route, floor: float | None, *, dark: bool, symbols: bool = True
) -> alt.LayerChart:
    """The score of each model with its interval, best first; a line where the task has a floor.

    symbols: a name begins with its shape, which a font has to hold; without, marks and legend show it alone.
    """
    colours = DARK if dark else LIGHT
    scored = [standing for standing in standings if standing.score is not None]
    rows = [_row(s, route, symbols) for s in sorted(scored, key=lambda s: s.score or 0.0, reverse=True)]
    frame = pd.DataFrame(rows)
    lowest = min([*(row["low"] for row in rows), *([floor] if floor is not None else [])])
    scale = alt.Scale(domain=[max(0.0, int(lowest * 20) / 20 - 0.02), 1.0], nice=False)
    base = alt.Chart(frame).encode(y=alt.Y("model:N", sort=list(frame["model"]), axis=None))
    x = alt.X("score:Q", scale=scale, title="score and interval", axis=alt.Axis(format=".2f", tickCount=6))
    tooltip = [alt.Tooltip(f"{name}:N", title=title) for name, title in TOOLTIP.items()]
    layers: list[alt.Chart] = [
        base.mark_rule(yOffset=RULE, color=colours.grid),
        base.mark_rule(yOffset=RULE, strokeWidth=2.5, opacity=0.75).encode(
            x=alt.X("low:Q", scale=scale, title=None),
            x2="high:Q",
            color=colour_by_state(frame, colours),
            tooltip=tooltip,
        ),
        base.mark_point(yOffset=RULE, size=95, opacity=1, strokeWidth=2).encode(
            x=x,
            shape=shape_by_state(frame),
            color=colour_by_state(frame, colours),
            fill=fill_by_state(frame, colours),
            tooltip=tooltip,
        ),
        base.mark_text(
            align="left", baseline="middle", dy=NAME, fontSize=12, limit=1000, color=colours.text
        ).encode(x=alt.value(2), text="name:N"),
    ]
    if floor is not None:
        line = alt.Chart(pd.DataFrame({"floor": [floor]})).mark_rule(strokeDash=[5, 4], color=colours.limit)
        layers.insert(0, line.encode(x=alt.X("floor:Q", scale=scale, title=None)))
    chart: alt.LayerChart = (
        alt.layer(*layers)
        .properties(height=ROW * len(frame) + AROUND)
        .configure_view(stroke=None)
        .configure_axis(
            gridColor=colours.grid, labelColor=colours.soft, titleColor=colours.soft, domain=False
        )
        .configure_legend(labelColor=colours.text)
    )
    return chart


TOOLTIP: Mapping[str, str] = {
    "model": "Model",
    "state": "State",
    "quality": "Score",
    "range": "Interval",
    "n": "n",
    "cost": "Per 1,000 requests",
    "p95": "p95",
}


def _row(standing: Standing, route: Route, symbols: bool) -> dict[str, Any]:
    mark = words.mark(standing.model, standing, route)
    origin = words.origin(standing)
    shape = f"{SHAPES[mark]} " if symbols else ""
    return {
        "model": standing.model,
        "name": f"{shape}{standing.model}" + (f" ({origin})" if standing.baseline else ""),
        "state": str(mark),
        "score": standing.score,
        "low": standing.low,
        "high": standing.high,
        "quality": words.score(standing.score),
        "range": f"{words.span(standing.low, standing.high)} ({standing.interval})",
        "n": str(standing.n),
        "cost": words.usd(standing.cost_per_1k_usd),
        "p95": words.seconds(standing.p95_s),
    }


def _present(frame: pd.DataFrame) -> list[Mark]:
    return [mark for mark in VEGA_SHAPES if mark in set(frame["state"])]


def _legend() -> alt.Legend:
    return alt.Legend(
        title=None,
        orient="top",
        symbolSize=70,
        symbolOpacity=1,
        symbolStrokeWidth=1.75,
        labelFontSize=12,
        labelOffset=8,
    )


def shape_by_state(frame: pd.DataFrame) -> alt.Shape:
    """The shape of each state in a column of that name."""
    marks = _present(frame)
    scale = alt.Scale(domain=[str(m) for m in marks], range=[VEGA_SHAPES[m] for m in marks])
    return alt.Shape("state:N", scale=scale, legend=_legend())


def colour_by_state(frame: pd.DataFrame, colours: Palette) -> alt.Color:
    """Accent = may be routed to, soft = may not."""
    marks = _present(frame)
    inks = {Mark.PICK: colours.accent, Mark.ELIGIBLE: colours.accent}
    scale = alt.Scale(domain=[str(m) for m in marks], range=[inks.get(m, colours.soft) for m in marks])
    return alt.Color("state:N", scale=scale, legend=_legend())


def fill_by_state(frame: pd.DataFrame, colours: Palette) -> alt.Fill:
    """Filled = pick or eligible, outline = the rest."""
    marks = _present(frame)
    filled = {Mark.PICK: colours.accent, Mark.ELIGIBLE: colours.accent}
    scale = alt.Scale(domain=[str(m) for m in marks], range=[filled.get(m, colours.ground) for m in marks])
    return alt.Fill("state:N", scale=scale, legend=_legend())
