"""The figures at the top: plain sums over the routes of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from whichmodel.domain import Route, RouteStatus


@dataclass(frozen=True, slots=True)
class Headline:
    """What all routes come to together. None = no task has what the figure needs."""

    tasks: int
    clear: int
    """Certified routes."""
    monthly_usd: float | None
    """Over `priced` of `used` tasks."""
    baseline_monthly_usd: float | None
    """The best point estimate of each task, over the same tasks. None where one of them is unknown."""
    priced: int
    used: int
    """Tasks with a monthly volume."""
    quality: float | None
    """Mean of the routes' scores, weighted by monthly requests, over `weighed` tasks."""
    loss: float | None
    """What that quality loses against the best point estimate of each task; negative = it gains."""
    weighed: int
    models: tuple[str, ...]
    """Models that some task is routed to."""


def headline(routes: Sequence[Route]) -> Headline:
    """The sums."""
    used = [route for route in routes if route.requests_per_month]
    priced = [route for route in used if route.monthly_usd is not None]
    weighed = [(r, r.requests_per_month or 0) for r in used if r.score is not None]
    volume = sum(weight for _, weight in weighed)
    best = [route.baseline_score for route, _ in weighed]
    quality = sum((r.score or 0.0) * weight for r, weight in weighed) / volume if volume else None
    loss = None
    if quality is not None and None not in best:
        loss = sum((r.baseline_score or 0.0) * weight for r, weight in weighed) / volume - quality
    known = bool(priced) and all(route.baseline_monthly_usd is not None for route in priced)
    return Headline(
        tasks=len(routes),
        clear=sum(route.status is RouteStatus.CERTIFIED for route in routes),
        monthly_usd=sum(r.monthly_usd or 0.0 for r in priced) if priced else None,
        baseline_monthly_usd=sum(r.baseline_monthly_usd or 0.0 for r in priced) if known else None,
        priced=len(priced),
        used=len(used),
        quality=quality,
        loss=loss,
        weighed=len(weighed),
        models=tuple(sorted({route.model for route in routes if route.model})),
    )
