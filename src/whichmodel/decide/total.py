"""What the routes of a table come to together, each figure with a 95% interval from those of the tasks.

Tasks are independent of each other, so distances to the limits add up as standard errors do (Zou and Donner
2008, see `analyse.economics.figures.combined`).
"""

from __future__ import annotations

from collections.abc import Sequence

from whichmodel.analyse.economics.figures import Figure, combined
from whichmodel.domain import Route

Part = tuple[float, Figure]
"""Weight and figure of one task."""


def spend(routes: Sequence[Route]) -> Figure | None:
    """USD a month of the routes' calls. routes: of known cost and volume. None = an interval is unknown."""
    parts = [_part(_volume(route), _cost(route)) for route in routes]
    found = _sum(parts)
    return None if found is None else Figure(found.value, max(found.low, 0.0), found.high, found.n)


def saving(routes: Sequence[Route]) -> Figure | None:
    """Share of the baselines' cost that the routes save. routes: of known cost, baseline cost and volume.

    By the delta method: a task's saving is paired within the task, and a task weighs as much as its baseline
    costs, which is an estimate too. None = an interval is unknown, or the baselines cost nothing.
    """
    paid = sum(route.monthly_usd or 0.0 for route in routes)
    base = sum(route.baseline_monthly_usd or 0.0 for route in routes)
    if base <= 0:
        return None
    kept = paid / base
    found = _sum([part for route in routes for part in _saved(route, base, kept)])
    if found is None:
        return None
    value = 1 - kept
    below, above = found.value - found.low, found.high - found.value
    return Figure(value, value - below, min(value + above, 1.0), sum(route.n or 0 for route in routes))


def _saved(route: Route, base: float, kept: float) -> tuple[Part | None, ...]:
    """What moves the saving of all: the task's own saving, and how much of the baseline's cost it is."""
    share, against = _volume(route) / base, _baseline_cost(route)
    own = _figure(route.saving, route.saving_low, route.saving_high, route.n)
    if own is None:
        return _part(-share, _cost(route)), _part(share * kept, against)
    weight = (route.baseline_monthly_usd or 0.0) / base
    return _part(weight, own), _part(share * (kept - (1 - own.value)), against)


def quality(routes: Sequence[Route]) -> Figure | None:
    """Mean score of the routes, weighted by volume. routes: with a score. None = an interval is unknown."""
    whole = sum(_volume(route) for route in routes)
    found = _sum([_part(_volume(route) / whole, _score(route)) for route in routes]) if whole else None
    return None if found is None else Figure(found.value, max(found.low, 0.0), min(found.high, 1.0), found.n)


def loss(routes: Sequence[Route]) -> Figure | None:
    """What that mean is below the best estimate of each task; negative = above. None = it is unknown.

    The two scores of a task count as independent, though they are of the same items: the interval is rather
    too wide than too narrow.
    """
    whole = sum(_volume(route) for route in routes)
    if not whole:
        return None
    parts: list[Part | None] = []
    for route in routes:
        weight = _volume(route) / whole
        if route.model != route.baseline_model:
            parts += [_part(weight, _baseline_score(route)), _part(-weight, _score(route))]
    return _sum(parts) if parts else Figure(0.0, 0.0, 0.0, sum(route.n or 0 for route in routes))


def _sum(parts: Sequence[Part | None]) -> Figure | None:
    known = [part for part in parts if part is not None]
    return combined(known) if known and len(known) == len(parts) else None


def _part(weight: float, figure: Figure | None) -> Part | None:
    return None if figure is None else (weight, figure)


def _volume(route: Route) -> float:
    """Thousands of requests a month: costs are of 1,000 requests."""
    return (route.requests_per_month or 0) / 1000


def _cost(route: Route) -> Figure | None:
    return _figure(route.cost_per_1k_usd, route.cost_low_per_1k_usd, route.cost_high_per_1k_usd, route.n)


def _baseline_cost(route: Route) -> Figure | None:
    return _figure(
        route.baseline_cost_per_1k_usd,
        route.baseline_cost_low_per_1k_usd,
        route.baseline_cost_high_per_1k_usd,
        route.baseline_n,
    )


def _score(route: Route) -> Figure | None:
    return _figure(route.score, route.low, route.high, route.n)


def _baseline_score(route: Route) -> Figure | None:
    return _figure(route.baseline_score, route.baseline_low, route.baseline_high, route.baseline_n)


def _figure(value: float | None, low: float | None, high: float | None, n: int | None) -> Figure | None:
    return None if value is None or low is None or high is None else Figure(value, low, high, n or 0)
