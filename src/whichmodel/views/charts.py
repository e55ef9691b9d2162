"""Charts. Each takes values of the domain and gives an Altair chart; shapes carry what colours say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from whichmodel.domain import Route, Standing
from whichmodel.views import words
from whichmodel.views.words import Mark

ROW = 34
"""Height of a model's row, in pixels: its name on the line that its interval lies on."""
RULE, NAME = 8, -3
"""Where the line and the middle of the name stand, in pixels from the row's middle."""
STAR = (
    "M0,-1.5L0.352,-0.486L1.426,-0.464L0.57,0.186L0.882,1.214L0,0"
    ".6L-0.882,1.214L-0.57,0.186L-1.426,-0.464L-0.352,-0.486Z"
)
FIT = (Mark.PICK, Mark.ELIGIBLE)
RING = (
    "M-1.12,0A1.12,1.12,0,1,1,1.12,0A1.12,1.12,0,1,1,-1.12,0Z"
    "M-.75,0A.75,.75,0,1,0,.75,0A.75,.75,0,1,0,-.75,0Z"
)
SLASH = "M-.82,.56L-.56,.82L.82,-.56L.56,-.82Z"
VEGA_SHAPES = {Mark.PICK: STAR, Mark.ELIGIBLE: "circle", Mark.EXCLUDED: RING, Mark.BARRED: RING + SLASH}
"""All filled, so that shape alone tells them apart, in a legend too."""


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
    standings: Sequence[Standing], route: Route, floor: float | None, *, dark: bool
) -> alt.LayerChart:
    """The score of each model with its interval, best first; a line where the task has a floor."""
    colours = DARK if dark else LIGHT
    scored = [standing for standing in standings if standing.score is not None]
    rows = [_row(s, route) for s in sorted(scored, key=lambda s: s.score or 0.0, reverse=True)]
    frame = pd.DataFrame(rows)
    lowest = min([*(row["low"] for row in rows), *([floor] if floor is not None else [])])
    scale = alt.Scale(domain=[max(0.0, int(lowest * 20) / 20 - 0.02), 1.0], nice=False)
    base = alt.Chart(frame).encode(y=alt.Y("model:N", sort=list(frame["model"]), axis=None))
    x = alt.X("score:Q", scale=scale, title="score and interval", axis=alt.Axis(format=".2f", tickCount=6))
    tooltip = [alt.Tooltip(f"{name}:N", title=title) for name, title in TOOLTIP.items()]
    layers: list[alt.Chart] = [
        base.mark_rule(yOffset=RULE, color=colours.grid),
        base.mark_rule(yOffset=RULE, strokeWidth=2.5, opacity=0.6, color=plain_ink(colours)).encode(
            x=alt.X("low:Q", scale=scale, title=None),
            x2="high:Q",
            tooltip=tooltip,
        ),
        base.mark_point(yOffset=RULE, size=150, shape="circle", opacity=1, filled=True).encode(
            x=x, color=alt.value(colours.ground)
        ),
        base.mark_point(yOffset=RULE, size=110, opacity=1, filled=True).encode(
            x=x, shape=shape_by_state(frame), color=colour_by_state(frame, colours), tooltip=tooltip
        ),
        base.mark_text(
            align="left",
            baseline="middle",
            dy=NAME,
            fontSize=12,
            fontWeight=alt.ExprRef(f"datum.state === '{Mark.PICK}' ? 700 : 400"),
            limit=1000,
            color=colours.text,
        ).encode(x=alt.value(2), text="name:N"),
    ]
    if floor is not None:
        line = alt.Chart(pd.DataFrame({"floor": [floor]})).encode(x=alt.X("floor:Q", scale=scale, title=None))
        layers.insert(0, line.mark_rule(strokeDash=[5, 4], color=colours.limit))
        told = line.mark_text(text=f"floor {floor:g}", baseline="bottom", dy=-3, color=colours.limit)
        layers.append(told.encode(y=alt.value(0)))
    chart: alt.LayerChart = (
        alt.layer(*layers)
        .properties(
            height=ROW * len(frame),
            background=colours.ground,
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        )
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


def _row(standing: Standing, route: Route) -> dict[str, Any]:
    mark = words.mark(standing.model, standing, route)
    origin = words.origin(standing)
    return {
        "model": standing.model,
        "name": standing.model + (f" ({origin})" if standing.baseline else ""),
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


def ink(mark: Mark, colours: Palette) -> str:
    """Accent = may be routed to, soft = may not."""
    return colours.accent if mark in FIT else colours.soft


def plain_ink(colours: Palette) -> alt.ExprRef:
    """The same by a column `state`, for what stands in no legend."""
    fit = " || ".join(f"datum.state === '{mark}'" for mark in FIT)
    return alt.ExprRef(f"{fit} ? '{colours.accent}' : '{colours.soft}'")


def colour_by_state(frame: pd.DataFrame, colours: Palette) -> alt.Color:
    """The ink of each state in that column."""
    marks = _present(frame)
    scale = alt.Scale(domain=[str(m) for m in marks], range=[ink(m, colours) for m in marks])
    return alt.Color("state:N", scale=scale, legend=_legend())
