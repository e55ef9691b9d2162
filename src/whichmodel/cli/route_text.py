"""Routes in words, for a terminal of 80 columns: every figure with its n, interval and baseline."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.text import Text

from whichmodel.analyse.evidence import Evidence
from whichmodel.cli.output import answer, score, seconds, usd
from whichmodel.decide.words import share as exact_share
from whichmodel.domain import Route, RouteStatus, RoutingTable

WIDTH = 80
MARKS = {
    RouteStatus.CERTIFIED: "★",
    RouteStatus.PROVISIONAL: "~",
    RouteStatus.INSUFFICIENT: "?",
    RouteStatus.JUDGE_ONLY: "j",
    RouteStatus.NONE: "-",
}
FIGURES = {"holdout": "held-out items", "in-sample": "items, in-sample"}


def show(table: RoutingTable, evidence: Sequence[Evidence]) -> None:
    """All routes of a table, and the headline of each."""
    by_task = {task.task: task for task in evidence}
    mark = ", simulated" if table.simulated else ""
    answer(Text(f"Routes for {table.organisation}{mark}", style="bold"))
    if not table.routes:
        answer("No task is measured. Start with `bench run --tasks coding,extraction`.")
    for route in table.routes:
        answer()
        for line in lines(route, by_task.get(route.task)):
            answer(line)


def lines(route: Route, evidence: Evidence | None) -> Iterator[str]:
    """One route: what, how sure, by which figures, and why."""
    name = route.model or "no route"
    yield from wrapped(f"{MARKS[route.status]} {route.task}: {name} ({route.status.value})", first="")
    for text in (*_figures(route), *_money(route), *_rest(route), *judging(evidence)):
        yield from wrapped(text)
    yield from wrapped(f"{route.why}.")


def wrapped(text: str, *, first: str = "  ") -> Iterator[str]:
    """A text in lines of at most 80 columns, the later ones further in."""
    return iter(
        textwrap.wrap(
            text,
            WIDTH,
            initial_indent=first,
            subsequent_indent=first + "  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def _figures(route: Route) -> Iterator[str]:
    if route.model is None:
        return
    if route.score is not None:
        unit = "human labels" if route.labels else FIGURES[route.figures]
        yield f"score {score(route.score, route.low, route.high)}, n {route.n:,} {unit}"
    yield f"p95 {latency(route.p95_s, route.p95_low_s, route.p95_high_s, route.p95_n)}"
    yield f"cost {cost(route)} for 1,000 requests"


def latency(p95: float | None, low: float | None, high: float | None, n: int | None) -> str:
    """A p95 with its interval and the answers that it is over."""
    if p95 is None:
        return "unknown"
    ends = ("unknown" if end is None else seconds(end) for end in (low, high))
    return f"{seconds(p95)} [{', '.join(ends)}], n {n:,} answers"


def cost(route: Route) -> str:
    """Cost of 1,000 requests with its interval."""
    if route.cost_per_1k_usd is None:
        return "unknown"
    return ranged(route.cost_per_1k_usd, route.cost_low_per_1k_usd, route.cost_high_per_1k_usd)


def ranged(amount: float, low: float | None, high: float | None, times: float = 1.0) -> str:
    """Money with its interval; without one where all of it is the same."""
    if low is None or high is None or usd(low * times) == usd(high * times):
        return usd(amount * times)
    return f"{usd(amount * times)} [{usd(low * times)}, {usd(high * times)}]"


def _money(route: Route) -> Iterator[str]:
    if route.model is None or route.baseline_model is None:
        return
    if route.baseline_model == route.model:
        yield "saving: none, it is the best estimate itself"
        return
    best = score(route.baseline_score, route.baseline_low, route.baseline_high)
    n = f", n {route.baseline_n:,}" if route.baseline_n is not None else ""
    yield f"saving {saving(route)} against {route.baseline_model}, the best estimate (score {best}{n})"
    if route.monthly_usd is not None and route.baseline_monthly_usd is not None:
        volume = route.requests_per_month or 0
        paid, base = route.cost_per_1k_usd or 0.0, route.baseline_cost_per_1k_usd or 0.0
        month = ranged(paid, route.cost_low_per_1k_usd, route.cost_high_per_1k_usd, volume / 1000)
        before = ranged(
            base, route.baseline_cost_low_per_1k_usd, route.baseline_cost_high_per_1k_usd, volume / 1000
        )
        yield f"{month} a month in place of {before}, at {volume:,} requests"


def saving(route: Route) -> str:
    """The share saved with its interval; a minus = dearer."""
    if route.saving is None:
        return "unknown"
    if route.saving_low is None or route.saving_high is None:
        return f"{route.saving:.0%}"
    low, high = route.saving_low, route.saving_high
    digits = 0 if high - low > 0.02 else 1
    return f"{route.saving:.{digits}%} [{low:.{digits}%}, {high:.{digits}%}]"


def _rest(route: Route) -> Iterator[str]:
    if route.split:
        parts = " and ".join(f"{exact_share(part.share)} {part.model}" for part in route.split)
        yield f"requests at first: {parts}"
    if route.incumbent and route.incumbent != route.model:
        yield f"before: {route.incumbent}"
    if route.fallbacks:
        yield f"fallbacks: {', '.join(route.fallbacks)}"
    if route.ties:
        yield f"tie: the cost of {', '.join(route.ties)} cannot be told from its own"
    if route.raced:
        yield "decided by a race: figures in-sample, of the items that both were asked"


def judging(evidence: Evidence | None) -> Iterator[str]:
    """What the judge of a task cost: a line of its own."""
    if evidence is None or not evidence.judged:
        return
    found = judge_spend(evidence)
    names = ", ".join(found["judges"]) or "several judges"
    answers = f"{found['answers']:,} answers of {found['models']} models"
    yield f"judge {names}: {usd(found['usd'])} for {answers}, in no figure above"


def judge_spend(evidence: Evidence) -> dict[str, Any]:
    """What the judge of a task was paid. usd None = unknown for one answer."""
    spent = [column.judge_usd for column in evidence.measured]
    return {
        "judges": sorted({column.judge for column in evidence.measured if column.judge}),
        "usd": None if any(usd is None for usd in spent) else sum(usd or 0.0 for usd in spent),
        "answers": int((evidence.state > 1).sum()),
        "models": len(evidence.measured),
    }


def as_json(route: Route, evidence: Evidence | None) -> Mapping[str, Any]:
    """A route as JSON, whole, with what its judge cost; null = unknown."""
    judged = evidence is not None and evidence.judged
    return {**asdict(route), "judging": judge_spend(evidence) if evidence is not None and judged else None}
