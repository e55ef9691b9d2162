"""Standings and routes as CSV: one row a task and model with what was decided about it, or one row a task."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from whichmodel.domain import Standing
from whichmodel.views import words
from whichmodel.views.board import View

FIGURES = (
    "n",
    "planned",
    "score",
    "low",
    "high",
    "interval",
    "cost_per_1k_usd",
    "p50_s",
    "p95_s",
    "coverage",
    "unparsed",
    "refused",
    "truncated",
    "failed",
    "status",
    "simulated",
    "baseline",
    "task_hash",
    "settings_hash",
    "run_ids",
    "measured_to",
)
COLUMNS = ("organisation", "task", "category", "model", "vendor", "decision", "reason", "why", *FIGURES)
ROUTES = (
    "model",
    "status",
    "why",
    "score",
    "low",
    "high",
    "n",
    "figures",
    "cost_per_1k_usd",
    "cost_low_per_1k_usd",
    "cost_high_per_1k_usd",
    "p95_s",
    "p95_low_s",
    "p95_high_s",
    "p95_n",
    "baseline_model",
    "baseline_score",
    "baseline_low",
    "baseline_high",
    "baseline_n",
    "baseline_cost_per_1k_usd",
    "baseline_cost_low_per_1k_usd",
    "baseline_cost_high_per_1k_usd",
    "saving",
    "saving_low",
    "saving_high",
    "requests_per_month",
    "monthly_usd",
    "baseline_monthly_usd",
    "ties",
    "fallbacks",
    "incumbent",
    "delta",
    "delta_asked",
    "alpha",
    "more_items",
    "raced",
    "simulated",
    "task_hash",
    "run_ids",
)
"""Of a route, in this order; a name is the field's."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is run as a formula by spreadsheets."""


def render(view: View) -> str:
    """The standings, lines as RFC 4180 has them.

    An empty field is unknown; a text that a spreadsheet would run is quoted by an apostrophe.
    """
    return _table(COLUMNS, [_row(view, standing) for standing in view.standings])


def routes(view: View) -> str:
    """The routes, in the same form."""
    rows = [
        [view.organisation.name, route.task, route.category, *(getattr(route, name) for name in ROUTES)]
        for route in view.routes
    ]
    return _table(("organisation", "task", "category", *ROUTES), rows)


def _table(headings: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([_field(value) for value in row] for row in rows)
    return text.getvalue()


def _row(view: View, standing: Standing) -> list[object]:
    route = view.route(standing.task)
    reason, why = words.why_not(standing.model, route)
    decision = words.mark(standing.model, standing, route)
    names = (view.organisation.name, standing.task, standing.category, standing.model, standing.vendor)
    return [*names, str(decision), reason, why, *(getattr(standing, figure) for figure in FIGURES)]


def _field(value: object) -> object:
    if isinstance(value, tuple):
        value = " ".join(map(str, value))
    if isinstance(value, datetime):
        value = value.isoformat(timespec="seconds")
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
