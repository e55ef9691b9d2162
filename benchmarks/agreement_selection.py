"""Does a chosen agreement policy keep the error it was chosen for?

Each bank is halved at random, a policy is chosen on one half, and its error given agreement is looked at on
the other, and in 40,000 further items where the bank is simulated. Three ways to choose: the best of all
combinations whose error on that half is under the target (the cheapest, or what accepts most where nothing
has a price); the same among those whose upper bound is; and the program's own, a family named in advance,
tested safest first and confirmed on a holdout within that half.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from answered import answered
from real_answers import folder, wnut17

from benchmarks.rig import sheet
from whichmodel.analyse.agreement.replay import Terms, replay
from whichmodel.analyse.answers import Answers
from whichmodel.analyse.intervals import exact
from whichmodel.decide.error_target import family, verdicts
from whichmodel.domain import AgreementPolicy, DecisionRule

SPLITS = 200
BANKS = 10
"""Simulated banks; each is halved SPLITS / BANKS times."""
MODELS = 12
NAMES = tuple(f"m{k:02d}/x" for k in range(MODELS))
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Bank:
    """Answers, every combination replayed on them, and the models that are named in advance."""

    name: str
    answers: Answers
    policies: tuple[AgreementPolicy, ...]
    agreed: Bools
    """items x policies."""
    wrong: Bools
    named: tuple[str, ...]
    target: float
    price: tuple[float, ...]
    """By policy. () = unknown."""


def bank(
    name: str,
    answers: Answers,
    policies: Sequence[AgreementPolicy],
    named: tuple[str, ...],
    target: float,
    price: tuple[float, ...] = (),
) -> Bank:
    """Replay all policies once; a half is then a sum."""
    found = [replay(answers, policy, Terms()) for policy in policies]
    agreed = np.column_stack([one.agreed for one in found])
    wrong = np.column_stack([np.nan_to_num(one.course.wrong) == 1 for one in found]) & agreed
    return Bank(name, answers, tuple(policies), agreed, wrong, named, target, price)


def draw(rng: np.random.Generator, items: int) -> Answers:
    """Twelve models right on .70 to .90 of the items, correlation .40; .8 of wrong ones are the same."""
    skill = norm.ppf(np.linspace(0.70, 0.90, MODELS))
    latent = np.sqrt(0.4) * rng.normal(size=(items, 1)) + np.sqrt(0.6) * rng.normal(size=(items, MODELS))
    usual = rng.random((items, MODELS)) < 0.8
    code = np.where(latent < skill, 0, np.where(usual, 1, 2 + np.arange(MODELS)))
    plain = answered({name: ["x"] * items for name in NAMES}, ["x"] * items, task="sim")
    return Answers(replace(plain.evidence, score=(code == 0).astype(np.float64)), code, 1)


def simulated(target: float) -> list[Bank]:
    """Banks of a thousand items, and every three of twelve models unanimous; each model costs 1.4 times the
    one before it, which is worse."""
    triples = [AgreementPolicy("", "sim", three, 3) for three in combinations(NAMES, 3)]
    price = tuple(sum(1.4 ** NAMES.index(model) for model in policy.models) for policy in triples)
    drawn = (draw(np.random.default_rng([17, seed]), 1000) for seed in range(BANKS))
    name = "12 simulated models, 1,000 items"
    return [bank(name, one, triples, NAMES[4:9], target, price) for one in drawn]


def every(names: tuple[str, ...]) -> list[AgreementPolicy]:
    """All sets of two or more models with every quorum that is a majority."""
    return [
        AgreementPolicy("", "wnut17", some, quorum)
        for size in range(2, len(names) + 1)
        for some in combinations(names, size)
        for quorum in range(max(size // 2 + 1, 2), size + 1)
    ]


class Truth:
    """The error of a policy in so many further items that it counts as true."""

    def __init__(self, fresh: Answers | None) -> None:
        """fresh: None = there are no further items."""
        self.fresh = fresh
        self.known: dict[AgreementPolicy, float] = {}

    def error(self, policy: AgreementPolicy) -> float | None:
        """Error given agreement."""
        if self.fresh is None:
            return None
        if policy not in self.known:
            found = replay(self.fresh, policy, Terms())
            self.known[policy] = float(found.course.wrong[found.agreed].mean())
        return self.known[policy]


@dataclass
class Tally:
    """What became of one way to choose."""

    target: float
    truth: Truth
    tried: int = 0
    picked: int = 0
    missed: int = 0
    false: int = 0
    coverage: float = 0.0

    def add(self, answers: Answers, policy: AgreementPolicy | None, rest: NDArray[np.int64]) -> None:
        """Look at a pick on the other half, and at its true error."""
        self.tried += 1
        if policy is None:
            return
        found = replay(part(answers, rest), policy, Terms())
        self.picked += 1
        self.missed += bool(found.course.wrong[found.agreed].sum() > self.target * found.agreed.sum())
        self.false += (self.truth.error(policy) or 0.0) > self.target
        self.coverage += float(found.agreed.mean())

    def row(self, name: str) -> list[str]:
        """As the table has it."""
        if not self.picked:
            return [name, f"0 of {self.tried}", "-", "-", "-"]
        false = f"{self.false / self.picked:.1%}" if self.truth.fresh else "unknown"
        missed, wide = (f"{count / self.picked:.1%}" for count in (self.missed, self.coverage))
        return [name, f"{self.picked} of {self.tried}", missed, false, wide]


def part(answers: Answers, rows: NDArray[np.int64]) -> Answers:
    """Some of the items, in that order."""
    evidence = answers.evidence
    some = replace(
        evidence,
        items=tuple(evidence.items[k] for k in rows),
        clusters=evidence.clusters[rows],
        score=evidence.score[rows],
        cost_usd=evidence.cost_usd[rows],
        latency_s=evidence.latency_s[rows],
    )
    return Answers(some, answers.code[rows], answers.epochs)


def best(of: Bank, half: NDArray[np.int64], *, bounded: bool) -> AgreementPolicy | None:
    """The cheapest or else widest combination whose error, or its upper bound, is under the target."""
    agreed, wrong = of.agreed[half].sum(axis=0), of.wrong[half].sum(axis=0)
    under = wrong <= of.target * agreed
    if bounded:
        bounds = [exact(w, n, sides="upper")[1] for w, n in zip(wrong, agreed, strict=True)]
        under = np.array(bounds) <= of.target
    good = np.flatnonzero(under & (agreed > 0))
    worth = -np.array(of.price) if of.price else agreed
    return of.policies[int(good[np.argmax(worth[good])])] if len(good) else None


def confirmed(of: Bank, half: NDArray[np.int64]) -> AgreementPolicy | None:
    """The loosest confirmed policy of the family that was named in advance."""
    tried = family(of.answers.evidence.task, of.named, None)
    found = verdicts(part(of.answers, half), tried, of.target, DecisionRule(), Terms())
    passed = [one.policy for one in found if one.verdict == "confirmed"]
    return passed[-1] if passed else None


def compare(banks: Sequence[Bank], splits: int, fresh: Answers | None = None) -> tuple[Tally, Tally, Tally]:
    """The three ways on random halves; `splits` in all."""
    truth, target = Truth(fresh), banks[0].target
    plain, bounded, ours = (Tally(target, truth) for _ in range(3))
    for number, of in enumerate(banks):
        rng = np.random.default_rng([23, number])
        for _ in range(splits // len(banks)):
            order = rng.permutation(len(of.answers.evidence.items))
            half, rest = order[: len(order) // 2], order[len(order) // 2 :]
            plain.add(of.answers, best(of, half, bounded=False), rest)
            bounded.add(of.answers, best(of, half, bounded=True), rest)
            ours.add(of.answers, confirmed(of, half), rest)
    return plain, bounded, ours


def cases() -> Iterator[tuple[list[Bank], Answers | None]]:
    """Banks of one kind, that are counted together, and what tells the truth of them."""
    fresh = draw(np.random.default_rng(99), 40_000)
    for target in (0.03, 0.04, 0.05, 0.06):
        yield simulated(target), fresh
    if folder() is None:
        print("WNUT17 is not here; set WHICHMODEL_REAL_DATA.")
        return
    systems = wnut17()
    names = systems.evidence.models
    for target in (0.18, 0.20, 0.22):
        yield [bank("7 systems of WNUT17, 1,287 sentences", systems, every(names), names, target)], None


def main() -> None:
    """Print the share of picks that missed their target."""
    headings = ["chosen on one half", "picked", "missed on the other", "truly above", "accepted"]
    for banks, fresh in cases():
        first = banks[0]
        ways = compare(banks, SPLITS, fresh)
        print(f"\n{first.name}, {len(first.policies)} combinations, error at most {first.target:.1%}")
        ours = f"a family of {len(first.named)}, confirmed"
        names = ("best with its error under it", "best with its bound under it", ours)
        print(sheet.plain(headings, [way.row(name) for way, name in zip(ways, names, strict=True)]))


if __name__ == "__main__":
    main()
