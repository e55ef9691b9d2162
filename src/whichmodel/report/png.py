"""A chart a task as a picture, by vl-convert: drawn here, by the fonts that it brings, without a request."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import altair as alt

from whichmodel.domain import Route
from whichmodel.errors import UsageError
from whichmodel.report.content import Report, floor
from whichmodel.views import charts, words
from whichmodel.views.board import View

WIDTH = 720
"""Of a chart without its axis labels, in pixels at scale 1."""
SCALE = 2


def files(made: Report) -> dict[str, bytes]:
    """`<organisation>-charts/<task>.png`, of tasks where a model has a score. Raises UsageError."""
    convert = _converter()
    view = made.view
    found = {}
    for route, name in zip(view.routes, names(route.task for route in view.routes), strict=True):
        standings = tuple(view.by_model(route.task).values())
        if any(standing.score is not None for standing in standings):
            chart = charts.intervals(standings, route, floor(view, route), dark=False)
            head = _title(view, route)
            found[f"{made.organisation}-charts/{name}.png"] = convert(_sheet(chart, head))
    return found


def names(tasks: Iterable[str]) -> list[str]:
    """A file name for each task, no two the same: what is no letter, digit, dot or dash becomes a dash."""
    found: list[str] = []
    for task in tasks:
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", task).strip(".-") or "task"
        same = sum(name == plain or name.startswith(f"{plain}~") for name in found)
        found.append(f"{plain}~{same + 1}" if same else plain)
    return found


def _title(view: View, route: Route) -> alt.TitleParams:
    """The pick, how sure it is, and whether the models are invented."""
    colours = charts.LIGHT
    parts = [
        *(["SIMULATED: these models are invented"] if view.simulated else []),
        words.state(route).word,
        "score of each model over all its items, with its 95% interval",
        *(["dashed: floor"] if floor(view, route) is not None else []),
    ]
    return alt.TitleParams(
        f"{view.title(route.task)}: {route.model or 'no route'}",
        subtitle=" · ".join(parts),
        anchor="start",
        color=colours.text,
        fontSize=16,
        subtitleColor=colours.soft,
        subtitleFontSize=12,
        subtitlePadding=6,
        offset=14,
    )


def _sheet(chart: alt.LayerChart, title: alt.TitleParams) -> dict[str, Any]:
    """The chart with its title on paper."""
    return dict(
        chart.properties(width=WIDTH, background=charts.LIGHT.ground, padding=20, title=title).to_dict()
    )


def _converter() -> Any:
    """What turns a chart into a picture. Raises UsageError where the extra is not installed."""
    try:
        import vl_convert
    except ImportError:
        raise UsageError(
            "PNG needs vl-convert-python, which is not installed.",
            where="--format png",
            remedy="Install the extra: pip install 'whichmodel[png]'",
        ) from None

    def convert(spec: dict[str, Any]) -> bytes:
        return bytes(vl_convert.vegalite_to_png(spec, scale=SCALE, allowed_base_urls=[]))

    return convert
