"""From what a baseline costs in a month to what the routes cost, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import altair as alt
import pandas as pd

from whichmodel.analyse.economics.savings import Against, Change
from whichmodel.views.charts import DARK, LIGHT, NAME, Palette
from whichmodel.views.savings.words import dollars
from whichmodel.views.words import count

MOST = 8
"""Steps shown by themselves; the smaller ones are one step together."""
ROW = 44
"""Height of a step, in pixels: its name on the line that its bar lies on."""
BAR = 12
"""Height of a bar, and how far below the middle of its row it lies."""


class Way(StrEnum):
    """What a step does to the cost."""

    TOTAL = "cost a month"
    CHEAPER = "cheaper"
    DEARER = "dearer"
    SAME = "the same"


SHAPES = {Way.TOTAL: "■", Way.CHEAPER: "▼", Way.DEARER: "▲", Way.SAME: "="}


@dataclass(frozen=True, slots=True)
class Step:
    """A bar from `start` to `end`, in USD of a month; of a total, from 0."""

    label: str
    start: float
    end: float
    way: Way

    @property
    def usd(self) -> float:
        """What the step adds; negative = cheaper."""
        return self.end - self.start


def by_task(found: Against, baseline: str, *, whole: bool) -> tuple[Step, ...]:
    """A step a task, the largest first. whole: reviews and errors are in. () = no task's costs are known."""
    known = [change for change in found.changes if _costs(change, whole=whole)]
    moves = [(change.demand.task, _moved(change, whole=whole)) for change in known]
    moves = sorted((move for move in moves if move[1]), key=lambda move: -abs(move[1]))
    few = moves if len(moves) <= MOST else moves[: MOST - 1]
    if rest := moves[len(few) :]:
        few = [*few, (f"{count(len(rest), 'other task')}", sum(usd for _, usd in rest))]
    return _steps(known, baseline, few, whole=whole)


def by_part(found: Against, baseline: str, *, whole: bool) -> tuple[Step, ...]:
    """A step for the calls, and one for what people cost beside them."""
    known = [change for change in found.changes if _costs(change, whole=whole)]
    calls = sum(_moved(change, whole=False) for change in known)
    people = sum(_moved(change, whole=True) for change in known) - calls
    parts = [("calls", calls), *([("reviews and unnoticed errors", people)] if whole else [])]
    return _steps(known, baseline, parts, whole=whole)


def _costs(change: Change, *, whole: bool) -> tuple[float, float] | None:
    """What the baseline and the route cost in a month."""
    base, cost = (change.base_total, change.total) if whole else (change.base_spend, change.spend)
    return None if base is None or cost is None else (base.value, cost.value)


def _moved(change: Change, *, whole: bool) -> float:
    base, cost = _costs(change, whole=whole) or (0.0, 0.0)
    return cost - base


def _steps(
    known: Sequence[Change], baseline: str, moves: Sequence[tuple[str, float]], *, whole: bool
) -> tuple[Step, ...]:
    if not known:
        return ()
    level = sum((_costs(change, whole=whole) or (0.0, 0.0))[0] for change in known)
    steps = [Step(baseline, 0.0, level, Way.TOTAL)]
    for label, usd in moves:
        way = Way.CHEAPER if usd < 0 else Way.DEARER if usd > 0 else Way.SAME
        steps.append(Step(label, level, level + usd, way))
        level += usd
    return (*steps, Step("the routes", 0.0, level, Way.TOTAL))


def chart(steps: Sequence[Step], *, dark: bool) -> alt.LayerChart:
    """The steps from above to below; shape and sign say what colour says."""
    colours = DARK if dark else LIGHT
    frame = pd.DataFrame([_row(place, step) for place, step in enumerate(steps)])
    base = alt.Chart(frame).encode(y=alt.Y("place:O", axis=None))
    axis = alt.Axis(format="$,.2~s", tickCount=5)
    low, high = min(0.0, frame["low"].min()), max(frame["high"].max(), 1e-9)
    x = alt.X(
        "low:Q", title="USD a month", axis=axis, scale=alt.Scale(domain=[float(low), float(high)], nice=True)
    )
    bars = base.mark_bar(height=BAR, yOffset=BAR, cornerRadius=2).encode(
        x=x,
        x2="high:Q",
        color=_colour(colours),
        tooltip=[alt.Tooltip("label:N", title="Step"), alt.Tooltip("shown:N", title="USD a month")],
    )
    names = base.mark_text(align="left", baseline="middle", dy=NAME, limit=1000, fontSize=12).encode(
        x=alt.value(2), text="name:N", color=alt.value(colours.text)
    )
    made: alt.LayerChart = (
        alt.layer(bars, names)
        .properties(height=ROW * len(frame) + 90)
        .configure_view(stroke=None)
        .configure_axis(
            gridColor=colours.grid, labelColor=colours.soft, titleColor=colours.soft, domain=False
        )
        .configure_legend(labelColor=colours.text)
    )
    return made


def _row(place: int, step: Step) -> dict[str, Any]:
    total = step.way is Way.TOTAL
    shown = dollars(step.usd) if total else f"{dollars(step.usd, plus=True)} {step.way}"
    return {
        "place": place,
        "label": step.label,
        "name": f"{SHAPES[step.way]} {step.label}: {shown}",
        "shown": shown,
        "way": str(step.way),
        "low": min(step.start, step.end),
        "high": max(step.start, step.end),
    }


def _colour(colours: Palette) -> alt.Color:
    inks = {Way.TOTAL: colours.soft, Way.CHEAPER: colours.accent, Way.DEARER: colours.limit}
    scale = alt.Scale(domain=[str(way) for way in inks], range=list(inks.values()))
    return alt.Color("way:N", scale=scale, legend=alt.Legend(title=None, orient="top", labelFontSize=12))
