"""From how many requests or tokens on something pays, and what a success costs (DECISION section 8)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whichmodel.analyse.accepted import FULL
from whichmodel.analyse.economics.figures import Figure, Sampled
from whichmodel.analyse.resampling import draws

Floats = NDArray[np.float64]
HOURS = 720.0
"""Of a month."""
SECONDS = 3600.0


def break_even(gpu_hour_usd: float, unit_usd: float) -> float:
    """Units a month from which a GPU by the hour costs less than an API by the unit: 720 G / p.

    gpu_hour_usd: G, all GPUs that serve the model together, operations and redundancy included. unit_usd: p,
    price of a token, in and out as the workload has them, or of a request. Raises ValueError unless p > 0.
    """
    if unit_usd <= 0:
        raise ValueError("the price of a token or a request has to be above 0")
    return HOURS * gpu_hour_usd / unit_usd


def utilisation_needed(gpu_hour_usd: float, units_per_s: float, unit_usd: float) -> float:
    """Share of the hours in which the GPUs have to be busy to cost no more than the API: G / (3600 T p).

    units_per_s: T, tokens or requests a second as `bench load` measured them, the same unit as the price's.
    Above 1 = they never pay at this throughput. Raises ValueError unless both are above 0.
    """
    if units_per_s <= 0 or unit_usd <= 0:
        raise ValueError("throughput and price have to be above 0")
    return gpu_hour_usd / (SECONDS * units_per_s * unit_usd)


def units_needed(requests: float, requests_per_s: float) -> int:
    """Whole sets of GPUs that serve so many requests a month, spread evenly over it; at least one."""
    if requests_per_s <= 0:
        raise ValueError("throughput has to be above 0")
    return max(math.ceil(requests / (HOURS * SECONDS * requests_per_s)), 1)


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Requests from which a fixed cost is won back. None = never, in that end of the interval."""

    requests: int | None
    low: int | None
    high: int | None
    """None beside known requests = without bound: it may never pay."""
    n: int
    """Items that the costs of a request rest on."""


def specialist_requests(yearly_usd: float, base: Sampled, tuned: Sampled) -> BreakEven:
    """Requests in a year from which a fine-tuned model pays: (F + refreshes) / (c_base - c_tuned).

    base, tuned: costs of one request over the same items.
    """
    gain = base.minus(tuned)
    found = gain.figure()
    return BreakEven(
        _pays(yearly_usd, found.value), _pays(yearly_usd, found.high), _pays(yearly_usd, found.low), gain.n
    )


def _pays(fixed: float, gain: float) -> int | None:
    return math.ceil(round(fixed / gain, 6)) if gain > 0 else None


def largest_agreement_share(budget: float = 0.40, saving: float = 0.28) -> float:
    """The model share of total cost above which the claim of agreement cannot be met: .51 as it is made."""
    return (1 - saving) / (1 + budget)


def agreement_rest(model_share: float, *, extra: float = 0.40, saving: float = 0.28) -> float | None:
    """What the cost beside models has to fall to, as a share of itself, so that a model spend of +40% and a
    total of -28% go together: (.72 - 1.4 rho) / (1 - rho). None = impossible, above rho = .51.

    model_share: rho, what models cost of the total today, in [0, 1).
    """
    if not 0 <= model_share < 1:
        raise ValueError("the share of models in the total lies in [0, 1)")
    left = (1 - saving) - (1 + extra) * model_share
    return left / (1 - model_share) if left >= 0 else None


@dataclass(frozen=True, slots=True)
class Success:
    """What a right answer costs when it is asked for again until it comes, up to so many tries."""

    tries: int
    share: Figure
    """Of items with a right answer by the last try: pass@k."""
    cost_usd: Figure | None
    """Expected cost of all tries by that share. None = a cost is unknown, or none succeeds."""


def success(score: Floats, cost_usd: Floats, tries: int) -> Success | None:
    """Cost per success, from measured tries (DECISION section 8).

    score, cost_usd: items x epochs, NaN = no score. Items with fewer scores than tries are left out; None
    where none is left. Tries of an item share its difficulty, so that each item's own pass@j is estimated
    (Chen et al. 2021, "Evaluating large language models trained on code": 1 - C(n - c, j) / C(n, j)) and
    nothing is taken for independent: 1 - (1 - p)^k of the mean flatters retries. Supposes that one can tell
    a right answer when it comes.
    """
    enough = (~np.isnan(score)).sum(axis=1) >= tries
    if not enough.any():
        return None
    score, cost_usd = score[enough], cost_usd[enough]
    seen = (~np.isnan(score)).sum(axis=1)
    right = (score >= FULL).sum(axis=1)
    passed = np.column_stack([_pass_at(seen, right, j) for j in range(tries + 1)])
    known = not np.isnan(cost_usd[~np.isnan(score)]).any()
    each = np.nansum(np.where(np.isnan(score), np.nan, cost_usd), axis=1) / seen
    paid = each * (1 - passed[:, :tries]).sum(axis=1)
    times = draws(len(paid), 1000)
    by_last = passed[:, tries]
    drawn = times @ by_last / len(paid)
    share = Sampled(float(by_last.mean()), drawn, len(paid)).figure()
    if not known or share.value <= 0:
        return Success(tries, share, None)
    with np.errstate(divide="ignore"):
        ratio = (times @ paid) / (times @ by_last)
    return Success(tries, share, Sampled(float(paid.sum() / by_last.sum()), ratio, len(paid)).figure())


def _pass_at(seen: NDArray[np.int64], right: NDArray[np.int64], j: int) -> Floats:
    """Chance by item that one of j tries, drawn from those seen, is right."""
    wrong = np.array(
        [math.comb(int(n - c), j) / math.comb(int(n), j) for n, c in zip(seen, right, strict=True)]
    )
    return 1 - wrong
