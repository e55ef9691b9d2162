"""Every model of a task between quality and what it costs or how long it takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from whichmodel.analyse.frontier import Place, frontier, shown_beaten
from whichmodel.analyse.ranges import Ranges, ranges
from whichmodel.analyse.timing import Speed, speeds
from whichmodel.domain import Model, Route, Standing
from whichmodel.store import Panel
from whichmodel.views import words
from whichmodel.views.board import View
from whichmodel.views.decision import evidence
from whichmodel.views.source import Source
from whichmodel.views.words import Mark

Timed = Mapping[tuple[str, str], Speed]
"""Model and settings -> its timed calls."""
RULE, NO_REGION = "rule", "no region named"


class Axis(StrEnum):
    """What quality is set against; of each less is better."""

    COST = "cost"
    P95 = "p95"
    TTFT = "ttft"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of one model with its 95% interval."""

    value: float | None
    """None = unknown."""
    low: float | None = None
    high: float | None = None
    """None = that end is unknown."""
    n: int | None = None
    """What it is over: items, answers or timed calls. None = nothing."""


UNKNOWN = Figure(None)


@dataclass(frozen=True, slots=True)
class Row:
    """One model on the task."""

    number: int
    """From 1, best score first: its key on the plot where its name finds no room."""
    model: str
    vendor: str
    hosting: str
    mark: Mark
    tied: bool
    """Its cost cannot be told from the pick's."""
    standing: Standing | None
    """None = it was not asked on this task."""
    figures: Mapping[Axis, Figure]
    reason: str
    why: str
    """Why it is not the pick; of the pick why it is."""

    @property
    def score(self) -> float | None:
        """Mean score. None = unknown."""
        return self.standing.score if self.standing else None

    @property
    def eligible(self) -> bool:
        """Whether it may be routed to."""
        return self.mark in (Mark.PICK, Mark.ELIGIBLE)


@dataclass(frozen=True, slots=True)
class Tradeoffs:
    """One task's models, and the lines that they are held against."""

    task: str
    title: str
    route: Route
    rows: tuple[Row, ...]
    """Best score first, then those without one."""
    floor: float | None
    """Lowest score allowed. None = none is set."""
    p95_limit_s: float | None
    """Latency objective. None = none is set."""
    simulated: bool

    def on(self, axis: Axis) -> tuple[Row, ...]:
        """Those that have a place on a logarithmic axis: a score, and a figure that is known and not 0."""
        return tuple(row for row in self.rows if row.score is not None and row.figures[axis].value)

    def off(self, axis: Axis) -> tuple[Row, ...]:
        """Those with a score and without that place: the figure is unknown or 0."""
        return tuple(row for row in self.rows if row.score is not None and not row.figures[axis].value)

    def frontier(self, axis: Axis) -> tuple[Place, ...]:
        """The efficient frontier by point estimates, through eligible models; free ones among them."""
        return frontier(_places(self.rows, axis))

    def beaten(self, axis: Axis) -> Mapping[str, str]:
        """Eligible model -> one that is shown to beat it in both figures, interval against interval."""
        return shown_beaten(_places(self.rows, axis))


def tradeoffs(
    view: View, task: str, intervals: Mapping[str, Ranges], timed: Timed | None = None
) -> Tradeoffs:
    """Every model that was measured or considered on a task. Raises KeyError for a task without a route."""
    route, standings = view.route(task), view.by_model(task)
    others = sorted(entry.model for entry in route.why_not if entry.model not in standings)
    measured = sorted(standings.values(), key=lambda s: (s.score is None, -(s.score or 0.0), s.model))
    names = [*(standing.model for standing in measured), *others]
    workload = view.organisation.workload(task, route.category)
    floor = workload.floor if workload and workload.floor is not None else view.organisation.floor
    limit = workload.p95_s if workload and workload.p95_s is not None else view.organisation.p95_s
    return Tradeoffs(
        task=task,
        title=view.title(task),
        route=route,
        rows=tuple(
            _row(number, name, view, route, standings.get(name), intervals.get(name), timed or {})
            for number, name in enumerate(names, 1)
        ),
        floor=floor,
        p95_limit_s=limit,
        simulated=view.simulated,
    )


