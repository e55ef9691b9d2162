"""The last lines of a run: the answer per task, the routes, the spend, what failed, where things are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.text import Text

from whichmodel.analyse.served import Served
from whichmodel.analyse.standings import FORMAT_GAP, uneven_format
from whichmodel.cli.accepted import as_json as accepted_json
from whichmodel.cli.accepted import words as accepted_words
from whichmodel.cli.output import answer, score, seconds, share, table, usd
from whichmodel.cli.served import as_json as served_json
from whichmodel.cli.served import words
from whichmodel.domain import Route, RouteStatus, Standing, TaskCard
from whichmodel.errors import BudgetReached, CellsFailed
from whichmodel.plan import Plan
from whichmodel.run.progress import Summary
from whichmodel.views.decision import Decision

STATUS = {
    RouteStatus.CERTIFIED: "★ certified",
    RouteStatus.PROVISIONAL: "~ provisional",
    RouteStatus.INSUFFICIENT: "? insufficient",
    RouteStatus.JUDGE_ONLY: "j judge-only",
    RouteStatus.NONE: "- no route",
}


@dataclass(frozen=True, slots=True)
class Ran:
    """A run that has ended. `run_id` and `summary` None = there was nothing to measure."""

    run_id: str | None
    simulated: bool
    plan: Plan
    summary: Summary | None

    @property
    def done(self) -> int:
        """Cells that got a score in this run."""
        return self.summary.progress.done if self.summary else 0

    @property
    def failed(self) -> int:
        """Cells that ended without a score, those of jobs that broke off among them."""
        if self.summary is None:
            return 0
        return self.plan.cells - self.summary.progress.done - self.summary.over_budget

    @property
    def spent(self) -> Decimal:
        """USD charged by providers."""
        return self.summary.progress.spent if self.summary else Decimal(0)


def show(
    ran: Ran,
    decision: Decision,
    cards: Sequence[TaskCard],
    written: Mapping[str, Path],
    *,
    again: str,
    served: Sequence[Served] = (),
) -> None:
    """Print it all. served: where another model replied, or more than one."""
    by_name = {card.name: card for card in cards}
    show_standings(decision.standings, by_name, served)
    for line in accepted_words(decision.evidence, by_name):
        answer(f"\n{line}")
    show_routes(decision, list(by_name))
    answer()
    show_ended(ran)
    for one in served:
        answer(words(one))
    if ran.failed:
        answer(f"Retry what failed: {again}")
    show_written(written)


def show_ended(ran: Ran) -> None:
    """How many cells were measured, what that cost, and who broke off."""
    unknown = ran.summary.progress.unpriced if ran.summary else 0
    extra = f", and {unknown:,} answers of unknown cost" if unknown else ""
    charged = "no provider was paid" if ran.simulated else f"{usd(ran.spent)} spent{extra}"
    answer(f"{ran.done:,} measured, {ran.plan.done:,} known before, {ran.failed:,} failed; {charged}.")
    if ran.summary:
        for report in ran.summary.errors:
            answer(f"Broke off: {report.job}: {report.error}")
        for model, stopped in ran.summary.stopped.items():
            left = f"; {stopped.left:,} cells were not asked" if stopped.left else ""
            answer(f"Stopped {model}: {stopped.reason}{left}.")


def show_standings(
    standings: Sequence[Standing], cards: Mapping[str, TaskCard], served: Sequence[Served] = ()
) -> None:
    """How each model stands, the best first within its task."""
    others = {(one.task, one.model): one.others for one in served}
    for task in cards:
        rows = [_row(s, others.get((s.task, s.model), ())) for s in standings if s.task == task]
        if rows:
            answer(Text(f"\n{task}", style="bold"))
            headings = ["model", "score [95% interval]", "n", "coverage", "unparsed", "$/1k", "p95", ""]
            answer(table(headings, rows, numbers=[2, 3, 4, 5, 6], whole=[1]))
            _warn_of_format([s for s in standings if s.task == task], cards)


def _warn_of_format(standings: Sequence[Standing], cards: Mapping[str, TaskCard]) -> None:
    if uneven := uneven_format(standings):
        least = uneven[-1]
        most = [s for s in uneven if (s.unparsed or 0.0) > (least.unparsed or 0.0) + FORMAT_GAP]
        shares = ", ".join(f"{s.model} {share(s.unparsed)}" for s in [*most, least])
        readme = cards[uneven[0].task].folder / "README.md"
        answer(f"Answers in another format than asked: {shares}. How they are scored: {readme}")


def _row(s: Standing, others: Sequence[str]) -> list[str]:
    marks = [s.status if s.status != "ok" else "", "simulated" if s.simulated else ""]
    marks.append("rule" if s.baseline else "")
    marks.append(f"served by {', '.join(others)}" if others else "")
    marks.append(f"judged by {s.judge_kin}" if s.judge_kin else "")
    cost = "-" if s.score is None else usd(s.cost_per_1k_usd)
    return [
        s.model,
        score(s.score, s.low, s.high),
        str(s.n),
        share(s.coverage),
        share(s.unparsed),
        cost,
        seconds(s.p95_s),
        ", ".join(mark for mark in marks if mark),
    ]


def show_routes(decision: Decision, tasks: Sequence[str]) -> None:
    """The routing table, one line a task, and why."""
    routes = [route for route in decision.table.routes if route.task in tasks]
    if not routes:
        return
    mark = ", simulated" if decision.table.simulated else ""
    answer(Text(f"\nRoutes for {decision.table.organisation}{mark}", style="bold"))
    rows = [
        [
            route.task,
            route.model or "none",
            STATUS[route.status],
            score(route.score, route.low, route.high),
            str(route.n if route.n is not None else "-"),
            usd(route.cost_per_1k_usd) if route.model else "-",
            seconds(route.p95_s),
            ", ".join(route.fallbacks) or "none",
        ]
        for route in routes
    ]
    headings = ["task", "model", "status", "score", "n", "$/1k", "p95", "fallbacks"]
    answer(table(headings, rows, numbers=[4, 5, 6], whole=[1, 2, 3]))
    for route in routes:
        answer(f"{route.task}: {route.why}")


def show_written(written: Mapping[str, Path]) -> None:
    """Where things are, and what comes next."""
    if written:
        answer(f"Written: {', '.join(str(path) for path in written.values())}")
        organisation = next(iter(written.values())).stem
        answer(f"Next: bench leaderboard · bench export litellm --org {organisation}")


def as_json(
    ran: Ran,
    decision: Decision,
    tasks: Sequence[str],
    written: Mapping[str, Path],
    served: Sequence[Served] = (),
) -> dict[str, Any]:
    """The document of `bench run --json`."""
    others = {(one.task, one.model): one.others for one in served}
    return {
        "run_id": ran.run_id,
        "simulated": ran.simulated,
        **ended_json(ran),
        "served": [served_json(one) for one in served],
        "standings": [
            {**standing_json(s), "served_by_others": others.get((s.task, s.model), ())}
            for s in decision.standings
            if s.task in tasks
        ],
        "accepted": accepted_json(decision.evidence, tasks),
        "routes": [route_json(r) for r in decision.table.routes if r.task in tasks],
        "written": {kind: str(path) for kind, path in written.items()},
    }


def ended_json(ran: Ran) -> dict[str, Any]:
    """How a run ended, as JSON."""
    return {
        "cells": {
            "planned": ran.plan.cells,
            "done": ran.done,
            "failed": ran.failed,
            "known": ran.plan.done,
            "over_budget": ran.summary.over_budget if ran.summary else 0,
        },
        "stopped": _stopped(ran.summary),
        "spend_usd": ran.spent,
        "skipped": [{"task": s.task, "reason": s.reason, "remedy": s.remedy} for s in ran.plan.skipped],
        "left_out": [asdict(part) for part in ran.plan.left_out],
        "barred": [asdict(one) for one in ran.plan.barred],
    }


def _stopped(summary: Summary | None) -> dict[str, dict[str, Any]]:
    """Models that nothing more was sent to, why, and the cells that stay open."""
    if summary is None:
        return {}
    return {model: {"reason": s.reason, "left": s.left} for model, s in summary.stopped.items()}


def standing_json(s: Standing) -> dict[str, Any]:
    """A standing as JSON; null = unknown."""
    names = ("task", "model", "n", "score", "low", "high", "interval", "cost_per_1k_usd", "p50_s", "p95_s")
    rest = ("coverage", "unparsed", "refused", "truncated", "failed", "status", "simulated", "baseline")
    judged = ("judge", "judge_kin")
    return {name: getattr(s, name) for name in (*names, *rest, *judged)}


def route_json(r: Route) -> dict[str, Any]:
    """A route as JSON, in short; the whole of it is in the routing table's file."""
    names = ("task", "model", "status", "fallbacks", "why", "score", "low", "high", "n", "figures")
    rest = ("cost_per_1k_usd", "p95_s", "baseline_model", "saving", "delta", "more_items", "simulated")
    return {name: getattr(r, name) for name in (*names, *rest)}


def raise_for(ran: Ran, *, again: str) -> None:
    """End with the exit code of what went wrong: the budget before failures."""
    if ran.summary is None:
        return
    if ran.summary.over_budget:
        raise BudgetReached(
            f"The budget holds no more: {ran.summary.over_budget:,} cells were not sent.",
            remedy=f"Go on with a larger one: {again}",
        )
    if ran.failed:
        raise CellsFailed(
            f"{ran.failed:,} of {ran.plan.cells:,} cells ended without a score.",
            remedy="`bench status` says why; the same command tries them again.",
        )
