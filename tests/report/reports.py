"""A handmade report with routes of every kind, set beside an older table."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from views.boards import NOW, STANDINGS, route, view

from whichmodel.domain import Organisation, RouteStatus, RoutingTable, Standing, WhyNot, Workload
from whichmodel.report import Report

HOSTILE = "evil/<script>window.hit=1</script>|@octocat#1`x"
"""A model id that would run, format, notify or break a table where it is not escaped."""
INTERVALS: dict[str, Any] = {
    "cost_low_per_1k_usd": 0.45,
    "cost_high_per_1k_usd": 0.55,
    "baseline_low": 0.93,
    "baseline_high": 0.98,
    "baseline_n": 100,
    "baseline_cost_low_per_1k_usd": 2.8,
    "baseline_cost_high_per_1k_usd": 3.2,
    "saving": 0.84,
    "saving_low": 0.81,
    "saving_high": 0.86,
}
INVOICES = route(**INTERVALS)
TICKETS = route(
    **INTERVALS,
    task="tickets",
    category="classification",
    status=RouteStatus.INSUFFICIENT,
    why="cannot tell yet: about 310 more items would settle it",
    more_items=310,
    figures="in-sample",
)
SUMMARIES = route(
    **INTERVALS, task="meetings", category="summarization", ties=("borealis/swift",), fallbacks=()
)
NOTHING = route(
    task="technical",
    category="translation",
    model=None,
    status=RouteStatus.NONE,
    why="no model may be used: 1 barred by policy",
    why_not=(WhyNot("cirrus/pro", "policy", "its region is us; allowed: eu"),),
    fallbacks=(),
    **dict.fromkeys(
        (
            "score",
            "low",
            "high",
            "n",
            "cost_per_1k_usd",
            "p95_s",
            "baseline_model",
            "baseline_score",
            "baseline_cost_per_1k_usd",
            "saving",
            "monthly_usd",
            "baseline_monthly_usd",
        )
    ),
)
ORGANISATION = Organisation(
    "acme",
    "ACME & Söhne",
    workloads=(Workload("invoices", 1000, floor=0.9), Workload("tickets", 1000), Workload("meetings", 1000)),
    review_cost_usd=Decimal("1.50"),
)


def standings(*tasks: str) -> tuple[Standing, ...]:
    """Those of the board, on each of these tasks."""
    return tuple(replace(one, task=task) for task in tasks for one in STANDINGS)


def made(**changes: Any) -> Report:
    """The report: certified, inconclusive, a tie and no route; one task moved and one is new."""
    routes = (INVOICES, TICKETS, SUMMARIES, NOTHING)
    board = view(*standings("invoices", "tickets", "meetings", "technical"), routes=routes)
    board = replace(board, organisation=ORGANISATION)
    moved = replace(INVOICES, model="borealis/max", score=0.96, cost_per_1k_usd=3.0)
    before = RoutingTable(
        "acme",
        NOW,
        NOW,
        False,
        (moved, TICKETS, NOTHING, route(task="gone")),
        board.organisation.rule,
        ("r1",),
    )
    found = Report(board, before, "the deployed table of 2026-11-24", {"RateLimitError": 1600, "Timeout": 12})
    return replace(found, **changes)


def hostile() -> Report:
    """The same where a model, a title and a reason try to run, to format and to notify."""
    plain = made()
    one = replace(
        INVOICES,
        model=HOSTILE,
        why=f"same quality as {HOSTILE}",
        fallbacks=(HOSTILE,),
        ties=(HOSTILE,),
        why_not=(WhyNot(HOSTILE, "dearer", HOSTILE, 0.0, -0.1, 0.1, 3),),
    )
    rows = (replace(STANDINGS[2], model=HOSTILE), *standings("invoices"))
    board = replace(
        plain.view,
        organisation=replace(ORGANISATION, title=HOSTILE),
        standings=rows,
        table=replace(plain.view.table, routes=(one,)),
    )
    return replace(plain, view=board, failures={HOSTILE: 1})
