"""Every model on every task, shaded by rank within a task.

Only what is eligible there has a shade: scores of different tasks do not compare.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from whichmodel.domain import Route, Standing
from whichmodel.views import words
from whichmodel.views.board import View
from whichmodel.views.words import SHAPES, Mark

Measure = Literal["quality", "cost", "p95"]
MEASURES: Mapping[Measure, str] = {"quality": "Quality", "cost": "Cost", "p95": "p95 latency"}
LEVELS = 5
TIE = "≈"
CSS_KIND = {Mark.NOT_RUN: "none"}
LEGEND = (
    (Mark.PICK, "pick"),
    (Mark.ELIGIBLE, "eligible, the stronger the shade the better its rank within the task"),
    (Mark.EXCLUDED, "measured, but excluded"),
    (Mark.BARRED, "barred by policy"),
    (Mark.NOT_RUN, "not run"),
)


class HeatCell(NamedTuple):
    """One model on one task, as it is drawn and as it is read out."""

    text: str
    sub: str
    mark: str
    kind: str
    level: int
    """Shade, 5 = best rank. 0 = none."""
    label: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One model."""

    model: str
    note: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One task."""

    route: Route
    levels: Mapping[str, int]
    """Model -> shade."""


def rows(view: View, routes: Sequence[Route], measure: Measure) -> tuple[HeatRow, ...]:
    """One row a model that was measured anywhere; who is picked most often first, then by mean score."""
    names = {route.task for route in routes}
    standings = {(each.model, each.task): each for each in view.standings if each.task in names}
    tasks = {route.task: Column(route, _levels(view, route, measure)) for route in routes}
    order = sorted({model for model, _ in standings}, key=lambda model: _precedence(model, view))
    notes = {standing.model: words.origin(standing) for standing in standings.values()}
    return tuple(
        HeatRow(
            model=model,
            note=notes[model],
            cells=tuple(
                _cell(view, column, standings.get((model, task)), model, measure)
                for task, column in tasks.items()
            ),
        )
        for model in order
    )


def _precedence(model: str, view: View) -> tuple[int, float, str]:
    picks = sum(route.model == model for route in view.routes)
    scores = [each.score for each in view.standings if each.model == model and each.score is not None]
    return -picks, -(sum(scores) / len(scores)) if scores else 1.0, model


def items(view: View, task: str) -> str:
    """How many items the model that was asked most was asked."""
    sizes = [standing.planned for standing in view.standings if standing.task == task]
    return f"n {max(sizes, default=0)}"


def _value(standing: Standing, measure: Measure) -> float | None:
    return {"quality": standing.score, "cost": standing.cost_per_1k_usd, "p95": standing.p95_s}[measure]


def _levels(view: View, route: Route, measure: Measure) -> dict[str, int]:
    """Model -> shade by rank among the eligible of one task; equal values have equal shades."""
    values = {
        standing.model: value
        for standing in view.by_model(route.task).values()
        if words.mark(standing.model, standing, route) in (Mark.PICK, Mark.ELIGIBLE)
        and (value := _value(standing, measure)) is not None
    }
    ranked = sorted(set(values.values()), reverse=measure == "quality")
    step = (LEVELS - 1) / max(len(ranked) - 1, 1)
    return {model: LEVELS - round(ranked.index(value) * step) for model, value in values.items()}


def shown(mark: Mark, tied: bool = False) -> str:
    """The shape drawn before a figure; shade and border tell the eligible from the excluded."""
    return TIE if tied else SHAPES[mark] if mark in (Mark.PICK, Mark.BARRED, Mark.NOT_RUN) else ""


def _cell(view: View, column: Column, standing: Standing | None, model: str, measure: Measure) -> HeatCell:
    route = column.route
    mark = words.mark(model, standing, route)
    label = describe(view, route, standing, model)
    if standing is None or not standing.planned:
        sub = "policy" if mark is Mark.BARRED else ""
        return HeatCell(SHAPES[mark], sub, "", CSS_KIND.get(mark, str(mark)), 0, label)
    if standing.score is None:
        return HeatCell("failed", f"{standing.failed} of {standing.planned}", "", "failed", 0, label)
    texts: Mapping[Measure, tuple[str, str]] = {
        "quality": (words.score(standing.score, 2), words.span(standing.low, standing.high, 2)),
        "cost": (words.usd(standing.cost_per_1k_usd), "per 1k"),
        "p95": (words.seconds(standing.p95_s), f"p50 {words.seconds(standing.p50_s)}"),
    }
    text, sub = texts[measure]
    level = column.levels.get(model, 0)
    return HeatCell(text, sub, shown(mark, model in route.ties), str(mark), level, label)


def describe(view: View, route: Route, standing: Standing | None, model: str) -> str:
    """A cell in words: what is picked or why not, score with interval and n, cost, p95."""
    mark = words.mark(model, standing, route)
    _, why = words.why_not(model, route)
    tied = ", a tie with the pick" if model in route.ties else ""
    head = f"{model} on {view.title(route.task)}: {mark}{tied}."
    if standing is None or not standing.planned:
        return " ".join(filter(None, (head, why)))
    failed = f" {standing.failed} failed." if standing.failed else ""
    quality = (
        f"Quality {words.score(standing.score)}, {standing.interval} interval "
        f"{words.span(standing.low, standing.high)}, n {standing.n} of {standing.planned}.{failed}"
        if standing.score is not None
        else f"No score: {standing.failed} of {standing.planned} failed."
    )
    why = words.sentence(why)
    cost = f"Cost {words.usd(standing.cost_per_1k_usd)} per 1,000 requests."
    speed = f"p95 {words.seconds(standing.p95_s)}."
    origin = words.origin(standing).capitalize()
    return " ".join(filter(None, (head, quality, cost, speed, why, origin and f"{origin}.")))
