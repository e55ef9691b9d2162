"""Agreement policies against an error that is asked for.

Named in advance or tested safest first, on the part of the bank that choices are made on; what passes there
is confirmed on the holdout (DECISION section 7). The best of many combinations is never taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from whichmodel.analyse.agreement.replay import Replay, Terms, replay
from whichmodel.analyse.answers import Answers
from whichmodel.analyse.intervals import design_effect, exact
from whichmodel.analyse.paired import POWER
from whichmodel.decide.outlook import held_out
from whichmodel.decide.words import bounds
from whichmodel.domain import AgreementPolicy, DecisionRule
from whichmodel.errors import UsageError

Verdict = Literal["confirmed", "not confirmed", "cannot tell"]
MOST_POLICIES = 5
MOST_PLANNED = 1_000_000
"""Accepted items beyond which no number is named."""


@dataclass(frozen=True, slots=True)
class Errors:
    """Wrong answers among those a policy accepts, with one-sided bounds on their share."""

    accepted: int
    wrong: int
    lower: float
    upper: float
    design: float
    """How much clustering inflates the variance; 1 = not at all."""

    @property
    def rate(self) -> float | None:
        """Error given agreement. None = nothing is accepted."""
        return self.wrong / self.accepted if self.accepted else None


@dataclass(frozen=True, slots=True)
class ErrorVerdict:
    """One policy against the error that is asked for."""

    policy: AgreementPolicy
    target: float
    alpha: float
    """Of its bounds, after correction for the families tested beside it."""
    choosing: Errors
    holdout: Errors | None
    """None = the bank is too small to keep one."""
    verdict: Verdict
    why: str
    more_accepted: int | None
    """Accepted items still missing that would probably settle it. None = settled, or not to be told."""


def family(task: str, models: Sequence[str], otherwise: str | None) -> tuple[AgreementPolicy, ...]:
    """All of the models agree, all but one, and so on to the majority; the safest first, at most five."""
    count = len(models)
    return tuple(
        AgreementPolicy(f"{quorum} of {count}", task, tuple(models), quorum, otherwise)
        for quorum in range(count, max(count // 2, 1), -1)
    )[:MOST_POLICIES]


def verdicts(
    answers: Answers,
    policies: Sequence[AgreementPolicy],
    target: float,
    rule: DecisionRule,
    terms: Terms,
) -> tuple[ErrorVerdict, ...]:
    """Put policies of one task to the test, in their order.

    Policies over the same models are a family: they are tested from the largest quorum down at full alpha,
    and once one does not pass, the looser ones are not tested. Several families share alpha. Raises
    UsageError for more than five policies.
    """
    if len(policies) > MOST_POLICIES:
        raise UsageError(
            f"{len(policies)} policies are named for {answers.evidence.task}; the best of so many is luck.",
            remedy=f"Name at most {MOST_POLICIES} in advance.",
        )
    families: dict[frozenset[str], list[AgreementPolicy]] = {}
    for policy in sorted(policies, key=lambda p: -p.quorum):
        families.setdefault(frozenset(policy.models), []).append(policy)
    test = _Test(answers, target, rule, terms, rule.alpha / max(len(families), 1))
    found = [one for chain in families.values() for one in test.chain(chain)]
    return tuple(sorted(found, key=lambda one: policies.index(one.policy)))


@dataclass(frozen=True, eq=False)
class _Test:
    answers: Answers
    target: float
    rule: DecisionRule
    terms: Terms
    alpha: float

    def chain(self, policies: Sequence[AgreementPolicy]) -> list[ErrorVerdict]:
        """The safest first; behind one that does not pass nothing is tested."""
        found: list[ErrorVerdict] = []
        stopped = ""
        for policy in policies:
            choosing, holdout = self._errors(policy)
            verdict, why, more = self._verdict(choosing, holdout, stopped)
            if not stopped and not (choosing.accepted and choosing.upper <= self.target):
                stopped = policy.name
            found.append(ErrorVerdict(policy, self.target, self.alpha, choosing, holdout, verdict, why, more))
        return found

    def _errors(self, policy: AgreementPolicy) -> tuple[Errors, Errors | None]:
        items = len(self.answers.evidence.items)
        held = held_out(items, self.rule)
        parts = [self.answers.rows(0, items - held)]
        if held:
            parts.append(self.answers.rows(items - held, items))
        counted = [_count(replay(part, policy, self.terms), self.alpha) for part in parts]
        return counted[0], counted[1] if held else None

    def _verdict(
        self, choosing: Errors, holdout: Errors | None, stopped: str
    ) -> tuple[Verdict, str, int | None]:
        if stopped:
            return "cannot tell", f"not tested, since {stopped} did not pass", None
        if not choosing.accepted:
            return "cannot tell", "nothing is accepted", None
        seen = f"{choosing.wrong:,} of {choosing.accepted:,} accepted are wrong, {self._bounds(choosing)}"
        if choosing.lower > self.target:
            return "not confirmed", seen, None
        if choosing.upper > self.target:
            more = self._more(choosing, holdout)
            if more is None:
                return "cannot tell", f"{seen}; more items would hardly show it", None
            return "cannot tell", f"{seen}; needs about {more:,} more accepted items", more
        if holdout is None or not holdout.accepted:
            return "cannot tell", f"{seen}; there is no holdout to confirm it on", None
        seen += f"; on the holdout {holdout.wrong:,} of {holdout.accepted:,}"
        if holdout.lower > self.target:
            return "not confirmed", f"{seen}, which is more than was asked for", None
        if holdout.wrong > self.target * holdout.accepted:
            return "cannot tell", f"{seen}, above the target by chance or not", None
        return "confirmed", seen, None

    def _bounds(self, errors: Errors) -> str:
        level = f"{100 * (1 - self.alpha):.3g}%"
        low, high = bounds(errors.lower * 100, errors.upper * 100, 1)
        return f"at least {low}% ({level})" if errors.lower > self.target else f"at most {high}% ({level})"

    def _more(self, choosing: Errors, holdout: Errors | None) -> int | None:
        rate = choosing.rate
        needed = None if rate is None else accepted_needed(rate, self.target, self.alpha)
        if needed is None:
            return None
        kept = 1 - self.rule.holdout if holdout else 1.0
        have = choosing.accepted + (holdout.accepted if holdout else 0)
        more = int(np.ceil(needed * choosing.design / kept)) - have
        return int(np.ceil(max(more, 1) / 10) * 10)


def _count(found: Replay, alpha: float) -> Errors:
    wrong = found.course.wrong[found.agreed]
    n, errors = len(wrong), float(wrong.sum())
    design = design_effect(wrong, found.clusters[found.agreed]) if n else 1.0
    worth = errors / design, n / design, 1 - alpha
    return Errors(n, int(errors), exact(*worth, sides="lower")[0], exact(*worth, sides="upper")[1], design)


def accepted_needed(rate: float, target: float, alpha: float, *, power: float = POWER) -> int | None:
    """Accepted items that show with that power an error under the target, if the true one is `rate`.

    None = it is not there to be shown, or takes more than a million.
    """
    if rate >= target:
        return None
    high = 1
    while not _shows(high, rate, target, alpha, power):
        high *= 2
        if high > MOST_PLANNED:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _shows(middle, rate, target, alpha, power) else (middle, high)
    return high


def _shows(n: int, rate: float, target: float, alpha: float, power: float) -> bool:
    """The chance that Clopper and Pearson's upper bound comes out under the target is at least `power`."""
    if special.bdtr(0, n, target) > alpha:
        return False
    most = int(special.bdtrik(alpha, n, target))
    most += int(special.bdtr(most + 1, n, target) <= alpha)
    return bool(special.bdtr(most, n, rate) >= power)
