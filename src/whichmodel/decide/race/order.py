"""In which order the candidates of a race are tested: from the cheapest to the dearest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from whichmodel.analyse.costs import DRAWS
from whichmodel.analyse.resampling import draws
from whichmodel.decide.contest import PROVEN_CHEAPER
from whichmodel.decide.race.track import Floats, Track

CLEARLY = 0.95
"""A model counts as cheaper when it costs less than this share of another."""


def mean_costs(track: Track, items: int) -> Floats:
    """Mean cost of a request over the first items in USD; NaN unless every scored one has a known cost."""
    score, cost = track.score[:items], track.cost_usd[:items]
    scored = ~np.isnan(score)
    unknown = (scored & np.isnan(cost)).any(axis=0) | ~scored.any(axis=0)
    total = np.where(scored, np.nan_to_num(cost), 0.0).sum(axis=0)
    return np.asarray(np.where(unknown, np.nan, total / np.maximum(scored.sum(axis=0), 1)))


def mean_scores(track: Track, items: int) -> Floats:
    """Mean score over the first items, rounded so that equal ones compare equal; 0 without one."""
    score = track.score[:items]
    scored = ~np.isnan(score)
    found = np.nan_to_num(score).sum(axis=0) / np.maximum(scored.sum(axis=0), 1)
    return np.asarray(found.round(12))


def race_order(track: Track, models: Sequence[int], items: int) -> tuple[int, ...]:
    """Columns from the cheapest to the dearest by the first items.

    Of those whose cost cannot be told from the cheapest one's that is left, the best score comes first.
    Unknown costs come last, by score.
    """
    cost, score = mean_costs(track, items), mean_scores(track, items)
    left = sorted(
        (m for m in models if not np.isnan(cost[m])), key=lambda m: (cost[m], -score[m], track.models[m])
    )
    rest = sorted((m for m in models if np.isnan(cost[m])), key=lambda m: (-score[m], track.models[m]))
    scored = ~np.isnan(track.score[:items])
    paid = np.where(scored, track.cost_usd[:items], cost)
    resampled = draws(len(paid), DRAWS) @ np.nan_to_num(paid)
    found: list[int] = []
    while left:
        first = left[0]
        dearer = (resampled[:, [first]] < CLEARLY * resampled[:, left]).mean(axis=0) >= PROVEN_CHEAPER
        alike = [m for m, apart in zip(left, dearer, strict=True) if m == first or not apart]
        found.append(min(alike, key=lambda m: (-score[m], cost[m], track.models[m])))
        left.remove(found[-1])
    return (*found, *rest)
