"""A handmade board: standings and routes of every kind, without any outcome behind them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from whichmodel.domain import DecisionRule, Organisation, Route, RouteStatus, RoutingTable, Standing, WhyNot
from whichmodel.views.board import View

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
STANDING = Standing(
    task="invoices",
    category="extraction",
    model="aurora/lite",
    vendor="aurora",
    n=400,
    planned=400,
    score=0.95,
    low=0.92,
    high=0.97,
    interval="Wilson 95%",
    cost_per_1k_usd=0.5,
    p50_s=0.1,
    p95_s=0.3,
    coverage=1.0,
    unparsed=0.0,
    refused=0,
    truncated=0,
    failed=0,
    status="ok",
    simulated=False,
    baseline=False,
    task_hash="bank",
    settings_hash="settings",
    run_ids=("r1", "r2"),
    measured_to=NOW,
)
ROUTE = Route(
    task="invoices",
    category="extraction",
    model="aurora/lite",
    status=RouteStatus.CERTIFIED,
    fallbacks=("borealis/swift",),
    why="same quality, 84% cheaper than borealis/max",
    ties=(),
    why_not=(
        WhyNot("borealis/swift", "dearer", "as good, at 2.0 times the cost", 0.001, -0.02, 0.02, 300),
        WhyNot("borealis/max", "not shown non-inferior", "1 point below"),
        WhyNot("cirrus/nano", "inferior", "20 points below"),
        WhyNot("cirrus/pro", "policy", "its region is us; allowed: eu"),
        WhyNot("cirrus/new", "not measured", "no outcome on this task yet"),
        WhyNot("cirrus/down", "low coverage", "no score: all 400 items failed"),
    ),
    score=0.95,
    low=0.90,
    high=0.98,
    n=100,
    cost_per_1k_usd=0.5,
    p95_s=0.3,
    figures="holdout",
    baseline_model="borealis/max",
    baseline_score=0.96,
    baseline_cost_per_1k_usd=3.0,
    saving=0.84,
    delta=0.03,
    delta_asked=0.03,
    alpha=0.05,
    delta_achievable=0.025,
    more_items=None,
    requests_per_month=1000,
    monthly_usd=0.5,
    baseline_monthly_usd=3.0,
    simulated=False,
    task_hash="bank",
    run_ids=("r1", "r2"),
)


def standing(model: str, **changes: Any) -> Standing:
    """A standing like the plain one."""
    return replace(STANDING, model=model, vendor=model.partition("/")[0], **changes)


def route(**changes: Any) -> Route:
    """A route like the plain one."""
    return replace(ROUTE, **changes)


NOTHING = {
    "n": 0,
    "score": None,
    "low": None,
    "high": None,
    "interval": "",
    "coverage": 0.0,
    "unparsed": None,
}
STANDINGS = (
    standing("borealis/max", score=0.96, cost_per_1k_usd=3.0),
    standing("borealis/swift", cost_per_1k_usd=1.0),
    standing("aurora/lite"),
    standing("cirrus/pro", score=1.0, low=0.98, high=1.0, cost_per_1k_usd=None),
    standing("cirrus/nano", score=0.75, low=0.7, high=0.8, failed=3),
    standing(
        "cirrus/down", failed=400, status="failed", cost_per_1k_usd=None, p50_s=None, p95_s=None, **NOTHING
    ),
)


def view(*standings: Standing, routes: tuple[Route, ...] = (ROUTE,)) -> View:
    """What an organisation sees."""
    rule = DecisionRule()
    table = RoutingTable("acme", NOW, NOW + timedelta(days=90), False, routes, rule, ("r1", "r2"))
    return View(Organisation("acme", "ACME"), "real", None, standings or STANDINGS, table, {})
