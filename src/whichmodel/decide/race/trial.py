"""The sequential tests of a race: z of every comparison at every look, and what it shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from whichmodel.analyse.paired import Pairs, paired_sums
from whichmodel.decide.boundaries import boundary, looks
from whichmodel.decide.race.bar import bar_z
from whichmodel.decide.race.track import Comparison, Floats, Track, Verdict
from whichmodel.domain import DecisionRule


@dataclass(frozen=True, slots=True)
class Standing:
    """A comparison after one look: z, and the look (by number) at which that was settled or taken."""

    verdict: Verdict
    look: int


class Trial:
    """The tests of one track with one margin and level. Looks are counted from 0."""

    def __init__(self, track: Track, rule: DecisionRule, delta: float, alpha: float) -> None:
        self.track = track
        self.delta = delta
        self.looks = looks(track.bank, min(rule.looks_start, track.bank))
        self.times = tuple(look / track.bank for look in self.looks)
        self.certify = boundary(self.times, alpha)
        self.kill = boundary(self.times, rule.kill_beta)
        self.futility = rule.futility
        self._pairs: dict[int, Pairs] = {}
        self._z: dict[int, Floats] = {}

    def pairs(self, k: int) -> Pairs:
        """The paired sums of all models at a look."""
        if k not in self._pairs:
            rows = slice(0, self.looks[k])
            clusters = None if self.track.clusters is None else self.track.clusters[rows]
            self._pairs[k] = paired_sums(self.track.score[rows], clusters)
        return self._pairs[k]

    def z(self, k: int, m: int, j: int | None) -> float:
        """z of a model against another (None: the bar) at a look; NaN without a pair."""
        if k not in self._z:
            self._z[k] = self._bars(k) if self.track.bar is not None else self.pairs(k).z(self.delta)
        return float(self._z[k][m] if j is None else self._z[k][m, j])

    def _bars(self, k: int) -> Floats:
        """z of every model against the bar: each is paired with a model that always scores 0."""
        assert self.track.bar is not None
        rows = slice(0, self.looks[k])
        score = np.column_stack([self.track.score[rows], np.zeros(len(self.track.score[rows]))])
        clusters = None if self.track.clusters is None else self.track.clusters[rows]
        own = paired_sums(score, clusters)
        return bar_z(
            own.n[:-1, -1], own.total[:-1, -1], own.squares[:-1, -1], self.track.bar, own.design[:-1, -1]
        )

    def standing(self, k: int, m: int, j: int | None) -> Standing:
        """What the looks up to this one show: the first boundary that was crossed counts."""
        for i in range(k + 1):
            z = self.z(i, m, j)
            if z >= self.certify[i]:
                return Standing(Verdict.CERTIFIED, i)
            if z <= -self.kill[i]:
                return Standing(Verdict.INFERIOR, i)
        if k == len(self.looks) - 1:
            return Standing(Verdict.UNDECIDED, k)
        return Standing(Verdict.FUTILE if self._futile(k, m, j) else Verdict.OPEN, k)

    def _futile(self, k: int, m: int, j: int | None) -> bool:
        """The chance that the whole bank certifies, given this look and no prior view, is under gamma."""
        time, z = self.times[k], self.z(k, m, j)
        return bool(special.ndtr((z - self.certify[-1] * time**0.5) / (1 - time) ** 0.5) < self.futility)

    def comparison(self, k: int, m: int, j: int | None) -> Comparison:
        """A comparison as the looks up to this one leave it."""
        found = self.standing(k, m, j)
        i = found.look
        n, difference = self._difference(i, m, j)
        names = self.track.models
        return Comparison(
            model=names[m],
            against=None if j is None else names[j],
            n=n,
            difference=difference,
            z=self.z(i, m, j),
            boundary=self.certify[i],
            kill=self.kill[i],
            look=self.looks[i],
            verdict=found.verdict,
        )

    def _difference(self, k: int, m: int, j: int | None) -> tuple[int, float]:
        if j is None:
            scores = self.track.score[: self.looks[k], m]
            scores = scores[~np.isnan(scores)]
            assert self.track.bar is not None
            return len(scores), float(scores.mean() - self.track.bar) if len(scores) else float("nan")
        n, total = float(self.pairs(k).n[m, j]), float(self.pairs(k).total[m, j])
        return int(n), total / n if n else float("nan")
