"""Racing for the least expected cost (DECISION section 5): measure while it may pay.

    U_m = c_m + L * (1 - theta_m)

One more step against the leader pays while V * EVPI exceeds what it costs. EVPI = s * (phi(z) + z * Phi(z))
is what it is worth a request to know how much a rival's U is below the leader's: its posterior has mean gain
and deviation s, z = gain / s. Scores count as x - c / L: a paired difference is one of U in units of L.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace
from functools import cached_property

import numpy as np
from scipy import special

from whichmodel.analyse.paired import variance
from whichmodel.decide.race.order import mean_costs
from whichmodel.decide.race.race import prices
from whichmodel.decide.race.track import Comparison, Fate, Measure, Settled, Track, Verdict, lacking
from whichmodel.decide.race.trial import Trial
from whichmodel.domain import DecisionRule, RouteStatus


def priced(track: Track, rule: DecisionRule) -> bool:
    """Whether the race is for the least expected cost."""
    known = bool(track.error_usd) and track.requests is not None
    return rule.objective == "expected_cost" and known


class Purse:
    """One replay. It reads of each model only the items up to `at`, the look that it has come to."""

    def __init__(self, track: Track, rule: DecisionRule, barred: Collection[str]) -> None:
        assert track.error_usd is not None
        assert track.requests is not None
        self.error, self.requests = track.error_usd, track.requests
        self.rule = rule
        self.track = replace(track, score=track.score - track.cost_usd / self.error, bar=None)
        self.trial = Trial(self.track, rule, rule.delta, rule.alpha)
        self.allowed = tuple(m for m, name in enumerate(track.models) if name not in barred)
        self.models: tuple[int, ...] = ()
        self.at = dict.fromkeys(self.allowed, 0)
        self.scored = ~np.isnan(track.score)

    def run(self) -> Measure | None:
        """Go on while it pays; what is needed where the outcomes do not reach, None = it is over."""
        looks = self.trial.looks
        asks = lacking(self.track, looks, dict.fromkeys(self.allowed, 0), None)
        if asks or not self.allowed:
            return asks
        known = ~np.isnan(self._means)
        self.models = tuple(m for m in self.allowed if known[m])
        while self.models:
            leader = self.leader()
            worth = {j: self._worth(leader, j) for j in self.models if j != leader}
            best = max(worth, key=lambda j: (worth[j], -j), default=None)
            if best is not None and worth[best] > 0:
                wanted = {x: self._common(leader, best) + 1 for x in (leader, best)}
            elif self._shown(leader):
                wanted = {leader: self._least()}
            else:
                break
            wanted = {x: k for x, k in wanted.items() if self.at[x] < k}
            if not wanted:
                break
            asks = lacking(self.track, looks, wanted, leader)
            if asks:
                return asks
            self.at.update(wanted)
        return None

    @cached_property
    def _means(self) -> np.ndarray:
        """Mean cost of a request by the first look; NaN = unknown."""
        score = np.where(self.scored, 1.0, np.nan)
        return mean_costs(replace(self.track, score=score), self.trial.looks[0])

    def _common(self, a: int, b: int) -> int:
        return min(self.at[a], self.at[b])

    def _least(self) -> int:
        """The look at which a model has the least number of items that a certificate needs."""
        enough = [k for k, look in enumerate(self.trial.looks) if look >= self.rule.min_items]
        return enough[0] if enough else len(self.trial.looks) - 1

    def _shown(self, m: int) -> bool:
        """Whether a model is shown to be within delta * L of every other."""
        return all(self._against(m, j).verdict is Verdict.CERTIFIED for j in self.models if j != m)

    def leader(self) -> int:
        """The model of the least expected cost, by its paired difference to the one that was asked most."""
        hub = max(self.models, key=lambda m: (self.at[m], -m))
        gain = {
            m: 0.0 if m == hub else self.trial.difference(self._common(m, hub), m, hub) for m in self.models
        }
        return max(self.models, key=lambda m: (-np.inf if np.isnan(gain[m]) else round(gain[m], 12), -m))

    def _worth(self, leader: int, j: int) -> float:
        """USD that one more step against the leader is worth, less what it costs; -inf on the whole bank."""
        k = self._common(leader, j)
        if k == len(self.trial.looks) - 1:
            return -np.inf
        sums = self.trial.pairs(k)
        n, total, squares = (float(x[j, leader]) for x in (sums.n, sums.total, sums.squares))
        if not n:
            return -np.inf
        s = float(np.sqrt(variance(n, total, squares) * sums.design[j, leader] / n))
        z = total / n / s
        evpi = self.error * s * float(math.exp(-z * z / 2) / math.sqrt(2 * math.pi) + z * special.ndtr(z))
        upto, price = self.trial.looks[k + 1], prices(self._means)
        money = sum(price[x] * max(upto - self.trial.looks[self.at[x]], 0) for x in (leader, j))
        return self.requests * evpi - float(money)

    def answer(self, *, cut: bool) -> Settled:
        """The least expected cost, and whether it is shown to be within delta * L of every other."""
        names, looks = self.track.models, self.trial.looks
        pick = self.leader() if self.models else None
        found = {} if pick is None else {j: self._against(pick, j) for j in self.models if j != pick}
        shown = pick is not None and self.at[pick] >= self._least() and self._shown(pick)
        small = self.track.bank + self.track.held < self.rule.min_items
        status = RouteStatus.INSUFFICIENT if small else RouteStatus.PROVISIONAL
        if pick is None:
            status = RouteStatus.INSUFFICIENT if cut else RouteStatus.NONE
        elif shown and not (cut or small) and self._covered(pick):
            status = RouteStatus.CERTIFIED
        ends = dict.fromkeys(self.allowed, Verdict.NOT_RACED)
        ends |= {j: Verdict.INFERIOR for j, c in found.items() if self._worse(j, pick) >= c.boundary}
        if pick is not None:
            ends[pick] = Verdict.CERTIFIED if status is RouteStatus.CERTIFIED else Verdict.UNDECIDED
        return Settled(
            model=None if pick is None else names[pick],
            status=status,
            certified=(names[pick],) if pick is not None and status is RouteStatus.CERTIFIED else (),
            inferior=tuple(names[m] for m, verdict in ends.items() if verdict is Verdict.INFERIOR),
            fates=tuple(
                Fate(names[m], v, None, min(looks[self.at[m]], int(self.track.asked[m])))
                for m, v in ends.items()
            ),
            pairs=tuple(found.values()),
            delta=self.rule.delta,
            alpha=self.rule.alpha,
            expected=True,
        )

    def _worse(self, j: int, leader: int | None) -> float:
        """How surely a model is worse than the leader by more than delta * L, as a z."""
        return -1.0 if leader is None else -self.trial.z(self._common(j, leader), j, leader)

    def _covered(self, m: int) -> bool:
        share = self.scored[: self.trial.looks[self.at[m]], m].mean()
        return bool(share >= self.rule.min_coverage)

    def _against(self, m: int, j: int) -> Comparison:
        """The leader against a rival: a posterior probability, which does not mind how often one looks."""
        k = self._common(m, j)
        z, level = self.trial.z(k, m, j), float(special.ndtri(1 - self.rule.alpha))
        verdict = Verdict.CERTIFIED if z >= level else Verdict.UNDECIDED
        found = self.trial.comparison(k, m, j)
        return replace(
            found,
            n=int(self.trial.pairs(k).n[m, j]),
            difference=self.trial.difference(k, m, j),
            z=z,
            boundary=level,
            kill=level,
            look=self.trial.looks[k],
            verdict=verdict,
        )
