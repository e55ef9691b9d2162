"""Three ways of serving all tasks side by side: one general model, the routes, a fine-tuned specialist.

All over the same items of each task, those that every one of them has a score on, weighted by volume.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from whichmodel.analyse.economics.demand import Demand, reviewed, total_cost, volume
from whichmodel.analyse.economics.figures import Figure, Sampled, combined, means, together, widened
from whichmodel.analyse.evidence import Evidence
from whichmodel.analyse.intervals import interval
from whichmodel.analyse.paired import pairs

Floats = NDArray[np.float64]
Serving = Mapping[str, str]
"""Task -> the model that serves it."""


@dataclass(frozen=True, slots=True)
class Approach:
    """One way of serving all tasks, by the request. None = unknown."""

    name: str
    models: Serving
    spend_usd: Figure | None
    """Cost of the calls of one request."""
    score: Figure
    review: Figure
    """Share of requests whose answer goes to a person: refused, cut off, or not readable."""
    fixed_usd: float
    """Training and refreshes of a year by the request of a year. 0 = nothing is trained."""
    total_usd: Figure | None
    """Calls, reviews and unnoticed errors as far as these have a price, and training."""
    unknown: str
    """Why money is unknown. "" = it is known."""
    spend_difference: Figure | None = None
    """Less the first approach, over the same items; None for the first itself."""
    score_difference: Figure | None = None
    review_difference: Figure | None = None
    total_difference: Figure | None = None


@dataclass(frozen=True, eq=False)
class _Part:
    """An approach on one task, by a request of all tasks. None = a cost is unknown."""

    weight: float
    """Share of all requests."""
    error_usd: float
    """That share x L: what a point of score is worth."""
    spend: Sampled | None
    total: Sampled | None
    score: Figure
    review: Figure
    score_difference: Figure
    """Less the first approach."""
    review_difference: Figure


def side_by_side(
    demands: Sequence[Demand], named: Mapping[str, Serving], yearly_usd: Mapping[str, float]
) -> tuple[Approach, ...]:
    """The approaches, each set against the first. () where a task has no item that all of them answered.

    named: approaches by name, the first one to compare with. yearly_usd: by name, what is paid in a year
    whatever is asked.
    """
    whole = volume(demands)
    if not whole or not all(_same_items(demand, named).any() for demand in demands):
        return ()
    parts = {name: [_part(d, name, named, whole) for d in demands] for name in named}
    fixed = {name: yearly_usd.get(name, 0.0) / (12 * whole) for name in named}
    first = next(iter(named))
    made = []
    for name, serving in named.items():
        alone = _alone(name, serving, parts[name], fixed[name], _missing(demands, serving, named))
        step = fixed[name] - fixed[first]
        made.append(alone if name == first else _against(alone, parts[name], parts[first], step))
    return tuple(made)


def _same_items(demand: Demand, named: Mapping[str, Serving]) -> NDArray[np.bool_]:
    """Items of the figures that every approach has a score on; none where a model was not measured."""
    columns = [demand.column(serving.get(demand.task, "")) for serving in named.values()]
    known = [column for column in columns if column is not None]
    if len(known) < len(columns):
        return np.zeros(len(demand.fresh.items), dtype=bool)
    return np.asarray(~np.isnan(demand.fresh.score[:, known]).any(axis=1))


def _missing(demands: Sequence[Demand], serving: Serving, named: Mapping[str, Serving]) -> str:
    """Whose price is unknown on which task."""
    found = []
    for demand in demands:
        model = serving[demand.task]
        cost = demand.fresh.cost_usd[_same_items(demand, named), demand.evidence.column(model)]
        if np.isnan(cost).any():
            found.append(f"price of {model} on {demand.task} unknown")
    return "; ".join(found)


def _part(demand: Demand, name: str, named: Mapping[str, Serving], whole: int) -> _Part:
    fresh, kept, first = demand.fresh, _same_items(demand, named), next(iter(named))
    m, j = (demand.evidence.column(named[who][demand.task]) for who in (name, first))
    weight = demand.requests / whole
    money = np.column_stack([fresh.cost_usd[:, m], total_cost(fresh, m, demand.care)])
    found = [] if np.isnan(money[kept]).any() else means(fresh, np.where(kept[:, None], money, np.nan))
    spend, total = (one.times(weight) for one in found) if found else (None, None)
    seen = np.column_stack([reviewed(fresh, m), reviewed(fresh, j)])
    return _Part(
        weight=weight,
        error_usd=weight * (demand.care.error_usd or 0.0),
        spend=spend,
        total=total,
        score=_mean(fresh, fresh.score[:, m], kept),
        review=_mean(fresh, seen[:, 0], kept),
        score_difference=_difference(fresh, fresh.score[:, [m, j]], kept, same=m == j),
        review_difference=_difference(fresh, seen, kept, same=m == j),
    )


def _mean(evidence: Evidence, values: Floats, kept: NDArray[np.bool_]) -> Figure:
    found = interval(values[kept], evidence.clusters[kept] if evidence.clustered else None)
    assert found is not None, "there are such items"
    return Figure(found.mean, found.low, found.high, found.n)


def _difference(evidence: Evidence, two: Floats, kept: NDArray[np.bool_], *, same: bool) -> Figure:
    """The first column less the second, with the interval of `bench compare`; a model from itself nothing."""
    if same:
        return Figure(0.0, 0.0, 0.0, int(kept.sum()))
    found = pairs(replace(evidence, score=np.where(kept[:, None], two, np.nan))).difference(0, 1)
    assert found is not None, "there are such items"
    return Figure(found.mean, found.low, found.high, found.n)


def _alone(name: str, serving: Serving, parts: Sequence[_Part], fixed: float, unknown: str) -> Approach:
    spend, total = _sum([p.spend for p in parts]), _sum([p.total for p in parts])
    return Approach(
        name=name,
        models=serving,
        spend_usd=spend.figure() if spend else None,
        score=combined([(p.weight, p.score) for p in parts]),
        review=combined([(p.weight, p.review) for p in parts]),
        fixed_usd=fixed,
        total_usd=widened(total.plus(fixed).figure(), [(p.error_usd, p.score) for p in parts])
        if total
        else None,
        unknown=unknown,
    )


def _against(made: Approach, parts: Sequence[_Part], first: Sequence[_Part], step: float) -> Approach:
    """With its differences to the first approach."""
    spend, base_spend = _sum([p.spend for p in parts]), _sum([p.spend for p in first])
    total, base_total = _sum([p.total for p in parts]), _sum([p.total for p in first])
    errors = [(p.error_usd, p.score_difference) for p in parts]
    return replace(
        made,
        spend_difference=spend.minus(base_spend).figure() if spend and base_spend else None,
        score_difference=combined([(p.weight, p.score_difference) for p in parts]),
        review_difference=combined([(p.weight, p.review_difference) for p in parts]),
        total_difference=widened(total.minus(base_total).plus(step).figure(), errors)
        if total and base_total
        else None,
    )


def _sum(parts: Sequence[Sampled | None]) -> Sampled | None:
    """None as soon as one is unknown."""
    known = [part for part in parts if part is not None]
    return together(known) if len(known) == len(parts) else None
