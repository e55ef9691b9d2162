"""What a bank can settle: the margin used, the margin within reach, and the items that are missing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from whichmodel.analyse.paired import achievable_delta, items_needed, variance
from whichmodel.decide.contest import Contest
from whichmodel.domain import DecisionRule

SMALL_BANK = 800
DISCORDANT = 0.12
RAISED_DELTA = 0.05
"""A bank under 800 items whose models disagree on more than 12% is decided with at least this margin."""
SMALLEST_HOLDOUT = 50
"""Items a holdout must have; with fewer the choice is made on all, and its figures are in-sample."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The margin used and the margin that could be settled; None = there is nothing to tell apart."""

    psi: float | None
    delta: float
    achievable: float | None


def held_out(items: int, rule: DecisionRule) -> int:
    """How many items of a bank are kept from the choice; 0 = the bank is too small for it."""
    held = math.floor(items * rule.holdout)
    return held if held >= SMALLEST_HOLDOUT else 0


def outlook(contest: Contest, usable: Sequence[int], items: int) -> Outlook:
    """The margin for a bank of that many items; `contest` stands with the margin asked for.

    psi is the typical discordance between the reference model and those not shown inferior to it.
    """
    if contest.bar is not None or not usable:
        return Outlook(None, contest.delta, None)
    reference = contest.incumbent if contest.incumbent is not None else contest.best(usable)
    near = [m for m in usable if m != reference and not contest.z[m, reference] <= -contest.critical]
    if not near:
        return Outlook(None, contest.delta, None)
    psi = float(np.median([contest.pairs.discordance(m, reference) for m in near]))
    delta = contest.delta
    if items < SMALL_BANK and psi > DISCORDANT:
        delta = max(delta, RAISED_DELTA)
    labelled = contest.evidence.human is not None
    n = (
        int(np.median([contest.pairs.n[m, reference] for m in near]))
        if labelled
        else len(contest.evidence.items)
    )
    reach = achievable_delta(psi, n, alpha=contest.alpha)
    return Outlook(psi, delta, reach)


def more_items(contest: Contest, pick: int, items: int, rule: DecisionRule) -> int | None:
    """Items beyond those measured that would probably certify `pick`; None = cannot be told.

    Planned with 80% power for models that are equal, or differ as measured where `pick` is behind. In a bank
    under the least size nothing is settled by a lucky start: whoever is not shown inferior to `pick` counts.
    """
    small = items < rule.min_items
    needed = _bank(contest, pick, rule, small=small)
    if needed is not None and needed >= SMALL_BANK and contest.delta > rule.delta:
        needed = _bank(replace(contest, delta=rule.delta), pick, rule, small=small)
    return needed - items if needed is not None and needed > items else None


def _bank(contest: Contest, pick: int, rule: DecisionRule, *, small: bool) -> int | None:
    """The size of bank that would certify; the holdout is added."""
    needs = [0]
    for j in contest.opponents(pick):
        settled = contest.z[j, pick] <= -contest.critical if small else contest.z[pick, j] >= contest.critical
        if settled:
            continue
        need = _pairs(contest, pick, j)
        if need is None:
            return None
        needs.append(need)
    return max(bank_of(max(needs), rule), rule.min_items)


def bank_of(choosing: int, rule: DecisionRule) -> int:
    """The size of bank that leaves so many items to choose on; the holdout is added."""
    bank = math.ceil(choosing / (1 - rule.holdout))
    return bank if held_out(bank, rule) else choosing


def _pairs(contest: Contest, m: int, j: int) -> int | None:
    pairs = contest.pairs
    n, total = float(pairs.n[m, j]), float(pairs.total[m, j])
    if n == 0:
        return None
    spread = float(variance(n, total, float(pairs.squares[m, j]), contest.delta)) * float(pairs.design[m, j])
    return items_needed(spread, contest.delta, alpha=contest.alpha, difference=min(total / n, 0.0))
