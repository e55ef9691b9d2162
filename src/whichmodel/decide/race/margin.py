"""The margin of a race: the one asked for, raised where the bank is small and the models often disagree."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from whichmodel.decide.outlook import DISCORDANT, RAISED_DELTA, SMALL_BANK
from whichmodel.decide.race.order import mean_scores
from whichmodel.decide.race.track import Track
from whichmodel.decide.race.trial import Trial
from whichmodel.domain import DecisionRule

SHOWN = 1.645
"""z from which a model is left out as worse, one-sided 5%."""


def discordance(trial: Trial, k: int, hub: int, rivals: Sequence[int]) -> float | None:
    """psi: typical mean squared difference to the hub, of those not shown worse than it; None = nobody."""
    pairs = trial.pairs(k)
    near = [m for m in rivals if m != hub and pairs.n[m, hub] and not trial.z(k, m, hub) <= -SHOWN]
    return float(np.median([pairs.squares[m, hub] / pairs.n[m, hub] for m in near])) if near else None


def margin(track: Track, rule: DecisionRule, trial: Trial, rivals: Sequence[int], hub: int | None) -> float:
    """delta, settled at the first look, which every model reaches and no later item changes.

    hub: the reference, when it is today's model. None = the best score of the first look.
    """
    if track.bar is not None or track.bank + track.held >= SMALL_BANK:
        return rule.delta
    score = mean_scores(track, trial.looks[0])
    best = hub if hub is not None else min(rivals, key=lambda m: (-score[m], track.models[m]))
    psi = discordance(trial, 0, best, rivals)
    return max(rule.delta, RAISED_DELTA) if psi is not None and psi > DISCORDANT else rule.delta
