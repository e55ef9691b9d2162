"""Expected cost: what a request costs with its errors priced in (DECISION section 5).

    U_m = c_m + L * (1 - theta_m)

L is the cost of an error that nobody notices. The posterior is a paired bootstrap over items (clusters drawn
whole), with two made-up answers a model, one right and one wrong, so that a few right ones do not look sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from whichmodel.analyse.evidence import Evidence, Floats
from whichmodel.analyse.resampling import draws
from whichmodel.decide.eligibility import mean_score, score_interval

DRAWS = 2000
MADE_UP = 2
SEED = 0
TWO_SIDED_95 = 3.92
"""Width of a 95% interval in standard errors."""


@dataclass(frozen=True, eq=False)
class Stakes:
    """Models that have a known cost, and the posterior of what a request to each costs, errors included."""

    models: tuple[int, ...]
    """Columns of the evidence."""
    error_usd: float
    mean: Floats
    """USD a request, a model each."""
    draws: Floats
    """Draws x models."""

    @property
    def best(self) -> int:
        """The model of the least expected cost; of equals the first."""
        return self.models[int(np.argmin(self.mean.round(15)))]

    def cost(self, m: int) -> float:
        """Expected cost of a request in USD, errors included."""
        return float(self.mean[self.models.index(m)])

    def interval(self, m: int, confidence: float = 0.95) -> tuple[float, float]:
        """Of the expected cost."""
        ends = [(1 - confidence) / 2, (1 + confidence) / 2]
        low, high = np.quantile(self.draws[:, self.models.index(m)], ends)
        return min(float(low), self.cost(m)), max(float(high), self.cost(m))

    @cached_property
    def _excess(self) -> Floats:
        """Draws x models: how much more a model costs than the cheapest of that draw."""
        return np.asarray(self.draws - self.draws.min(axis=1, keepdims=True))

    def probability_best(self, m: int) -> float:
        """That no other model costs less; a draw that several share counts for each in part."""
        first = self._excess < 1e-15
        return float((first[:, self.models.index(m)] / first.sum(axis=1)).mean())

    def loss(self, m: int) -> float:
        """Expected loss in USD a request, against knowing which model is best."""
        return float(self._excess[:, self.models.index(m)].mean())

    def within(self, m: int, margin: float) -> float:
        """Probability that a model costs at most `margin` USD a request more than the best one."""
        return float((self._excess[:, self.models.index(m)] <= margin).mean())

    def cheaper(self, a: int, b: int, factor: float = 1.0) -> float:
        """Probability that a costs less than `factor` of b."""
        first, second = (self.draws[:, self.models.index(m)] for m in (a, b))
        return float((first < factor * second).mean())

    def items_needed(self, m: int, margin: float, items: int, reach: float) -> int | None:
        """Items at which `within` would probably be shown; None = it is not there to be shown.

        items: on which the draws rest. reach: sum of the quantiles of level and power.
        """
        needs = [0.0]
        for j in self.models:
            gap = self.cost(j) - self.cost(m) + margin
            if gap <= 0:
                return None
            spread = float((self.draws[:, self.models.index(m)] - self.draws[:, self.models.index(j)]).std())
            needs.append(items * (spread * reach / gap) ** 2)
        return int(np.ceil(max(needs)))


def stakes(evidence: Evidence, models: Sequence[int], error_usd: float) -> Stakes | None:
    """What is at stake among these models; None where no cost is known, which is then never called less."""
    known = evidence.known_cost()
    priced = tuple(m for m in models if known[m])
    if not priced:
        return None
    columns = [_posterior(evidence, m, error_usd) for m in priced]
    return Stakes(
        priced, error_usd, np.array([mean for mean, _ in columns]), np.column_stack([d for _, d in columns])
    )


def _posterior(evidence: Evidence, m: int, error_usd: float) -> tuple[float, Floats]:
    """Mean and draws of one model's expected cost."""
    scored = ~np.isnan(evidence.score[:, m])
    n = int(scored.sum())
    units = _units(evidence, m, scored)
    score, cost, count = (draws(len(units), DRAWS) @ units).T
    count = np.maximum(count, 1.0)
    random = np.random.default_rng([SEED, n])
    share, mean = score / count, mean_score(evidence, m) or 0.0
    if evidence.human is not None and (found := score_interval(evidence, m)):
        # Independent draws of label-corrected scores: wider than the truth, in which models go together.
        share = np.clip(random.normal(mean, (found.high - found.low) / TWO_SIDED_95, DRAWS), 0.0, 1.0)
    theta = (n * share + random.binomial(MADE_UP, 0.5, DRAWS)) / (n + MADE_UP)
    paid = float(evidence.cost_usd[scored, m].mean())
    expected = (n * mean + MADE_UP / 2) / (n + MADE_UP)
    return paid + error_usd * (1 - expected), np.asarray(cost / count + error_usd * (1 - theta))


def _units(evidence: Evidence, m: int, scored: NDArray[np.bool_]) -> Floats:
    """Score, cost and number of scored items of each cluster: what is drawn whole."""
    rows = np.column_stack([evidence.score[:, m], evidence.cost_usd[:, m], np.ones(len(scored))])
    rows = np.where(scored[:, None], rows, 0.0)
    if not evidence.clustered:
        return rows
    _, codes = np.unique(evidence.clusters, return_inverse=True)
    units = np.zeros((int(codes.max()) + 1, rows.shape[1]))
    np.add.at(units, codes, rows)
    return units
