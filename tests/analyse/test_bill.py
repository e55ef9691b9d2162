"""What a race has used against asking everybody everything."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import FAILED, outcome

from whichmodel.analyse.bill import Part, parts, total
from whichmodel.store import frame

ITEMS = tuple(f"i{n}" for n in range(10))


def rows(costs: list[float | None], model: str = "aurora/lite", **changes: Any) -> pd.DataFrame:
    """One answer an item, in the order of the bank."""
    made = [
        outcome(n, model=model, cost_usd=None if c is None else Decimal(str(c)), **changes)
        for n, c in enumerate(costs)
    ]
    return frame(made)


def test_what_is_used_is_counted_and_the_rest_is_projected_at_the_mean() -> None:
    [part] = parts(rows([0.1, 0.1, 0.1, 0.1]), ITEMS, {"aurora/lite": 3}, {})
    assert (part.items, part.bank) == (3, 10)
    assert part.used_usd == pytest.approx(0.3)
    assert part.whole == pytest.approx((1.0, 1.0))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(0.001, 1.0), min_size=2, max_size=10))
def test_the_range_holds_what_is_measured_and_is_narrower_the_more_is(costs: list[float]) -> None:
    [part] = parts(rows([round(c, 6) for c in costs]), ITEMS, {"aurora/lite": len(costs)}, {})
    assert part.whole is not None
    assert part.used_usd is not None
    low, high = part.whole
    assert part.used_usd - 1e-9 <= low <= high
    if len(costs) == len(ITEMS):
        assert low == pytest.approx(high) == pytest.approx(part.used_usd)


def test_the_judge_is_paid_too() -> None:
    [part] = parts(rows([0.1] * 10, judge_cost_usd=Decimal("0.02")), ITEMS, {"aurora/lite": 10}, {})
    assert part.used_usd == pytest.approx(1.2)


def test_unknown_is_never_zero() -> None:
    found = parts(rows([0.1, None, 0.1]), ITEMS, {"aurora/lite": 3}, {"aurora/lite": (1.0, 2.0)})
    assert (found[0].used_usd, found[0].whole) == (None, None)
    whole = total([*found, Part("b/y", 5, 10, 0.5, (0.9, 1.1))])
    assert (whole.used_usd, whole.whole, whole.unknown) == (0.5, (0.9, 1.1), ("aurora/lite",))
    assert whole.share == pytest.approx(0.5)


def test_what_failed_costs_what_was_charged_and_projects_nothing() -> None:
    failed = frame([outcome(n, **FAILED) for n in range(3)])
    [part] = parts(failed, ITEMS, {"aurora/lite": 3}, {"aurora/lite": (1.0, 2.0)})
    assert part.used_usd == 0
    assert part.whole == (1.0, 2.0)


def test_nothing_that_costs_has_no_share() -> None:
    assert total([]).share is None
    assert total([Part("rule/x", 5, 10, 0.0, (0.0, 0.0))]).share is None
