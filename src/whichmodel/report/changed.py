"""What differs from the table that a report is set beside, in words."""

from __future__ import annotations

from dataclasses import dataclass

from whichmodel.decide.deployed import Change
from whichmodel.domain import Route
from whichmodel.report.content import Report
from whichmodel.views import words


@dataclass(frozen=True, slots=True)
class Changed:
    """One task that is told of."""

    title: str
    what: str
    """ "new", "gone", or the parts that differ."""
    before: str
    after: str
    figures: str
    """Score and cost of both; "" = the model is the same, or one side is missing."""
    why: str


def changed(made: Report) -> tuple[Changed, ...]:
    """Every change, in the order of the table; () = none, or nothing to compare with."""
    return tuple(_changed(made, change) for change in made.changes or ())


def _changed(made: Report, change: Change) -> Changed:
    before, after = change.before, change.after
    what = "not measured any more" if change.aspects == ("gone",) else ", ".join(change.aspects)
    moved = before and after and {"model", "agreement"} & set(change.aspects)
    return Changed(
        title=made.view.title(change.task),
        what=what,
        before=_side(before, change.aspects),
        after=_side(after, change.aspects),
        figures=_figures(before, after) if before and after and moved else "",
        why=words.sentence(after.why) if after else "",
    )


def _side(route: Route | None, aspects: tuple[str, ...]) -> str:
    if route is None:
        return words.DASH
    parts = [f"{route.model or 'no route'} ({words.state(route).word})"]
    if "fallbacks" in aspects and "model" not in aspects:
        parts.append(f"fallbacks: {', '.join(route.fallbacks) or 'none'}")
    if "split" in aspects:
        shares = " + ".join(f"{part.share:.0%} {part.model}" for part in route.split)
        parts.append(f"split: {shares or 'all to the route'}")
    return "; ".join(parts)


def _figures(before: Route, after: Route) -> str:
    scores = " → ".join(f"{words.score(r.score)} ({words.span(r.low, r.high)})" for r in (before, after))
    costs = " → ".join(words.usd(r.cost_per_1k_usd) for r in (before, after))
    return f"score {scores}; {costs} for 1,000 requests"


def summary(made: Report) -> str:
    """How many tasks change, in a sentence."""
    found = made.changes
    if found is None:
        return "There is no deployed table to compare with yet: `bench route` writes one."
    tasks = words.count(len(made.view.routes), "task")
    if not found:
        return f"Nothing changes against {made.beside}: all of {tasks} stay."
    change = "1 task changes" if len(found) == 1 else f"{len(found)} tasks change"
    return f"{change} against {made.beside}."