def intervals(
    source: Source, panel: Panel, organisation: str, until_run: str | None, task: str
) -> Mapping[str, Ranges]:
    """Model -> intervals of its cost and p95 on a task, read from the outcomes of that task alone."""
    org = source.config.organisation(organisation)
    found = evidence(source, org, panel, until_run=until_run, tasks=(task,))
    return {model: each for one in found for model, each in ranges(one).items()}


def timed(source: Source, panel: Panel, until: datetime | None) -> Timed:
    """The calls that `bench latency` has timed, of every task together. until: no later ones; None = all."""
    calls = source.reader.timings(panel)
    if until is not None and not calls.empty:
        calls = calls[calls.started_at <= until.replace(tzinfo=None)]
    return {(speed.model, speed.settings_hash): speed for speed in speeds(calls)}


def hosting(model: Model | None, standing: Standing | None) -> str:
    """Where a model runs, as far as bench.yaml says: its region."""
    if (standing and standing.baseline) or (model and model.baseline):
        return RULE
    return (model.region if model else None) or NO_REGION


def chosen(
    found: Sequence[Row], vendors: Collection[str], places: Collection[str], *, only_eligible: bool
) -> tuple[Row, ...]:
    """The rows of some vendors and places, () = of all; the pick stays among them, to compare with."""
    return tuple(
        row
        for row in found
        if row.mark is Mark.PICK
        or (
            (not vendors or row.vendor in vendors)
            and (not places or row.hosting in places)
            and (row.eligible or not only_eligible)
        )
    )


def _row(
    number: int,
    name: str,
    view: View,
    route: Route,
    standing: Standing | None,
    known: Ranges | None,
    calls: Timed,
) -> Row:
    model = view.models.get(name)
    reason, why = words.why_not(name, route)
    vendor = standing.vendor if standing else model.vendor if model else name.partition("/")[0]
    return Row(
        number=number,
        model=name,
        vendor=vendor,
        hosting=hosting(model, standing),
        mark=words.mark(name, standing, route),
        tied=name in route.ties,
        standing=standing,
        figures=_figures(standing, known, calls),
        reason=reason,
        why=words.sentence(why),
    )


def _figures(standing: Standing | None, known: Ranges | None, calls: Timed) -> Mapping[Axis, Figure]:
    if standing is None:
        return dict.fromkeys(Axis, UNKNOWN)
    cost, p95 = standing.cost_per_1k_usd, standing.p95_s
    speed = calls.get((standing.model, standing.settings_hash))
    found = {
        Axis.COST: Figure(cost, n=standing.n if cost is not None else None),
        Axis.P95: Figure(p95),
        Axis.TTFT: UNKNOWN,
    }
    if known and cost is not None:
        found[Axis.COST] = Figure(cost, known.cost_low_per_1k_usd, known.cost_high_per_1k_usd, standing.n)
    if known and p95 is not None:
        found[Axis.P95] = Figure(p95, known.p95_low_s, known.p95_high_s, known.p95_n)
    if speed is not None:
        median = speed.ttft_s.percentiles["p50"]
        found[Axis.TTFT] = Figure(median.value, median.low, median.high, speed.ttft_s.n)
    return found


def _places(rows: Sequence[Row], axis: Axis) -> list[Place]:
    found = []
    for row in rows:
        figure, standing = row.figures[axis], row.standing
        if standing is None or standing.score is None or figure.value is None or not row.eligible:
            continue
        found.append(
            Place(
                row.model,
                standing.score,
                figure.value,
                standing.low,
                standing.high,
                figure.low,
                figure.high,
            )
        )
    return found
