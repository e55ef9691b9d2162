"""The sequential tests of a race: z of every comparison at every look, and what it shows."""

from __future__ import annotations

import numpy as np
from scipy import special

from whichmodel.analyse.paired import Pairs, paired_sums
from whichmodel.decide.boundaries import boundary, looks
from whichmodel.decide.race.bar import bar_z
from whichmodel.decide.race.track import Codes, Comparison, Floats, Track, Verdict
from whichmodel.domain import DecisionRule

FUTILE, UNDECIDED = 2, 3
VERDICTS = {
    1: Verdict.CERTIFIED,
    -1: Verdict.INFERIOR,
    0: Verdict.OPEN,
    FUTILE: Verdict.FUTILE,
    UNDECIDED: Verdict.UNDECIDED,
}


class Trial:
    """The tests of one track with one margin and level. Looks are counted from 0.

    A model is set against another, or against the bar (None).
    """

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
        self._shown: dict[int, tuple[Codes, Codes]] = {}
        self._verdicts: dict[int, list[list[Verdict]]] = {}
        self._chances: dict[int, list[list[float]]] = {}

    def pairs(self, k: int) -> Pairs:
        """The paired sums of all models at a look; the last column is a model that always scores 0."""
        if k not in self._pairs:
            score, clusters = self._rows(k)
            nil = np.zeros((len(score), 1))
            self._pairs[k] = paired_sums(np.hstack([score, nil]), clusters)
        return self._pairs[k]

    def _rows(self, k: int) -> tuple[Floats, Codes | None]:
        rows = slice(0, self.looks[k])
        clusters = self.track.clusters
        return self.track.score[rows], None if clusters is None else clusters[rows]

    def _matrix(self, k: int) -> Floats:
        if k not in self._z:
            bar = self.track.bar
            if bar is None:
                z = self.pairs(k).z(self.delta)
            else:
                own = self._bars(k, bar)
                z = np.repeat(own[:, None], len(own), axis=1)
            clusters = self._rows(k)[1]
            self._z[k] = z if clusters is None else _by_clusters(z, len(np.unique(clusters)))
        return self._z[k]

    def _bars(self, k: int, bar: float) -> Floats:
        """z of every model against the bar: its sums are those against a model that always scores 0."""
        sums = self.pairs(k)
        n, total, squares = sums.n[:, -1], sums.total[:, -1], sums.squares[:, -1]
        cubes = np.append(np.nansum(self._rows(k)[0] ** 3, axis=0), 0.0)
        return bar_z(n, total, squares, cubes, bar, sums.design[:, -1])

    def z(self, k: int, m: int, j: int | None) -> float:
        """z at a look; NaN without a pair."""
        return float(self._matrix(k)[m, -1 if j is None else j])

    def _crossed(self, k: int) -> tuple[Codes, Codes]:
        """Of all comparisons: 1 = certified, -1 = inferior, 0 = open, and the look that first showed it."""
        if k not in self._shown:
            z = self._matrix(k)
            now = np.where(z >= self.certify[k], 1, np.where(z <= -self.kill[k], -1, 0))
            at = np.full(now.shape, k)
            if k:
                shown, before = self._crossed(k - 1)
                now, at = np.where(shown != 0, shown, now), np.where(shown != 0, before, at)
            self._shown[k] = now, at
        return self._shown[k]

    def verdict(self, k: int, m: int, j: int | None) -> Verdict:
        """What the looks up to this one show: the first boundary that was crossed counts."""
        if k not in self._verdicts:
            code = self._crossed(k)[0].copy()
            last = k == len(self.looks) - 1
            futile = np.full(code.shape, fill_value=True) if last else self._chance(k) < self.futility
            code[(code == 0) & futile] = UNDECIDED if last else FUTILE
            self._verdicts[k] = [[VERDICTS[x] for x in row] for row in code.tolist()]
        return self._verdicts[k][m][-1 if j is None else j]

    def chance(self, k: int, m: int, j: int | None) -> float:
        """The chance that the whole bank certifies, given this look and no prior view; NaN without a pair."""
        if k not in self._chances:
            self._chances[k] = self._chance(k).tolist()
        return self._chances[k][m][-1 if j is None else j]

    def _chance(self, k: int) -> Floats:
        time = self.times[k]
        return np.asarray(special.ndtr((self._matrix(k) - self.certify[-1] * time**0.5) / (1 - time) ** 0.5))

    def difference(self, k: int, m: int, j: int | None) -> float:
        """Mean paired score difference, or mean score minus the bar; NaN without a pair."""
        sums, column = self.pairs(k), -1 if j is None else j
        n, total = float(sums.n[m, column]), float(sums.total[m, column])
        return total / n - (self.track.bar or 0.0 if j is None else 0.0) if n else float("nan")

    def comparison(self, k: int, m: int, j: int | None) -> Comparison:
        """A comparison as the looks up to this one leave it."""
        names, column = self.track.models, -1 if j is None else j
        i = int(self._crossed(k)[1][m, column])
        return Comparison(
            model=names[m],
            against=None if j is None else names[j],
            n=int(self.pairs(i).n[m, column]),
            difference=self.difference(i, m, j),
            z=self.z(i, m, j),
            boundary=self.certify[i],
            kill=self.kill[i],
            look=self.looks[i],
            verdict=self.verdict(k, m, j),
        )


def _by_clusters(z: Floats, clusters: int) -> Floats:
    """z as far out as a t over that many clusters is: the spread between few clusters is known badly."""
    if clusters < 2:
        return np.zeros_like(z)
    return np.asarray(-np.sign(z) * special.ndtri(special.stdtr(clusters - 1, -np.abs(z))))
