"""The document of `bench savings --json`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from whichmodel.analyse.economics.demand import Demand
from whichmodel.analyse.economics.figures import Figure
from whichmodel.analyse.economics.savings import Against
from whichmodel.analyse.economics.whatif import WhatIf
from whichmodel.views.savings.account import Account


def as_json(found: Account, asked: WhatIf) -> dict[str, Any]:
    """One document: money in USD, shares and scores as they are, null = unknown."""
    basis = found.basis
    return {
        "organisation": basis.organisation.name,
        "simulated": basis.panel == "simulated",
        "what_if": asdict(asked),
        "totals_hold": ["calls", *found.priced],
        "tasks": [_task_json(demand) for demand in basis.demands],
        "tokens": [asdict(scale) for scale in basis.scales],
        "no_workload": list(basis.no_workload),
        "not_measured": list(basis.not_measured),
        "no_incumbent": list(found.no_incumbent),
        "best_single": {kind: one and asdict(one) for kind, one in found.singles.items()},
        "against": {
            "best_single": _against_json(found.single),
            "incumbent": _against_json(found.incumbent),
        },
        "approaches": [asdict(one) for one in found.approaches],
        "specialists": [asdict(one) for one in found.specialists],
        "hosting": [asdict(one) for one in found.hosted],
        "throughput_not_measured": [{"model": m, "task": t} for m, t in found.unloaded],
        "retries": [asdict(one) for one in found.retries],
    }


def _task_json(demand: Demand) -> dict[str, Any]:
    return {
        "task": demand.task,
        "requests_per_month": demand.requests,
        "route": demand.route,
        "status": demand.status,
        "figures": "holdout" if demand.held else "in-sample",
        "floor": demand.floor,
        "delta": demand.delta,
    }


def _against_json(found: Against | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "baseline": dict(found.baseline),
        "tasks": [
            {
                "task": one.demand.task,
                "model": one.model,
                "baseline": one.baseline,
                "n": one.n,
                "saved_usd": _plain(one.saved),
                "saved_in_total_usd": _plain(one.saved_in_total),
                "share": _plain(one.share),
                "score_difference": _plain(one.score),
                "unknown": one.unknown or None,
            }
            for one in found.changes
        ],
        "stay_with_baseline": dict(found.stay),
        "sums": {
            name: None if one is None else asdict(one)
            for name, one in (
                ("routes", found.routes),
                ("floors", found.floors),
                ("averaged", found.averaged),
            )
        },
    }


def _plain(figure: Figure | None) -> dict[str, Any] | None:
    return None if figure is None else asdict(figure)
