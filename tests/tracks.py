"""Banks of outcomes with known truth, and a race over them that is fed what it asks for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from scipy import stats

from whichmodel.decide.race import Measure, Settled, Track, step
from whichmodel.domain import DecisionRule

Floats = np.ndarray[Any, np.dtype[np.float64]]
Counts = Sequence[int] | np.ndarray[Any, np.dtype[np.int64]]
COMMON = 0.6
"""Share of the latent variance that models have in common: outcomes then correlate by about .40."""


def bank(theta: Sequence[float], items: int, seed: int | np.random.Generator) -> Floats:
    """Right or wrong answers of models with these true scores; hard items are hard for all."""
    rng = np.random.default_rng(seed)
    hard, own = rng.normal(size=(items, 1)), rng.normal(size=(items, len(theta)))
    return np.asarray(np.sqrt(COMMON) * hard + np.sqrt(1 - COMMON) * own < stats.norm.ppf(theta), dtype=float)


def names(models: int) -> tuple[str, ...]:
    """Model ids: a/0, a/1, ..."""
    return tuple(f"a/{m}" for m in range(models))


def track(
    score: Floats, cost: Sequence[float] | Floats, asked: Counts | None = None, **changes: Any
) -> Track:
    """A track over a bank of which each model was asked so much; None = all of it. NaN cost = unknown."""
    items, models = score.shape
    upto = np.full(models, items) if asked is None else np.asarray(asked)
    seen = np.arange(items)[:, None] < upto
    paid = np.where(np.isnan(score), np.nan, np.broadcast_to(np.asarray(cost, dtype=float), score.shape))
    given: dict[str, Any] = {
        "models": names(models),
        "score": np.where(seen, score, np.nan),
        "cost_usd": np.where(seen, paid, np.nan),
        "asked": upto.astype(np.int64),
        "bank": items,
    }
    return Track(**{**given, **changes})


def raced(
    score: Floats,
    cost: Sequence[float] | Floats,
    rule: DecisionRule,
    *,
    asked: Counts | None = None,
    barred: Collection[str] = (),
    **changes: Any,
) -> tuple[Settled, np.ndarray[Any, np.dtype[np.int64]]]:
    """The answer of a race that is fed exactly what it asks for, and the items each model was asked.

    asked: where it starts; None = from nothing. Fails when it asks for what it has, or does not end.
    """
    models = score.shape[1]
    upto = np.zeros(models, dtype=np.int64) if asked is None else np.array(asked)
    for _ in range(10_000):
        found = step(track(score, cost, upto, **changes), rule, barred=barred)
        if isinstance(found, Settled):
            return found, upto
        _feed(found, upto, score.shape[0])
    raise AssertionError("the race does not end")


def _feed(asks: Measure, upto: np.ndarray[Any, np.dtype[np.int64]], items: int) -> None:
    assert asks.until
    for name, until in asks.until.items():
        m = int(name.removeprefix("a/"))
        assert upto[m] < until <= items
        upto[m] = until
