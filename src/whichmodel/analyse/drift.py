"""Whether a model has changed: the same items, asked then and now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from whichmodel.analyse.flips import ALPHA, detectable_drop, sign_flip_p
from whichmodel.analyse.latency import is_late, percentile
from whichmodel.domain import served_otherwise
from whichmodel.store import Row

Verdict = Literal["no drift seen", "drift", "another model serves", "cannot tell"]
LEAST_STEADY_PAIRS = 5
"""Pairs under which no median latency is told."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One item, answered then and now."""

    then: Row
    now: Row

    @property
    def change(self) -> float:
        """Score now less score then, rounded so that equal scores compare equal."""
        return round((self.now.score or 0.0) - (self.then.score or 0.0), 12)


@dataclass(frozen=True, slots=True)
class Serving:
    """What replied. Empty = no reply named it."""

    models: tuple[str, ...]
    fingerprints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """One model, then and now, over the items that have a score both times. None = not known."""

    model: str
    asked: int
    """Items asked again."""
    pairs: tuple[Pair, ...]
    p: float | None
    """Two-sided, of no change in score. None = no pair."""
    same_answers: float | None
    """Share of equal normalised answers, of those that have a normal form both times."""
    then: Serving
    now: Serving
    p50_then_s: float | None
    """Median latency over the pairs that the measuring program bent neither time; None where they are few."""
    p50_now_s: float | None
    steady: int
    """Those pairs."""
    cost_then_usd: float | None
    """Mean cost of a request over all pairs. None = one is unknown."""
    cost_now_usd: float | None
    detectable: float | None
    """The smallest drop that so many pairs would show with 80% power. None = not even a fall to 0."""

    @property
    def score_then(self) -> float | None:
        """Mean score then; None = no pair."""
        return _mean([pair.then.score for pair in self.pairs])

    @property
    def score_now(self) -> float | None:
        """Mean score now; None = no pair."""
        return _mean([pair.now.score for pair in self.pairs])

    @property
    def worse(self) -> tuple[Pair, ...]:
        """Items that score less now."""
        return tuple(pair for pair in self.pairs if pair.change < 0)

    @property
    def better(self) -> tuple[Pair, ...]:
        """Items that score more now."""
        return tuple(pair for pair in self.pairs if pair.change > 0)

    @property
    def other_model(self) -> bool:
        """A model replies now that none of those then was; a dated name of the same one is no other."""
        return bool(self.then.models) and any(
            all(served_otherwise(then, now) for then in self.then.models) for now in self.now.models
        )

    @property
    def verdict(self) -> Verdict:
        """What is to be thought of it. A served model that changed comes before a score that did."""
        if self.p is None:
            return "cannot tell"
        if self.other_model:
            return "another model serves"
        return "drift" if self.p < ALPHA else "no drift seen"


def drift(model: str, rows: Iterable[Row], run_id: str, asked: int) -> Drift:
    """Compare what a canary's run got with what stood in the store before.

    rows: all of the items that were asked again, by epoch. Then: of each item the first epoch with a score by
    a run that is no canary.
    """
    pairs = _pairs(rows, run_id)
    changes = [pair.change for pair in pairs]
    steady = [pair for pair in pairs if _is_steady(pair.then) and _is_steady(pair.now)]
    return Drift(
        model=model,
        asked=asked,
        pairs=pairs,
        p=sign_flip_p(changes) if pairs else None,
        same_answers=_same(pairs),
        then=_serving([pair.then for pair in pairs]),
        now=_serving([pair.now for pair in pairs]),
        p50_then_s=_median([pair.then.latency_s for pair in steady]),
        p50_now_s=_median([pair.now.latency_s for pair in steady]),
        steady=len(steady),
        cost_then_usd=_mean([pair.then.cost_usd for pair in pairs]),
        cost_now_usd=_mean([pair.now.cost_usd for pair in pairs]),
        detectable=_detectable(pairs),
    )


def _pairs(rows: Iterable[Row], run_id: str) -> tuple[Pair, ...]:
    then: dict[tuple[str, str], Row] = {}
    now: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (row.task_hash, row.item_id)
        if row.score is None:
            continue
        if row.run_id == run_id:
            now[key] = row
        elif not row.canary and (key not in then or row.epoch == then[key].epoch):
            then[key] = row
    return tuple(Pair(then[key], row) for key, row in now.items() if key in then)


def _detectable(pairs: Sequence[Pair]) -> float | None:
    score = _mean([pair.then.score for pair in pairs])
    if score is None:
        return None
    worse = sum(pair.change < 0 for pair in pairs)
    better = sum(pair.change > 0 for pair in pairs)
    # What moved one way and was outweighed the other is chance; the rest may be the drift itself.
    return detectable_drop(len(pairs), 2 * min(worse, better) / len(pairs), score)


def _same(pairs: Sequence[Pair]) -> float | None:
    known = [pair for pair in pairs if pair.then.answer_norm and pair.now.answer_norm]
    equal = sum(pair.then.answer_norm == pair.now.answer_norm for pair in known)
    return equal / len(known) if known else None


def _serving(rows: Sequence[Row]) -> Serving:
    models = sorted({row.served_model for row in rows if row.served_model})
    return Serving(tuple(models), tuple(sorted({row.fingerprint for row in rows if row.fingerprint})))


def _is_steady(row: Row) -> bool:
    if row.latency_s is None:
        return False
    lag_s = np.nan if row.loop_lag_ms is None else row.loop_lag_ms / 1000
    return not bool(is_late(np.array([row.latency_s]), np.array([lag_s]))[0])


def _median(seconds: Sequence[float | None]) -> float | None:
    if len(seconds) < LEAST_STEADY_PAIRS:
        return None
    return percentile(np.array(seconds, dtype=np.float64), 0.5)


def _mean(values: Sequence[float | None]) -> float | None:
    """None where there is none, or one is unknown."""
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known and len(known) == len(values) else None


def drifts(rows: Iterable[Row], run_id: str, asked: Mapping[str, int]) -> tuple[Drift, ...]:
    """One comparison a model, in the order of `asked`: model -> items asked again."""
    by_model: dict[str, list[Row]] = {model: [] for model in asked}
    for row in rows:
        by_model[row.model].append(row)
    return tuple(drift(model, by_model[model], run_id, count) for model, count in asked.items())
