"""Money that one way of serving all tasks saves in a month against another (DECISION section 8).

Monthly volume x (cost of the baseline - cost of the other), task by task and in sum, over the items that both
answered; quality and cost of an item are drawn together. A saving that is negative stays so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whichmodel.analyse.economics.choice import Barred, averaged
from whichmodel.analyse.economics.demand import Demand, total_cost, volume
from whichmodel.analyse.economics.figures import (
    Figure,
    Sampled,
    combined,
    means,
    share_saved,
    together,
    widened,
)

Serving = Mapping[str, str]
"""Task -> the model that serves it."""


@dataclass(frozen=True, eq=False)
class Change:
    """One task served by another model than the baseline. Money in USD of a month, in every resample."""

    demand: Demand
    model: str
    baseline: str
    n: int
    """Items of the figures that both answered."""
    spend: Sampled | None
    """Calls alone. None = a cost is unknown, or no such item."""
    base_spend: Sampled | None
    total: Sampled | None
    """Calls, reviews and unnoticed errors, as far as these have a price."""
    base_total: Sampled | None
    score: Figure | None
    """Score of the model less that of the baseline. None = no such item."""
    unknown: str
    """Why the money is unknown. "" = it is known."""

    @property
    def saved(self) -> Figure | None:
        """USD a month on calls. None = unknown."""
        return None if self.spend is None or self.base_spend is None else _difference(self, whole=False)

    @property
    def saved_in_total(self) -> Figure | None:
        """USD a month, reviews and errors in. None = unknown."""
        return None if self.total is None or self.base_total is None else _difference(self, whole=True)

    @property
    def share(self) -> Figure | None:
        """Share of the calls' cost. None = unknown."""
        if self.spend is None or self.base_spend is None:
            return None
        return share_saved(self.spend, self.base_spend)


@dataclass(frozen=True, slots=True)
class Sum:
    """Several tasks together. Money in USD of a month; None = nothing is known."""

    tasks: tuple[str, ...]
    """Those in the sum."""
    moved: tuple[str, ...]
    """Those of them that another model than the baseline serves."""
    requests: int
    saved: Figure | None
    saved_in_total: Figure | None
    share: Figure | None
    score: Figure | None
    """Volume-weighted mean difference."""
    unknown: tuple[str, ...]
    """Tasks that are not in the sum, and why: their saving is not known. () = the sum is whole."""


def change(demand: Demand, model: str, baseline: str) -> Change:
    """What a task costs when a model serves it in place of the baseline."""
    m, j = demand.column(model), demand.column(baseline)
    if m is None or j is None:
        absent = model if m is None else baseline
        return _unknown(demand, model, baseline, f"{absent} was not measured on {demand.task}")
    fresh = demand.fresh
    difference = demand.fresh_pairs.difference(m, j) if m != j else None
    score = Figure(difference.mean, difference.low, difference.high, difference.n) if difference else None
    both: NDArray[np.bool_] = np.asarray(~np.isnan(fresh.score[:, [m, j]]).any(axis=1))
    n = int(both.sum())
    if m == j and n:
        score = Figure(0.0, 0.0, 0.0, n)
    if not n:
        return _unknown(demand, model, baseline, f"no item of {demand.task} has a score by both")
    missing = [name for name, c in ((model, m), (baseline, j)) if np.isnan(fresh.cost_usd[both, c]).any()]
    if missing:
        why = f"price of {' and '.join(dict.fromkeys(missing))} on {demand.task} unknown"
        return _unknown(demand, model, baseline, why, n, score)
    columns = [fresh.cost_usd[:, m], fresh.cost_usd[:, j]]
    columns += [total_cost(fresh, m, demand.care), total_cost(fresh, j, demand.care)]
    found = means(fresh, np.where(both[:, None], np.column_stack(columns), np.nan))
    spend, base_spend, total, base_total = (one.times(demand.requests) for one in found)
    return Change(demand, model, baseline, n, spend, base_spend, total, base_total, score, "")


def _unknown(
    demand: Demand, model: str, baseline: str, why: str, n: int = 0, score: Figure | None = None
) -> Change:
    return Change(demand, model, baseline, n, None, None, None, None, score, why)


def _difference(*changes: Change, whole: bool) -> Figure:
    """Saved over several tasks: on calls alone, or in total."""
    rows = [(c.base_total, c.total) if whole else (c.base_spend, c.spend) for c in changes]
    parts = [base.minus(cost) for base, cost in rows if base is not None and cost is not None]
    found = together(parts).figure()
    if not whole:
        return found
    # What is saved falls where the score of the baseline, seen from the other side, is higher.
    scores = [(c.demand.requests * (c.demand.care.error_usd or 0.0), c.score) for c in changes if c.score]
    return widened(found, [(-worth, score) for worth, score in scores])


def summed(changes: Sequence[Change]) -> Sum:
    """The sum over the tasks whose saving is known; the others are named."""
    known = [c for c in changes if not c.unknown]
    spend = together([c.spend for c in known if c.spend is not None])
    base = together([c.base_spend for c in known if c.base_spend is not None])
    weight = max(volume([c.demand for c in known]), 1)
    scores = [(c.demand.requests / weight, c.score) for c in known if c.score is not None]
    return Sum(
        tasks=tuple(c.demand.task for c in known),
        moved=tuple(c.demand.task for c in known if c.model != c.baseline),
        requests=volume([c.demand for c in known]),
        saved=_difference(*known, whole=False) if known else None,
        saved_in_total=_difference(*known, whole=True) if known else None,
        share=share_saved(spend, base) if known else None,
        score=combined(scores) if scores else None,
        unknown=tuple(c.unknown for c in changes if c.unknown),
    )


def with_floors(demands: Sequence[Demand], baseline: Serving) -> Serving:
    """The routes; the baseline where a route's quality is not shown to be kept, or there is no route."""
    return {d.task: baseline[d.task] if d.doubt(baseline[d.task]) else d.route or "" for d in demands}


@dataclass(frozen=True, eq=False)
class Against:
    """The routes set against one baseline."""

    baseline: Serving
    changes: tuple[Change, ...]
    """The routes as they stand, task by task."""
    routes: Sum
    """Those together."""
    floors: Sum
    """The routes whose quality is shown to be kept on their task; the baseline elsewhere."""
    stay: Mapping[str, str]
    """Task -> why it stays with the baseline, of those whose route is another model."""
    averaged: Sum | None
    """The cheapest choice whose volume-weighted score alone is kept. None = the baseline has no score."""


def against(demands: Sequence[Demand], baseline: Serving, barred: Barred) -> Against:
    """Set the routes against a baseline, with a floor for every task and with averaged quality only.

    demands: those whose task the baseline serves. barred: models that may not serve a task.
    """
    routed = [d for d in demands if d.route is not None]
    changes = tuple(change(d, d.route or "", baseline[d.task]) for d in routed)
    floors = with_floors(demands, baseline)
    cheapest = averaged(demands, baseline, barred)
    return Against(
        baseline=baseline,
        changes=changes,
        routes=summed(changes),
        floors=summed([change(d, floors[d.task], baseline[d.task]) for d in demands]),
        stay={d.task: why for d in demands if (why := d.doubt(baseline[d.task]))},
        averaged=None
        if cheapest is None
        else summed([change(d, cheapest[d.task], baseline[d.task]) for d in demands]),
    )
