"""`bench route --regressed`: what a deployed table promised, against what is measured now. Writes nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from whichmodel.cli.output import answer, document, note
from whichmodel.cli.project import Project
from whichmodel.cli.route_text import wrapped
from whichmodel.decide.regression import Promise, Regression
from whichmodel.domain import Organisation, RoutingTable
from whichmodel.errors import CheckFailed
from whichmodel.views import deployed

MOST = 1e6
"""Odds above which the number says no more."""


def regressed(project: Project, organisation: Organisation, file: str, *, as_json: bool) -> None:
    """Which promises are broken. Raises CheckFailed (exit code 5) where one is."""
    table, path = deployed.read(project.results, organisation.name, file)
    if table.simulated:
        note("The deployed table rests on simulated models, and is set beside simulated outcomes.")
    found = deployed.regressed(project.source(), organisation, table)
    if as_json:
        document(_json(found, table, organisation, path))
    else:
        for line in _lines(found, table, path):
            answer(line)
    if found.broken:
        count = len(found.broken)
        raise CheckFailed(
            f"{count} promise{'' if count == 1 else 's'} of the deployed table of {organisation.name} "
            f"{'is' if count == 1 else 'are'} shown to hold no more.",
            where=str(path),
            remedy=f"See what would change: bench route --org {organisation.name} --diff",
        )


def _lines(found: Regression, table: RoutingTable, path: Path) -> Iterator[str]:
    for promise in found.broken:
        line = f"{promise.kind}: {promise.task}: {promise.model}: {promise.text}; by chance {_odds(promise)}."
        yield from wrapped(line, first="")
    for one in found.untested:
        yield from wrapped(f"not tested: {one.task}: {one.model or 'no route'}: {one.text}.", first="")
    mark = ", simulated" if table.simulated else ""
    kept = len(found.promises) - len(found.broken)
    text = f"{path}{mark}: of {len(found.promises)} promises of {len(table.routes)} routes {kept} stand"
    yield from wrapped(f"{text}; a false alarm, ever: at most {found.alpha:.0%}.", first="")


def _odds(promise: Promise) -> str:
    """An e-value in words."""
    times = math.exp(min(promise.log_e, 700.0))
    return f"less than once in {int(MOST):,}" if times > MOST else f"once in {int(times):,} at most"


def _json(found: Regression, table: RoutingTable, organisation: Organisation, path: Path) -> dict[str, Any]:
    broken = set(found.broken)
    return {
        "organisation": organisation.name,
        "file": str(path),
        "simulated": table.simulated,
        "ok": not broken,
        "alpha": found.alpha,
        "log_e_limit": found.limit,
        "promises": [
            {**asdict(one), "log_e": _finite(one.log_e), "broken": one in broken} for one in found.promises
        ],
        "untested": [asdict(one) for one in found.untested],
    }


def _finite(grown: float) -> float | None:
    """JSON knows no infinity: None = beyond all bounds."""
    return grown if math.isfinite(grown) else None
