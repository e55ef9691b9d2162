"""Sums over the routes of a table: their intervals come from those of the tasks, and hold the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from views.boards import route

from whichmodel.analyse.evidence import Evidence
from whichmodel.decide import total
from whichmodel.decide.figures import filled
from whichmodel.domain import Route

PRICED = {
    "cost_low_per_1k_usd": 0.4,
    "cost_high_per_1k_usd": 0.6,
    "baseline_cost_low_per_1k_usd": 2.8,
    "baseline_cost_high_per_1k_usd": 3.2,
    "saving": 1 - 0.5 / 3,
    "saving_low": 0.81,
    "saving_high": 0.86,
    "baseline_low": 0.92,
    "baseline_high": 0.98,
    "baseline_n": 100,
}


def test_one_task_has_the_interval_that_it_has_by_itself() -> None:
    one = [route(**PRICED)]
    spent, saved = total.spend(one), total.saving(one)
    assert spent is not None
    assert (spent.low, spent.value, spent.high) == pytest.approx((0.4, 0.5, 0.6))
    assert saved is not None
    assert (saved.low, saved.value, saved.high) == pytest.approx((0.81, 1 - 0.5 / 3, 0.86))
    mean = total.quality(one)
    assert mean is not None
    assert (mean.low, mean.value, mean.high, mean.n) == pytest.approx((0.90, 0.95, 0.98, 100))


def test_of_many_independent_tasks_the_interval_of_the_mean_is_narrower() -> None:
    many = [route(**PRICED, task=f"t{n}") for n in range(16)]
    mean, spent = total.quality(many), total.spend(many)
    assert mean is not None
    assert mean.value - mean.low == pytest.approx(0.05 / 4)
    assert spent is not None
    assert spent.high - spent.value == pytest.approx(16 * 0.1 / 4)


def test_an_unknown_interval_of_one_task_leaves_the_sum_without_one() -> None:
    known, unknown = route(**PRICED), route(**PRICED, task="b")
    unknown = replace(unknown, cost_low_per_1k_usd=None, low=None, baseline_cost_low_per_1k_usd=None)
    for figure in (total.spend, total.saving, total.quality, total.loss):
        assert figure([known]) is not None
        assert figure([known, unknown]) is None


def test_a_task_that_goes_to_the_best_itself_loses_nothing_and_widens_nothing() -> None:
    best = route(**PRICED, task="b", model="borealis/max", score=0.96)
    alone, both = total.loss([route(**PRICED)]), total.loss([route(**PRICED), best])
    assert alone is not None
    assert both is not None
    assert both.value == pytest.approx(alone.value / 2)
    assert both.high - both.low == pytest.approx((alone.high - alone.low) / 2)
    nothing = total.loss([best])
    assert nothing is not None
    assert (nothing.low, nothing.value, nothing.high) == (0, 0, 0)


def test_free_baselines_save_no_share() -> None:
    free = route(**{**PRICED, "baseline_monthly_usd": 0.0, "baseline_cost_per_1k_usd": 0.0})
    assert total.saving([free]) is None


TABLES, ITEMS = 120, 200
VOLUMES = (1_000, 4_000, 20_000)
SKILL = ((0.85, 0.9), (0.7, 0.72), (0.95, 0.94))
"""Of the routed model and of the baseline, by task."""
MEDIAN = ((0.001, 0.004), (0.002, 0.003), (0.0005, 0.006))
SPREAD = 0.6
MEAN = float(np.exp(SPREAD**2 / 2))
"""Of a lognormal cost, in medians."""


def _table(make: Callable[..., Evidence], seed: int) -> list[Route]:
    """Three tasks measured anew; an item's difficulty and length are the same for both models."""
    luck, routes = np.random.default_rng(seed), []
    for place, (skill, median) in enumerate(zip(SKILL, MEDIAN, strict=True)):
        hard, length = luck.random(ITEMS), luck.lognormal(0, SPREAD, ITEMS)
        fresh = make(
            {name: (hard < p).astype(float) for name, p in zip("ab", skill, strict=True)},
            cost_usd=np.column_stack([length * m for m in median]),
            task=f"t{place}",
        )
        blank = route(task=f"t{place}", requests_per_month=VOLUMES[place])
        routes.append(filled(blank, fresh, 0, 1))
    return routes


def test_intervals_of_sums_hold_the_truth_about_as_often_as_they_say(
    evidence_of: Callable[..., Evidence],
) -> None:
    """120 tables of three tasks; under 106 that hold it would be worse than luck with 95% intervals."""
    weight = np.array(VOLUMES) / sum(VOLUMES)
    cost = np.array(MEDIAN) * MEAN
    paid, base = np.array(VOLUMES) @ cost
    truth = {
        total.spend: paid,
        total.saving: 1 - paid / base,
        total.quality: weight @ np.array(SKILL)[:, 0],
        total.loss: weight @ (np.array(SKILL)[:, 1] - np.array(SKILL)[:, 0]),
    }
    held = dict.fromkeys(truth, 0)
    for seed in range(TABLES):
        routes = _table(evidence_of, seed)
        for figure, value in truth.items():
            found = figure(routes)
            assert found is not None
            held[figure] += found.low <= value <= found.high
    assert all(count >= TABLES * 0.88 for count in held.values()), held
