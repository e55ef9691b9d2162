"""A GPU by the hour against an API by the request, at the measured throughput (DECISION section 8)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whichmodel.analyse.economics.breakeven import (
    HOURS,
    SECONDS,
    break_even,
    units_needed,
    utilisation_needed,
)
from whichmodel.analyse.economics.figures import Figure, Sampled
from whichmodel.domain import Load

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hosting:
    """One self-hosted model against one API model on one task. Money in USD."""

    task: str
    model: str
    against: str
    """The API model."""
    gpu_hour_usd: float
    requests_per_s: float
    """Measured by `bench load` on this task's prompts."""
    requests: int
    """Of a month."""
    break_even_requests: Figure
    """In a month, on one set of GPUs: 720 G / cost of an API request. n = items of that cost."""
    break_even_tokens: float | None
    """The same in the API's tokens, in and out. None = not counted."""
    utilisation: Figure
    """Share of the hours in which the GPUs have to be busy to cost no more. Above 1 = they never pay."""
    units: int
    """Whole sets of GPUs that this volume needs, spread evenly over the month."""
    busy: float
    """Share of the hours in which this volume keeps them busy, spread evenly over the month."""
    hosted_usd: float
    """These sets for a month."""
    api_usd: Figure
    """The API for a month."""
    score_difference: Figure | None
    """Score of the self-hosted model less the API's. None = no item that both answered."""


def throughput_cost(gpu_hour_usd: float, load: Load) -> float | None:
    """Cost of a request in USD on GPUs that are fully used. None = no step of the load held."""
    step = load.sustained
    if step is None or step.requests_per_s <= 0:
        return None
    return gpu_hour_usd / (SECONDS * step.requests_per_s)


def hosting(
    task: str,
    model: str,
    against: str,
    *,
    gpu_hour_usd: float,
    load: Load,
    request: Sampled,
    tokens: float | None,
    requests: int,
    score_difference: Figure | None = None,
) -> Hosting | None:
    """Dedicated against API; None where no step of the load held, or the API is free.

    request: cost of one request of the API model. tokens: mean tokens of it, in and out.
    """
    step = load.sustained
    if step is None or step.requests_per_s <= 0 or request.value <= 0:
        return None
    cost, rate = request.figure(), step.requests_per_s
    units, low = units_needed(requests, rate), cost.low if cost.low > 0 else cost.value
    needed = [utilisation_needed(gpu_hour_usd, rate, usd) for usd in (cost.value, cost.high, low)]
    even = [break_even(gpu_hour_usd, usd) for usd in (cost.value, cost.high, low)]
    return Hosting(
        task=task,
        model=model,
        against=against,
        gpu_hour_usd=gpu_hour_usd,
        requests_per_s=rate,
        requests=requests,
        break_even_requests=Figure(even[0], even[1], even[2], cost.n),
        break_even_tokens=break_even(gpu_hour_usd, cost.value / tokens) if tokens else None,
        utilisation=Figure(needed[0], needed[1], needed[2], cost.n),
        units=units,
        busy=requests / (HOURS * SECONDS * rate * units),
        hosted_usd=units * HOURS * gpu_hour_usd,
        api_usd=cost.times(requests),
        score_difference=score_difference,
    )
