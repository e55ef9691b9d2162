"""The figures at the top: sums over the routes of a table, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from whichmodel.decide import total
from whichmodel.domain import Route, RouteStatus


@dataclass(frozen=True, slots=True)
class Headline:
    """What all routes come to together, with 95% intervals (`decide.total`).

    A figure that is None = no task has what it needs. Ends that are None = the interval of a task is unknown.
    """

    tasks: int
    clear: int
    """Certified routes."""
    monthly_usd: float | None
    """Over `priced` of `used` tasks."""
    baseline_monthly_usd: float | None
    """The best point estimate of each task, over the same tasks. None where one of them is unknown."""
    saving: float | None
    """Share of `baseline_monthly_usd` that is saved; negative = dearer. None = unknown, or that is 0."""
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
    monthly_low_usd: float | None = None
    monthly_high_usd: float | None = None
    saving_low: float | None = None
    saving_high: float | None = None
    quality_low: float | None = None
    quality_high: float | None = None
    quality_n: int = 0
    """Items that the quality is over."""
    loss_low: float | None = None
    loss_high: float | None = None


def headline(routes: Sequence[Route]) -> Headline:
    """The sums."""
    used = [route for route in routes if route.requests_per_month]
    priced = [route for route in used if route.monthly_usd is not None]
    weighed = [route for route in used if route.score is not None]
    monthly = sum(r.monthly_usd or 0.0 for r in priced) if priced else None
    base = _baseline(priced)
    quality, loss = _weighted(weighed)
    spend = total.spend(priced) if priced else None
    saved = total.saving(priced) if base else None
    mean = total.quality(weighed) if weighed else None
    below = total.loss(weighed) if loss is not None else None
    return Headline(
        tasks=len(routes),
        clear=sum(route.status is RouteStatus.CERTIFIED for route in routes),
        monthly_usd=monthly,
        baseline_monthly_usd=base,
        saving=1 - monthly / base if base and monthly is not None else None,
        priced=len(priced),
        used=len(used),
        quality=quality,
        loss=loss,
        weighed=len(weighed),
        models=tuple(sorted({route.model for route in routes if route.model})),
        monthly_low_usd=spend.low if spend else None,
        monthly_high_usd=spend.high if spend else None,
        saving_low=saved.low if saved else None,
        saving_high=saved.high if saved else None,
        quality_low=mean.low if mean else None,
        quality_high=mean.high if mean else None,
        quality_n=sum(route.n or 0 for route in weighed),
        loss_low=below.low if below else None,
        loss_high=below.high if below else None,
    )


def _baseline(priced: Sequence[Route]) -> float | None:
    """What the best of each task would cost in a month; None = one of them is unknown."""
    known = [route.baseline_monthly_usd for route in priced if route.baseline_monthly_usd is not None]
    return sum(known) if known and len(known) == len(priced) else None


def _weighted(weighed: Sequence[Route]) -> tuple[float | None, float | None]:
    """Mean score by volume, and what it loses against the best of each task."""
    volumes = [route.requests_per_month or 0 for route in weighed]
    if not sum(volumes):
        return None, None
    quality = _mean([route.score or 0.0 for route in weighed], volumes)
    best = [route.baseline_score for route in weighed if route.baseline_score is not None]
    return quality, _mean(best, volumes) - quality if len(best) == len(weighed) else None


def _mean(values: Sequence[float], weights: Sequence[int]) -> float:
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)
