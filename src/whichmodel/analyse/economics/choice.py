"""Other ways of serving all tasks, to set routes against; chosen on the items of the routes' choice."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from whichmodel.analyse.costs import mean_cost
from whichmodel.analyse.economics.demand import Demand, volume

Barred = Mapping[str, Collection[str]]
"""Task -> models that may not serve it."""


@dataclass(frozen=True, slots=True)
class Single:
    """One model for all tasks: of the best volume-weighted mean score."""

    model: str
    score: float
    n: int
    """Items with a score that it was chosen on."""
    among: int
    """Models that could have been chosen."""


def single(demands: Sequence[Demand], barred: Barred, general: Collection[str]) -> Single | None:
    """The best single model; None where nobody allowed was measured on all of these tasks.

    general: models that may be the one for all; rules and specialists are made for their tasks. Of equal
    scores the cheaper counts.
    """
    names = [set(d.chosen.models) - set(barred.get(d.task, ())) for d in demands]
    able = set(general).intersection(*names) if names else set()
    found = [(name, score) for name in sorted(able) if (score := _score(demands, name)) is not None]
    if not found:
        return None
    name, score = min(found, key=lambda one: (-one[1], _cost(demands, one[0]), one[0]))
    n = sum(int((~np.isnan(d.chosen.score[:, d.chosen.column(name)])).sum()) for d in demands)
    return Single(name, score, n, len(found))


def _score(demands: Sequence[Demand], name: str) -> float | None:
    """Volume-weighted mean score on the items of the choice; None where one task has no score."""
    means = [_mean(demand, name) for demand in demands]
    if any(mean is None for mean in means):
        return None
    weights = [demand.requests for demand in demands]
    if not sum(weights):
        weights = [1] * len(demands)
    return round(float(np.average([mean or 0.0 for mean in means], weights=weights)), 12)


def _mean(demand: Demand, name: str) -> float | None:
    scores = demand.chosen.score[:, demand.chosen.column(name)]
    seen = scores[~np.isnan(scores)]
    return float(seen.mean()) if len(seen) else None


def _cost(demands: Sequence[Demand], name: str) -> float:
    """Cost of all requests of a month; infinite where it is unknown."""
    costs = [mean_cost(d.chosen, d.chosen.column(name)) for d in demands]
    return sum(
        float("inf") if cost is None else cost * d.requests for cost, d in zip(costs, demands, strict=True)
    )


def averaged(demands: Sequence[Demand], baseline: Mapping[str, str], barred: Barred) -> dict[str, str] | None:
    """The cheapest way to serve all tasks whose volume-weighted mean score is that of the baseline or better.

    No task has a floor of its own, so that one may lose what another gains. A multiple-choice knapsack,
    solved exactly on the items of the choice. None where the baseline has no score on a task.
    """
    if not volume(demands) or any(d.column(baseline[d.task]) is None for d in demands):
        return None
    options = [option for d in demands for option in _options(d, baseline[d.task], barred)]
    bar = [_mean(d, baseline[d.task]) for d in demands]
    if any(mean is None for mean in bar):
        return None
    needed = sum((mean or 0.0) * d.requests for mean, d in zip(bar, demands, strict=True))
    taken = _cheapest(options, [d.task for d in demands], needed)
    return {options[k][0]: options[k][1] for k in taken}


Option = tuple[str, str, float, float]
"""Task, model, its cost in USD and the sum of its scores, both of a month."""


def _options(demand: Demand, baseline: str, barred: Barred) -> list[Option]:
    """Models with a known cost that may serve a task, and the baseline always: where its cost is not known,
    a saving is unknown whatever is chosen."""
    options = []
    for name in demand.chosen.models:
        cost, mean = mean_cost(demand.chosen, demand.chosen.column(name)), _mean(demand, name)
        if mean is None or (name != baseline and (cost is None or name in barred.get(demand.task, ()))):
            continue
        options.append((demand.task, name, (cost or 0.0) * demand.requests, mean * demand.requests))
    return options


def _cheapest(options: Sequence[Option], tasks: Sequence[str], needed: float) -> list[int]:
    """Which option of each task to take. HiGHS through scipy, scaled so that its tolerances do not count."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    cost = np.array([option[2] for option in options])
    score = np.array([option[3] for option in options])
    one_each = np.array([[option[0] == task for option in options] for task in tasks], dtype=np.float64)
    largest = max(float(cost.max()), 1e-12)
    slack = 1e-9 * max(needed, 1.0)
    found = milp(
        cost / largest,
        integrality=np.ones(len(options), dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(one_each, 1, 1),
            LinearConstraint(score[None, :] / max(needed, 1.0), (needed - slack) / max(needed, 1.0), np.inf),
        ],
    )
    assert found.x is not None, "the baseline itself is a way"
    return [int(k) for k in np.flatnonzero(found.x > 0.5)]
