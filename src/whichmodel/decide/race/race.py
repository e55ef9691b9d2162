"""The race (DECISION section 4), replayed from the first look over what is there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from whichmodel.decide.race.margin import margin
from whichmodel.decide.race.order import mean_costs, race_order
from whichmodel.decide.race.track import Comparison, Fate, Measure, Track, Verdict
from whichmodel.decide.race.trial import Trial
from whichmodel.domain import DecisionRule


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
        self.pairs: dict[tuple[int, int | None], Comparison] = {}

    def run(self) -> Finish:
        """Race the candidates from the cheapest to the dearest, as far as the outcomes reach."""
        if not self.rivals:
            return Finish(None, None)
        first = self.trial.looks[0]
        asks = self._lacking(dict.fromkeys(self.rivals, 0), None)
        if asks:
            return Finish(None, asks)
        self.order = race_order(self.track, self.rivals, first)
        self.cost = np.nan_to_num(mean_costs(self.track, first), nan=0.0)
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
            found = {j: self._compare(m, j) for j in self.opponents(m)}
            verdict, against = _worst(found)
            if self._failing(m):
                verdict, against = Verdict.FAILED, None
            if verdict is Verdict.OPEN:
                wanted = self._advance(m, [j for j, c in found.items() if c.verdict is Verdict.OPEN])
            elif verdict is Verdict.CERTIFIED and self.at[m] < self._least():
                wanted = {m: self._least()}
            else:
                if verdict is Verdict.CERTIFIED and self.coverage(m) < self.rule.min_coverage:
                    verdict = Verdict.FAILED
                self._end(m, verdict, against)
                return None
            asks = self._lacking(wanted, m)
            if asks and self.barred & asks.until.keys():
                self._end(m, Verdict.UNDECIDED, against)
                return None
            if asks:
                return asks
            self.at.update(wanted)

    def _compare(self, m: int, j: int | None) -> Comparison:
        found = self.trial.comparison(self.common(m, j), m, j)
        self.pairs[m, j] = found
        return found

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

    def _advance(self, m: int, still: list[int | None]) -> dict[int, int]:
        """The looks to go to next: with the cheapest killer alone where there is one, else with all.

        Nobody goes further than the pair with the fewest items needs: who lags behind catches up first.
        """
        killers = [j for j in still if j is not None and self.pairs[m, j].difference < -self.trial.delta]
        with_whom = [min(killers, key=lambda j: self._price(m, j))] if killers else still
        target = min(self.common(m, j) for j in with_whom) + 1
        runners = [m, *(j for j in with_whom if j is not None)]
        return {j: target for j in runners if self.at[j] < target}

    def _price(self, m: int, j: int) -> tuple[float, str]:
        """What it takes to show that m is worse than j, up to a factor."""
        gap = self.pairs[m, j].difference + self.trial.delta
        return float(self.cost[m] + self.cost[j]) / gap**2, self.track.models[j]

    def _lacking(self, wanted: Mapping[int, int], candidate: int | None) -> Measure | None:
        """What has to be measured for these looks; None = it is all there."""
        names, looks = self.track.models, self.trial.looks
        until = {names[m]: looks[k] for m, k in wanted.items() if looks[k] > self.track.asked[m]}
        if not until:
            return None
        return Measure(until, max(until.values()), None if candidate is None else names[candidate])


def _worst(found: Mapping[int | None, Comparison]) -> tuple[Verdict, str | None]:
    """What all comparisons of a candidate come to, and the opponent that decides it."""
    for verdict in (Verdict.INFERIOR, Verdict.FUTILE, Verdict.UNDECIDED, Verdict.OPEN):
        these = [c for c in found.values() if c.verdict is verdict]
        if these:
            return verdict, min(these, key=lambda c: c.z).against
    return Verdict.CERTIFIED, None
