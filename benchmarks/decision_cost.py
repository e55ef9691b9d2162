"""What a decision costs, and how often it is wrong: point rule, whole bank, successive halving, race.

Simulated banks have a known truth. Of real outcomes the truth is the mean over all items, and each
replication takes the items in another random order. A route is harmful when it is worse than the best by more
than delta.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import stats

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.contestants import ours
from benchmarks.rig import machine, real_banks, sheet
from whichmodel.analyse.intervals import wilson
from whichmodel.analyse.paired import paired_sums
from whichmodel.decide.boundaries import looks
from whichmodel.decide.race import Settled, Track, step
from whichmodel.domain import DecisionRule, RouteStatus

Floats = NDArray[np.float64]
RULE = DecisionRule()
MODELS, COST_SPREAD, NEAR, CLOSE = 8, 50.0, 0.04, 3
"""Eight models, the dearest 50 times the cheapest; the best three lie within four points."""
COMMON = 0.6
"""Share of the latent variance that models have in common: outcomes correlate by about .40."""
HEADINGS = ("bank", "rule", "spend", "harmful", "95%", "certified", "and harmful", "route's cost")


@dataclass(frozen=True, eq=False)
class Case:
    """One bank: items x models, in the order in which they are asked, and the truth."""

    score: Floats
    cost: Floats
    truth: Floats


@dataclass(frozen=True, slots=True)
class Pick:
    """A route."""

    model: int
    spend: float
    """USD."""
    certified: bool


Rule = Callable[[Case, float], Pick]
"""Of a bank and the margin."""


def simulated(items: int, rng: np.random.Generator, *, paid_for: bool) -> Case:
    """paid_for: dearer models tend to be better; else price says nothing."""
    top = rng.uniform(0.75, 0.95)
    near, far = top - rng.uniform(0, NEAR, CLOSE), top - rng.uniform(NEAR, 0.30, MODELS - CLOSE)
    truth = np.concatenate([near, far])
    truth[0] = top
    rank = np.argsort(truth + rng.normal(0, 0.06, MODELS)) if paid_for else rng.permutation(MODELS)
    truth = truth[rank]
    hard, own = rng.normal(size=(items, 1)), rng.normal(size=(items, MODELS))
    right = np.sqrt(COMMON) * hard + np.sqrt(1 - COMMON) * own < stats.norm.ppf(truth)
    cost = np.geomspace(1e-4, 1e-4 * COST_SPREAD, MODELS) * rng.lognormal(0, 0.1, MODELS)
    return Case(right.astype(np.float64), np.broadcast_to(cost, right.shape), truth)


def reordered(whole: Case, rng: np.random.Generator, *, models: int) -> Case:
    """Real outcomes in another order, of as many of the models, drawn anew."""
    rows = rng.permutation(len(whole.score))
    some = np.sort(rng.choice(whole.score.shape[1], models, replace=False))
    return Case(whole.score[rows][:, some], whole.cost[rows][:, some], whole.truth[some])


def point_rule(case: Case, delta: float) -> Pick:
    """The cheapest within delta of the best mean over the whole bank."""
    return Pick(_cheapest_near(case, list(range(len(case.truth))), delta), float(case.cost.sum()), False)


def point_rule_early(case: Case, delta: float) -> Pick:
    """The same on a hundred items."""
    return point_rule(Case(case.score[:100], case.cost[:100], case.truth), delta)


def whole_bank(case: Case, delta: float) -> Pick:
    """The cheapest that is shown non-inferior to all on the whole bank, else the best mean."""
    z = paired_sums(case.score).z(delta)
    np.fill_diagonal(z, np.inf)
    shown = np.flatnonzero((z >= stats.norm.ppf(1 - RULE.alpha)).all(axis=1))
    spend, cost = float(case.cost.sum()), case.cost.mean(axis=0)
    if len(shown):
        return Pick(int(shown[np.argmin(cost[shown])]), spend, True)
    return Pick(int(np.argmax(np.nanmean(case.score, axis=0))), spend, False)


def halving(case: Case, delta: float) -> Pick:
    """Successive halving from 50 items to two models on the whole bank; of these the cheaper within delta."""
    left, items, spend = list(range(len(case.truth))), 50, 0.0
    done = 0
    while True:
        items = len(case.score) if len(left) <= 2 else min(items, len(case.score))
        spend += float(case.cost[done:items, left].sum())
        if len(left) <= 2:
            return Pick(_cheapest_near(case, left, delta), spend, False)
        mean = np.nanmean(case.score[:items], axis=0)
        left = sorted(left, key=lambda m: -mean[m])[: max(len(left) // 2, 2)]
        done, items = items, items * 2


def race(case: Case, delta: float, rule: DecisionRule = RULE) -> Pick:
    """`decide.race`, and what it has used."""
    found = _raced(case, replace(rule, delta=delta))
    used = [next(f.items for f in found.fates if f.model == str(m)) for m in range(len(case.truth))]
    spend = sum(float(case.cost[:items, m].sum()) for m, items in enumerate(used))
    return Pick(int(str(found.model)), spend, found.status is RouteStatus.CERTIFIED)


def _raced(case: Case, rule: DecisionRule) -> Settled:
    items, models = case.score.shape
    names = tuple(map(str, range(models)))
    found = step(Track(names, case.score, case.cost, np.full(models, items, dtype=np.int64), items), rule)
    assert isinstance(found, Settled)
    return found


def _cheapest_near(case: Case, among: list[int], delta: float) -> int:
    mean, cost = np.nanmean(case.score, axis=0), case.cost.mean(axis=0)
    best = max(mean[m] for m in among)
    return min((m for m in among if mean[m] >= best - delta), key=lambda m: cost[m])


RULES: dict[str, Rule] = {
    "point rule, 100 items": point_rule_early,
    "point rule, whole bank": point_rule,
    "test, whole bank": whole_bank,
    "successive halving": halving,
    "race": race,
    "race, futility .10": partial(race, rule=replace(RULE, futility=0.10)),
    "race, futility .01": partial(race, rule=replace(RULE, futility=0.01)),
}


def tabled(bank: str, cases: Iterator[Case], count: int) -> list[list[str]]:
    """All rules over the same banks; the margin is the one that the race has come to."""
    found: dict[str, list[tuple[float, bool, bool, float]]] = {name: [] for name in RULES}
    for _ in range(count):
        case = next(cases)
        delta = _raced(case, RULE).delta
        cost, least = case.cost.mean(axis=0), case.truth.max() - delta - 1e-12
        for name, rule in RULES.items():
            pick = rule(case, delta)
            share = pick.spend / float(case.cost.sum())
            found[name].append(
                (share, case.truth[pick.model] < least, pick.certified, cost[pick.model] / cost.max())
            )
    return [_row(bank, name, np.array(rows, dtype=float)) for name, rows in found.items()]


def _row(bank: str, name: str, rows: Floats) -> list[str]:
    spend, harmful, certified, cost = rows.mean(axis=0)
    low, high = wilson(float(rows[:, 1].sum()), len(rows), 0.95)
    both = float((rows[:, 1] * rows[:, 2]).mean())
    shown = [f"{certified:.1%}", f"{both:.2%}"] if name.startswith(("test", "race")) else ["", ""]
    return [bank, name, f"{spend:.3f}", f"{harmful:.2%}", f"{low:.1%}-{high:.1%}", *shown, f"{cost:.3f}"]


def banks(times: int) -> Iterator[tuple[str, Iterator[Case], int]]:
    """Name, banks and number of replications."""

    def forever(make: Callable[[np.random.Generator], Case]) -> Iterator[Case]:
        rng = np.random.default_rng(0)
        while True:
            yield make(rng)

    for items in (500, 1000, 2000):
        yield f"simulated, {items:,} items", forever(partial(simulated, items, paid_for=True)), times
    cheap = partial(simulated, 1000, paid_for=False)
    yield "simulated, 1,000 items, price says nothing", forever(cheap), times
    for name, whole in real_banks.read():
        case = Case(*whole)
        models = len(case.truth)
        yield f"{name}, {models} models", forever(partial(reordered, case, models=models)), times
        if models > 5:
            yield f"{name}, 5 of {models} models", forever(partial(reordered, case, models=5)), times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200, help="replications a bank")
    parser.add_argument("--full", action="store_true", help="2,000 replications a bank")
    parser.add_argument("--markdown", type=Path, help="page to put the table in")
    options = parser.parse_args()
    times = 2000 if options.full else options.times
    described = machine.described([ours.version()])
    rows = [row for name, cases, count in banks(times) for row in tabled(name, cases, count)]
    looked = f"{times:,} replications a bank; looks of 1,000 items: {len(looks(1000))}."
    print(f"{described}\n{looked}\n\n{sheet.plain(HEADINGS, rows)}")
    if options.markdown:
        sheet.put(options.markdown, "decision", f"{described}\n{looked}\n\n{sheet.markdown(HEADINGS, rows)}")


if __name__ == "__main__":
    main()
