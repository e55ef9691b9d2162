"""The figures at the top are sums over routes; what is unknown stays out and is counted."""

from __future__ import annotations

import pytest
from views.boards import route

from whichmodel.domain import RouteStatus
from whichmodel.views.headline import headline


def test_quality_is_weighted_by_volume_and_says_what_it_loses() -> None:
    small = route(task="a", requests_per_month=100, score=0.5, baseline_score=0.9)
    large = route(task="b", requests_per_month=900, score=0.9, baseline_score=0.95)
    sums = headline([small, large])
    assert sums.quality == pytest.approx(0.86)
    assert sums.loss == pytest.approx(0.085)
    assert (sums.monthly_usd, sums.baseline_monthly_usd) == (1.0, 6.0)


def test_an_unknown_cost_is_left_out_and_counted() -> None:
    unknown = route(task="b", cost_per_1k_usd=None, monthly_usd=None, baseline_monthly_usd=None)
    sums = headline([route(), unknown])
    assert (sums.monthly_usd, sums.priced, sums.used) == (0.5, 1, 2)
    nothing = headline([unknown])
    assert (nothing.monthly_usd, nothing.baseline_monthly_usd) == (None, None)


def test_only_certified_routes_are_clear() -> None:
    unsure = route(task="b", status=RouteStatus.PROVISIONAL, model="borealis/max")
    none = route(task="c", status=RouteStatus.NONE, model=None, score=None)
    sums = headline([route(), unsure, none])
    assert (sums.tasks, sums.clear, sums.models) == (3, 1, ("aurora/lite", "borealis/max"))


def test_an_organisation_without_volumes_has_no_sums() -> None:
    sums = headline([route(requests_per_month=None, monthly_usd=None)])
    assert (sums.used, sums.quality, sums.loss, sums.monthly_usd) == (0, None, None, None)


def test_each_figure_has_its_interval_where_each_task_has_one() -> None:
    known = route(
        cost_low_per_1k_usd=0.4,
        cost_high_per_1k_usd=0.6,
        baseline_cost_low_per_1k_usd=2.8,
        baseline_cost_high_per_1k_usd=3.2,
        saving_low=0.8,
        saving_high=0.87,
        baseline_low=0.9,
        baseline_high=0.99,
    )
    sums = headline([known, route(task="b", requests_per_month=None)])
    assert _ends(sums.monthly_low_usd, sums.monthly_usd, sums.monthly_high_usd) == pytest.approx(
        (0.4, 0.5, 0.6)
    )
    assert _ends(sums.quality_low, sums.quality, sums.quality_high) == pytest.approx((0.9, 0.95, 0.98))
    assert sums.quality_n == 100
    assert _ends(sums.saving_low, sums.saving, sums.saving_high)[1] == pytest.approx(1 - 0.5 / 3)
    assert _ends(sums.loss_low, sums.loss, sums.loss_high)[1] == pytest.approx(0.01)
    without = headline([route()])
    assert (without.monthly_low_usd, without.saving_low, without.loss_low) == (None, None, None)


def _ends(low: float | None, value: float | None, high: float | None) -> tuple[float, float, float]:
    assert low is not None
    assert value is not None
    assert high is not None
    assert low < value < high
    return low, value, high
