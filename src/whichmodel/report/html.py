"""One page that asks for nothing else: style and drawings inside, no script, everything escaped.

Jinja2 escapes each text that the template names; `page.html` marks nothing as safe but our own stylesheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources
from itertools import groupby

from jinja2 import Environment, StrictUndefined, Template

from whichmodel.domain import Route
from whichmodel.report.changed import changed, summary
from whichmodel.report.content import SIMULATED, Report, about, floor, settles
from whichmodel.report.decided import decided
from whichmodel.report.dots import Plot, plot
from whichmodel.report.health import commands, health
from whichmodel.report.picks import Pick, Reason, pick, reasons
from whichmodel.views import heat, words
from whichmodel.views.answer import answer
from whichmodel.views.board import View
from whichmodel.views.figures import figures

COLUMNS = 7
"""Tasks side by side in one heatmap: what fits on a sheet of paper."""


@dataclass(frozen=True, slots=True)
class Section:
    """One task."""

    id: str
    pick: Pick
    margin: str
    fallbacks: tuple[str, ...]
    plot: Plot | None
    reasons: tuple[Reason, ...]
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks of one category, side by side."""

    title: str
    span: int


@dataclass(frozen=True, slots=True)
class Map:
    """One heatmap."""

    groups: tuple[Group, ...]
    columns: tuple[tuple[str, str], ...]
    """Title and items of each task."""
    rows: tuple[heat.HeatRow, ...]


def files(made: Report) -> dict[str, bytes]:
    """`<organisation>.html`."""
    return {f"{made.organisation}.html": render(made).encode()}


def render(made: Report) -> str:
    """The page."""
    view = made.view
    return _template().render(
        style=_resource("page.css"),
        view=view,
        title=f"Which model for which task: {view.organisation.title}",
        about=about(made),
        answer=answer(made.sums),
        simulated=SIMULATED if view.simulated else "",
        figures=figures(made.sums, made.models),
        sections=[section(view, route, place) for place, route in enumerate(view.routes, 1)],
        maps=maps(view),
        legend=heat.LEGEND,
        shown=heat.shown,
        kinds=heat.CSS_KIND,
        changes=changed(made),
        compared=made.before is not None,
        summary=summary(made),
        health=health(made),
        commands=commands(made),
        decided=decided(made),
    )


def section(view: View, route: Route, place: int) -> Section:
    """One task's part of the page; place: its number in the table."""
    title, name = view.title(route.task), f"task-{place}"
    standings = tuple(view.by_model(route.task).values())
    return Section(
        id=name,
        pick=pick(view, route),
        margin=words.margin(route),
        fallbacks=route.fallbacks,
        plot=plot(standings, route, floor(view, route), title=title, name=f"plot-{place}"),
        reasons=reasons(view, route),
        commands=settles(view, route),
    )


def maps(view: View) -> tuple[Map, ...]:
    """The heatmap in parts that fit on a sheet."""
    routes = view.routes
    return tuple(_map(view, routes[start : start + COLUMNS]) for start in range(0, len(routes), COLUMNS))


def _map(view: View, routes: Sequence[Route]) -> Map:
    return Map(
        groups=tuple(
            Group(category, len(list(group))) for category, group in groupby(routes, key=lambda r: r.category)
        ),
        columns=tuple((view.title(route.task), heat.items(view, route.task)) for route in routes),
        rows=heat.rows(view, routes, "quality"),
    )


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_resource("page.html"))


def _resource(name: str) -> str:
    return resources("whichmodel.report").joinpath(name).read_text(encoding="utf-8")
