"""The race (DECISION section 4), replayed from the first look over what is there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from whichmodel.decide.race.margin import margin
from whichmodel.decide.race.order import mean_costs, race_order
from whichmodel.decide.race.track import Fate, Floats, Measure, Track, Verdict, lacking
from whichmodel.decide.race.trial import Trial
from whichmodel.domain import DecisionRule

LEAST_CHANCE = 1e-3
"""A chance below this counts as this, where one is divided by it."""
TOGETHER = 2.5
"""Opponents are met in one step when their price is within this factor of the best: fewer, larger steps."""


@dataclass(frozen=True, slots=True)
class Finish:
    """How far the replay came."""

    winner: int | None
    """None = no model is certified, or the race is not over."""
    asks: Measure | None
    """What the race needs to go on. None = it is over."""


class Race:
    """One replay. It reads of each model only the items up to `at`, the look that it has come to."""

    def __init__(self, track: Track, rule: DecisionRule, barred: Collection[str]) -> None:
        self.track = track
        self.rule = rule
        self.rivals = tuple(m for m, name in enumerate(track.models) if name not in barred)
        correction = max(len(self.rivals) - 1, 1) if rule.multiplicity == "bonferroni" else 1
        self.alpha = rule.alpha / correction
        self.trial = Trial(track, rule, rule.delta, self.alpha)
        self.barred = frozenset(barred)
        self.incumbent = self._reference()
        self.at = dict.fromkeys(range(len(track.models)), 0)
        self.order: tuple[int, ...] = ()
        self.ended: dict[int, Fate] = {}
        self.looked: dict[tuple[int, int | None], int] = {}
        self.cost = np.ones(len(track.models))

    def run(self) -> Finish:
        """Race the candidates from the cheapest to the dearest, as far as the outcomes reach."""
        if not self.rivals:
            return Finish(None, None)
        first = self.trial.looks[0]
        asks = lacking(self.track, self.trial.looks, dict.fromkeys(self.rivals, 0), None)
        if asks:
            return Finish(None, asks)
        self.order = race_order(self.track, self.rivals, first)
        self.cost = prices(mean_costs(self.track, first))
        delta = margin(self.track, self.rule, self.trial, self.rivals, self.incumbent)
        self.trial = Trial(self.track, self.rule, delta, self.alpha)
        for m in self.order:
            asks = self._race(m)
            if asks:
                self._end(m, Verdict.OPEN, None)
                return Finish(None, asks)
            if self.ended[m].verdict is Verdict.CERTIFIED:
                return Finish(m, None)
        return Finish(None, None)

    def opponents(self, m: int) -> tuple[int | None, ...]:
        """Whom a model has to be as good as; (None,) = the bar."""
        if self.track.bar is not None:
            return (None,)
        reference = self.rivals if self.incumbent is None else (self.incumbent,)
        return tuple(j for j in reference if j != m)

    def _reference(self) -> int | None:
        """The incumbent, where models are set against it: it need not be one that may be routed to, but one
        that may not be asked must have come to the first look."""
        track, m = self.track, self.track.incumbent
        if m is None or self.rule.reference != "incumbent":
            return None
        return m if m in self.rivals or track.asked[m] >= self.trial.looks[0] else None

    def common(self, m: int, j: int | None) -> int:
        """The look that both have come to."""
        return self.at[m] if j is None else min(self.at[m], self.at[j])

    def _race(self, m: int) -> Measure | None:
        """Test one candidate to its end; what is needed where the outcomes do not reach."""
        while True:
            verdict, against = self._stand(m)
            if verdict is Verdict.OPEN:
                wanted = self._advance(m)
            elif verdict is Verdict.CERTIFIED and self.at[m] < self._least():
                wanted = {m: self._least()}
            else:
                self._end(m, verdict, against)
                return None
            asks = lacking(self.track, self.trial.looks, wanted, m)
            if asks and self.barred & asks.until.keys():
                self._end(m, Verdict.UNDECIDED, against)
                return None
            if asks:
                return asks
            self.at.update(wanted)

    def _stand(self, m: int) -> tuple[Verdict, str | None]:
        """What all comparisons of a candidate come to, and the opponent that decides it."""
        found: dict[int | None, Verdict] = {}
        for j in self.opponents(m):
            self.looked[m, j] = self.common(m, j)
            found[j] = self.trial.verdict(self.looked[m, j], m, j)
        if self._failing(m):
            return Verdict.FAILED, None
        for verdict in (Verdict.INFERIOR, Verdict.FUTILE, Verdict.UNDECIDED, Verdict.OPEN):
            these = [j for j, v in found.items() if v is verdict]
            if these:
                worst = min(these, key=lambda j: self.trial.z(self.looked[m, j], m, j))
                return verdict, None if worst is None else self.track.models[worst]
        enough = self.at[m] < self._least() or self.coverage(m) >= self.rule.min_coverage
        return (Verdict.CERTIFIED if enough else Verdict.FAILED), None

    def _end(self, m: int, verdict: Verdict, against: str | None) -> None:
        self.ended[m] = Fate(self.track.models[m], verdict, against, self.items(m))

    def items(self, m: int) -> int:
        """Items of a model that the race has come to."""
        return self.trial.looks[self.at[m]]

    def coverage(self, m: int) -> float:
        """Share of these that have a score."""
        return float((~np.isnan(self.track.score[: self.items(m), m])).mean())

    def _failing(self, m: int) -> bool:
        """So many items failed that the whole bank cannot make up for it."""
        failed = (1 - self.coverage(m)) * self.items(m)
        return bool(failed > (1 - self.rule.min_coverage) * self.track.bank + 1e-9)

    def _least(self) -> int:
        """The look at which a candidate has the least number of items that a certificate needs."""
        enough = [k for k, look in enumerate(self.trial.looks) if look >= self.rule.min_items]
        return enough[0] if enough else len(self.trial.looks) - 1

    def _advance(self, m: int) -> dict[int, int]:
        """The looks to go to next: one step with some opponents, who lags behind first.

        To certify, every opponent has to be met, so the order of meeting them costs nothing; to fail, one is
        enough. So next come those with the best chance to end it for the money.
        """
        still = [j for j in self.opponents(m) if self.trial.verdict(self.looked[m, j], m, j) is Verdict.OPEN]
        price = {j: self._price(m, j) for j in still}
        wanted: dict[int, int] = {}
        for j in (j for j in still if price[j] <= TOGETHER * min(price.values())):
            target = self.looked[m, j] + 1
            for x in (m, j):
                if x is not None and self.at[x] < target:
                    wanted[x] = max(wanted.get(x, 0), target)
        return wanted

    def _price(self, m: int, j: int | None) -> float:
        """USD of the next step with an opponent over the chance that this one is not met in the end."""
        if j is None:
            return 0.0
        k = self.looked[m, j]
        chance = self.trial.chance(k, m, j)
        lost = 0.5 if np.isnan(chance) else max(1 - chance, LEAST_CHANCE)
        upto = self.trial.looks[k + 1]
        return sum(float(self.cost[x]) * max(upto - self.items(x), 0) for x in (m, j)) / lost


def prices(cost: Floats) -> Floats:
    """Costs to plan with: an unknown one counts as the dearest known one."""
    known = cost[~np.isnan(cost)]
    return np.where(np.isnan(cost), known.max() if len(known) else 1.0, cost)
