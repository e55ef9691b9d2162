"""What a run would cost: shown by --dry-run, asked before a dear one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import click

from whichmodel.cli.output import answer, document, table, usd
from whichmodel.errors import UsageError
from whichmodel.estimate import Estimate, estimates, total
from whichmodel.plan import Plan
from whichmodel.store import Measured, read


def measured(results: Path) -> Measured:
    """What stored samples used; nothing where nothing is stored."""
    reader = read(results)
    return reader.counts() if reader else {}


def show(plan: Plan, counts: Measured, as_json: bool) -> None:
    """Calls and low/high cost of each model, the judge's on a line of its own. No call is made."""
    parts = estimates(plan, at=datetime.now(UTC), measured=counts)
    low, high, unknown = total(parts)
    if as_json:
        document(
            {
                "dry_run": True,
                "cells": {"planned": plan.cells, "done": plan.done},
                "models": [
                    {
                        "model": part.model,
                        "calls": part.calls,
                        "low_usd": part.low_usd,
                        "high_usd": part.high_usd,
                        "simulated": part.simulated,
                        "judge": part.judge,
                        "basis": part.basis,
                        "measured_n": part.measured,
                    }
                    for part in parts
                ],
                "low_usd": low,
                "high_usd": high,
                "unknown": unknown,
                "skipped": [{"task": s.task, "reason": s.reason} for s in plan.skipped],
                "left_out": [asdict(part) for part in plan.left_out],
                "barred": [asdict(one) for one in plan.barred],
            }
        )
        return
    headings = ["model", "calls", "low", "high", "basis"]
    answer(table(headings, [_row(part) for part in parts], numbers=[1, 2, 3]))
    for line in left_out(plan):
        answer(line)
    answer(f"\n{plan.cells:,} cells to measure, {plan.done:,} measured already. {_sum(low, high, unknown)}")


def left_out(plan: Plan) -> list[str]:
    """Models that are not asked on some tasks because of their output mode: a line a model, tasks counted."""
    tasks: dict[tuple[str, str], list[str]] = {}
    for part in plan.left_out:
        tasks.setdefault((part.model, part.reason), []).append(part.task)
    return [
        f"{model} is left out of {names[0] if len(names) == 1 else f'{len(names):,} tasks'}: {reason}."
        for (model, reason), names in tasks.items()
    ]


def _row(part: Estimate) -> list[str]:
    role = " as judge" if part.judge else ""
    mark = " (simulated, not charged)" if part.simulated else ""
    return [part.model + role + mark, f"{part.calls:,}", usd(part.low_usd), usd(part.high_usd), part.basis]


def _sum(low: Decimal, high: Decimal, unknown: Sequence[str]) -> str:
    known = f"Between {usd(low)} and {usd(high)}."
    return f"{known} Price unknown: {', '.join(unknown)}." if unknown else known


def confirm(
    plan: Plan,
    counts: Measured,
    threshold: Decimal,
    budget: Decimal | None,
    *,
    yes: bool,
    where: str = "bench run",
    remedy: str = "Add --yes, or set --budget, or see --dry-run.",
    said: str = "",
) -> None:
    """Ask before a run whose high estimate is above the threshold. Simulated models never ask.

    said: what it costs, in words. "" = the range of the plan. Raises UsageError where nobody can be
    asked, or a budget meets a model of unknown price.
    """
    low, high, unknown = total(estimates(plan, at=datetime.now(UTC), measured=counts))
    if budget is not None:
        # A budget reserves the worst case, which no measured sample bounds.
        _, _, unknown = total(estimates(plan, at=datetime.now(UTC)))
    if budget is not None and unknown:
        raise UsageError(
            f"A budget cannot hold models whose price is unknown: {', '.join(unknown)}.",
            where="--budget",
            remedy="Give each a `price:` in bench.yaml, or leave them out with --models.",
        )
    if yes or (high <= threshold and not unknown) or (budget is not None and budget <= threshold):
        return
    question = said or f"{plan.cells:,} cells. {_sum(low, high, unknown)}"
    if not sys.stdin.isatty():
        raise UsageError(
            f"{question} That is above the {usd(threshold)} that runs without being asked.",
            where=where,
            remedy=remedy,
        )
    click.confirm(f"{question} Go on?", abort=True, err=True)
