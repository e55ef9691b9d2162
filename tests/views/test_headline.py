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
