"""How the scores of models changed on items that were asked twice, and which changes are more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from whichmodel.analyse.paired import Difference, difference, floor_z
from whichmodel.store import Again

FALSE_DISCOVERIES = 0.05
"""Of the changes that are called more than chance, the share that is expected to be chance (Benjamini and
Hochberg 1995): hundreds of models and tasks are looked at together."""


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One model on one task, then and now, over the same items."""

    task: str
    model: str
    then: float
    now: float
    difference: Difference
    """Paired, now less then, with its 95% interval."""
    p: float
    """Two-sided, of no change."""
    real: bool
    """More than chance among all that are compared."""


def score_changes(found: Sequence[Again]) -> tuple[ScoreChange, ...]:
    """The changes of those with an item asked twice, the largest first."""
    from scipy.stats import false_discovery_control

    pairs = [(one, difference_of(one)[0]) for one in found if one.n]
    p = [_p(one) for one, _ in pairs]
    kept = np.asarray(false_discovery_control(p) if p else p) <= FALSE_DISCOVERIES
    changes = [
        ScoreChange(one.task, one.model, one.then / one.n, one.now / one.n, change, chance, bool(real))
        for (one, change), chance, real in zip(pairs, p, kept, strict=True)
    ]
    return tuple(sorted(changes, key=lambda each: (-abs(each.difference.mean), each.task, each.model)))


def difference_of(one: Again) -> tuple[Difference, float]:
    """The change of one with an item asked twice, and how much clusters inflate its variance: at least 1."""
    design = _design(one)
    found = difference(one.n, one.total, one.squares, design)
    assert found is not None
    return found, design


def _p(one: Again) -> float:
    z = float(floor_z(one.n, one.total, one.squares, 0.0, _design(one)))
    return float(2 * special.ndtr(-abs(z)))


def _design(one: Again) -> float:
    """How much clusters of items inflate the variance, as in `paired`: at least 1."""
    if one.clusters == one.n:
        return 1.0
    mean = one.total / one.n
    between = one.cluster_squares - 2 * mean * one.cluster_cross + mean**2 * one.cluster_sizes
    plain = one.squares - one.total * mean
    if plain <= 1e-12:
        return one.n / one.clusters
    return float(np.maximum(between * one.clusters / max(one.clusters - 1, 1) / plain, 1.0))
