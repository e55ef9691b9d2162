"""The contest for one task: who is shown to be as good as the reference (DECISION section 3).

An intersection-union test: a model passes when H0 "worse by delta or more" is rejected against every
opponent. Opponents are all rivals (reference `best`), today's model (`incumbent`), or a bar (`min_quality`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from whichmodel.analyse.costs import mean_cost, probability_cheaper, resampled_means
from whichmodel.analyse.evidence import Evidence
from whichmodel.analyse.latency import percentile
from whichmodel.analyse.paired import Floats, Pairs
from whichmodel.decide.eligibility import mean_score, score_interval

CLEARLY = 0.95
"""A model counts as cheaper when it costs less than this share of another."""
PROVEN_CHEAPER = 0.9
"""Bootstrap probability of that from which it is shown."""


@dataclass(frozen=True, eq=False)
class Contest:
    """Models are columns of `evidence`, which holds only the items that the choice is made on."""

    evidence: Evidence
    pairs: Pairs
    rivals: tuple[int, ...]
    incumbent: int | None
    """The reference, when it is today's model. None = it is not."""
    bar: float | None
    """The reference, when it is a score. None = it is not."""
    delta: float
    alpha: float
    """After correction for multiplicity."""

    @cached_property
    def z(self) -> Floats:
        """The floor-score z of every model against every other."""
        return self.pairs.z(self.delta)

    @cached_property
    def critical(self) -> float:
        """z from which a difference is shown."""
        return float(special.ndtri(1 - self.alpha))

    def opponents(self, m: int) -> tuple[int, ...]:
        """Whom a model has to be as good as."""
        if self.bar is not None:
            return ()
        reference = self.rivals if self.incumbent is None else (self.incumbent,)
        return tuple(j for j in reference if j != m)

    def hardest(self, m: int) -> int | None:
        """The opponent against whom a model does worst, of equals the first by name; None without one."""
        names = self.evidence.models
        return min(self.opponents(m), key=lambda j: (self._against(m, j), names[j]), default=None)

    def _against(self, m: int, j: int) -> float:
        """The z of a model against another, rounded so that equal ones compare equal; without a pair the
        least there is."""
        z = float(self.z[m, j])
        return float("-inf") if np.isnan(z) else round(z, 9)

    def passes(self, m: int) -> bool:
        """Shown to be as good as the reference."""
        if self.bar is not None:
            scores = score_interval(self.evidence, m, confidence=1 - 2 * self.alpha)
            return scores is not None and scores.low >= self.bar
        return bool((self.z[m, list(self.opponents(m))] >= self.critical).all())

    def inferior(self, m: int) -> bool:
        """Shown to be worse than an opponent by more than delta, or below the bar."""
        if self.bar is not None:
            scores = score_interval(self.evidence, m, confidence=1 - 2 * self.alpha)
            return scores is not None and scores.high < self.bar
        return bool((self.z[m, list(self.opponents(m))] <= -self.critical).any())

    def score(self, m: int) -> float:
        """Mean score on these items, rounded so that equal scores compare equal; 0 without one."""
        return self._scores[m]

    @cached_property
    def _scores(self) -> tuple[float, ...]:
        return tuple(round(mean_score(self.evidence, m) or 0.0, 12) for m in range(len(self.evidence.models)))

    def cost(self, m: int) -> float:
        """Mean cost of a request in USD; infinite when unknown, so that it never comes first."""
        return self._costs[m]

    @cached_property
    def _costs(self) -> tuple[float, ...]:
        costs = (mean_cost(self.evidence, m) for m in range(len(self.evidence.models)))
        return tuple(float("inf") if cost is None else cost for cost in costs)

    def best(self, among: Sequence[int]) -> int:
        """The best point estimate; of equals the cheapest."""
        return min(among, key=lambda m: (-self.score(m), self.cost(m), self.evidence.models[m]))

    def cheapest(self, certified: Sequence[int]) -> tuple[int, tuple[int, ...]]:
        """The certified model to take, and those whose cost cannot be told from the cheapest one's.

        Among these the score decides, then p95. Where no cost is known, score and p95 decide alone.
        """
        priced = [m for m in certified if np.isfinite(self.cost(m))]
        if not priced:
            return min(certified, key=self._quality), ()
        first = min(priced, key=lambda m: (self.cost(m), *self._quality(m)))
        alike = [m for m in priced if m == first or not self.cheaper(first, m)]
        pick = min(alike, key=self._quality)
        return pick, tuple(m for m in alike if m != pick)

    def cheaper(self, a: int, b: int, factor: float = CLEARLY) -> bool:
        """Whether a is shown to cost less than `factor` of b; False when a cost is unknown."""
        if np.isinf(self.cost(a)) or np.isinf(self.cost(b)):
            return False
        first, second = self._resampled[:, a], self._resampled[:, b]
        if np.isnan(first[0]) or np.isnan(second[0]):
            return probability_cheaper(self.evidence, a, b, factor=factor) >= PROVEN_CHEAPER
        return float((first < factor * second).mean()) >= PROVEN_CHEAPER

    @cached_property
    def _resampled(self) -> Floats:
        return resampled_means(self.evidence)

    def _quality(self, m: int) -> tuple[float, float, float, str]:
        p95 = percentile(self.evidence.steady_s(m), 0.95)
        return -self.score(m), float("inf") if p95 is None else p95, self.cost(m), self.evidence.models[m]
