"""The pick of a task and every other model's reason, in words."""

from __future__ import annotations

from dataclasses import dataclass

from whichmodel.domain import Route, Standing, WhyNot
from whichmodel.views import words
from whichmodel.views.board import View
from whichmodel.views.words import SHAPES, Mark, State


@dataclass(frozen=True, slots=True)
class Pick:
    """One task's answer."""

    route: Route
    title: str
    model: str
    """Or "no route"."""
    origin: str
    """Simulated, a rule, or "" for an ordinary model."""
    state: State
    score: str
    interval: str
    n: str
    """ "n 100 held out"; "" without a score."""
    cost: str
    cost_interval: str
    p95: str
    saving: str
    """Against the best estimate, with its interval; "" = it is that itself, or unknown."""
    why: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One model that is not the pick."""

    shape: str
    mark: Mark
    model: str
    origin: str
    score: str
    interval: str
    n: str
    """With what was lost: "n 397, 3 failed"."""
    cost: str
    p95: str
    difference: str
    """Mean paired difference against the pick; a dash where it is not known."""
    pairs: str
    """Its interval and pairs."""
    why: str
    reason: str


def pick(view: View, route: Route) -> Pick:
    """The pick of a task."""
    standing = view.by_model(route.task).get(route.model or "")
    routed = route.model is not None
    cost_known = route.cost_low_per_1k_usd is not None and route.cost_high_per_1k_usd is not None
    return Pick(
        route=route,
        title=view.title(route.task),
        model=route.model or "no route",
        origin=words.origin(standing) if standing else "",
        state=words.state(route),
        score=words.score(route.score),
        interval=words.span(route.low, route.high) if route.score is not None else "",
        n=f"n {route.n:,} {words.FIGURES[route.figures]}" if route.n else "",
        cost=words.usd(route.cost_per_1k_usd) if routed else words.DASH,
        cost_interval=between(words.usd(route.cost_low_per_1k_usd), words.usd(route.cost_high_per_1k_usd))
        if cost_known
        else "",
        p95=words.seconds(route.p95_s) if routed else words.DASH,
        saving=words.against_best(route),
        why=words.sentence(route.why),
    )


def between(low: str, high: str) -> str:
    """An interval of words; "" where both ends read the same."""
    return "" if low == high else f"{low}–{high}"


def reasons(view: View, route: Route) -> tuple[Reason, ...]:
    """Every other model of a task, the nearest first."""
    standings = view.by_model(route.task)
    return tuple(_reason(route, entry, standings.get(entry.model)) for entry in route.why_not)


def _reason(route: Route, entry: WhyNot, standing: Standing | None) -> Reason:
    mark = words.mark(entry.model, standing, route)
    measured = standing if standing is not None and standing.planned else None
    difference, pairs = words.DASH, ""
    if entry.difference is not None:
        difference = words.signed(entry.difference)
        ends = (
            f"{words.signed(entry.low)} to {words.signed(entry.high)}"
            if entry.low is not None and entry.high is not None
            else ""
        )
        pairs = ", ".join(filter(None, (ends, f"{entry.n:,} pairs" if entry.n is not None else "")))
    return Reason(
        shape=SHAPES[mark],
        mark=mark,
        model=entry.model,
        origin=words.origin(measured) if measured else "",
        score=words.score(measured.score) if measured else words.DASH,
        interval=words.span(measured.low, measured.high) if measured and measured.score is not None else "",
        n=_n(measured) if measured else "",
        cost=words.usd(measured.cost_per_1k_usd) if measured else words.DASH,
        p95=words.seconds(measured.p95_s) if measured else words.DASH,
        difference=difference,
        pairs=pairs,
        why=words.sentence(entry.text),
        reason=entry.reason,
    )


def _n(standing: Standing) -> str:
    lost = (("failed", standing.failed), ("refused", standing.refused), ("truncated", standing.truncated))
    return ", ".join([f"n {standing.n:,}", *(f"{count:,} {what}" for what, count in lost if count)])
