"""`bench route --explain TASK`: why this model, why no other, and what would settle what is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.text import Text

from whichmodel.analyse.costs import cost_interval
from whichmodel.analyse.evidence import Evidence
from whichmodel.analyse.latency import known
from whichmodel.analyse.timing import percentile
from whichmodel.cli.output import answer, score
from whichmodel.cli.route_text import as_json as route_json
from whichmodel.cli.route_text import latency, lines, ranged, wrapped
from whichmodel.decide.funnel import Stage
from whichmodel.decide.words import about, points, share
from whichmodel.domain import Standing, WhyNot
from whichmodel.views.explained import Explained


def show(found: Explained) -> None:
    """All of it, in lines of 80 columns."""
    for line in lines(found.route, found.evidence):
        answer(line)
    _section("How many are left", _funnel(found.stages))
    _section("Why not", _why_not(found))
    _section("What can be told", _outlook(found))
    _section("Change", _change(found))
    _section("Where the figures come from", _origin(found))


def _section(title: str, texts: Iterator[str]) -> None:
    found = list(texts)
    if not found:
        return
    answer(Text(f"\n{title}", style="bold"))
    for text in found:
        for line in wrapped(text):
            answer(line)


def _funnel(stages: tuple[Stage, ...]) -> Iterator[str]:
    for stage in stages:
        lost = f"  without {', '.join(stage.lost)}" if stage.lost else ""
        yield f"{stage.left:>3} {stage.name}{lost}"


def _why_not(found: Explained) -> Iterator[str]:
    by_model = {row.model: row for row in found.standings}
    for entry in found.route.why_not:
        own = _beside(entry, by_model.get(entry.model), found.evidence)
        yield f"{entry.model} ({entry.reason}): {entry.text}{own}"


def _beside(entry: WhyNot, standing: Standing | None, evidence: Evidence) -> str:
    """A model's own figures, and its difference to the routed one."""
    if standing is None or standing.score is None:
        return ""
    own = f"score {score(standing.score, standing.low, standing.high)}, n {standing.n:,}, "
    own += f"{_cost(standing, evidence)} for 1,000, p95 {_p95(standing, evidence)}"
    told = f"{entry.n:,} pairs" in entry.text if entry.n is not None else True
    if told or entry.difference is None or entry.low is None or entry.high is None:
        return f". {own}"
    gap = f"{entry.difference:+.3f} [{entry.low:+.3f}, {entry.high:+.3f}], {entry.n:,} pairs"
    return f". {own}; against the route {gap}"


def _cost(standing: Standing, evidence: Evidence) -> str:
    bounds = cost_interval(evidence, evidence.column(standing.model))
    if standing.cost_per_1k_usd is None or bounds is None:
        return "unknown cost"
    return ranged(standing.cost_per_1k_usd, bounds[0] * 1000, bounds[1] * 1000)


def _p95(standing: Standing, evidence: Evidence) -> str:
    seen = known(evidence.steady_s(evidence.column(standing.model)))
    bounds = percentile(seen, 0.95)
    return latency(standing.p95_s, bounds.low, bounds.high, len(seen))


def _outlook(found: Explained) -> Iterator[str]:
    route, field, items = found.route, found.decided.field, found.decided.items
    asked = f"margin {points(route.delta_asked)}"
    if route.delta != route.delta_asked:
        asked += f" asked for, {points(route.delta)} used, since the bank is small"
    yield f"{asked}; error {share(route.alpha)}; reference {field.rule.reference}"
    if field.outlook.psi is not None:
        text = f"{items:,} items; models near the best disagree on {share(field.outlook.psi)} of them"
        if route.delta_achievable is not None:
            text += f": that settles {points(route.delta_achievable)} with 80% power"
        yield text
    if found.labels:
        yield f"human labels are missing: {found.labels}"
    if route.more_items is not None:
        yield f"{about(route.more_items)} would probably settle it:"
    for each in found.open:
        yield f"open: {each.model}, cheaper: {about(each.more_items)} would probably certify it"
    yield from found.remedy


def _change(found: Explained) -> Iterator[str]:
    route, rule = found.route, found.decided.field.rule.switch
    if route.incumbent is None:
        return
    if route.incumbent == route.model:
        yield f"{route.model} is today's already"
    else:
        yield f"today's is {route.incumbent}"
    if route.challenger:
        runs = ", ".join(route.challenger_runs)
        shown = f"{len(route.challenger_runs)} of {rule.runs} runs ({runs})"
        yield f"{route.challenger} waits: cheaper in {shown}"
        yield f"another run: bench run --tasks {route.task} --epochs 2, or new items with --seed"
    yield f"a certified model gives way at {share(rule.saving)} less cost in {rule.runs} runs"


def _origin(found: Explained) -> Iterator[str]:
    first = min((c.first for c in found.evidence.measured if c.first), default=None)
    last = max((c.last for c in found.evidence.measured if c.last), default=None)
    when = f", {first:%Y-%m-%d} to {last:%Y-%m-%d}" if first and last else ""
    yield f"bank {found.evidence.task_hash}, {found.decided.items:,} items{when}"
    yield f"runs {', '.join(found.route.run_ids)}"
    kept = {
        "holdout": "score, cost and saving are of items that the choice never saw",
        "in-sample": "score, cost and saving are of the items that the choice was made on",
    }
    yield kept[found.route.figures]
    if found.route.simulated:
        yield "simulated models: it says nothing about real ones"


def as_json(found: Explained) -> dict[str, Any]:
    """All of it as one document."""
    outlook = found.decided.field.outlook
    return {
        "route": route_json(found.route, found.evidence),
        "funnel": [asdict(stage) for stage in found.stages],
        "items": found.decided.items,
        "psi": outlook.psi,
        "delta_achievable": found.route.delta_achievable,
        "open": [asdict(each) for each in found.open],
        "settle": list(found.remedy),
        "standings": [asdict(row) for row in found.standings],
    }
