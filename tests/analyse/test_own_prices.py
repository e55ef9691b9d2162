"""An organisation's own prices over stored tokens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.analyse.evidence import collect
from whichmodel.analyse.own_prices import costs
from whichmodel.domain import Price, Usage
from whichmodel.pricing import by_own_price

Outcomes = Callable[..., pd.DataFrame]
RATE = st.none() | st.decimals(0, 100, places=3)
COUNT = st.none() | st.integers(0, 1000)


@st.composite
def prices(draw: st.DrawFn) -> Price:
    names = ("input", "output", "cached", "cache_write")
    rates = {f"{name}_per_mtok": draw(RATE) for name in names}
    return Price("test", date(2026, 11, 1), per_image=draw(RATE), per_second=draw(RATE), **rates)


@given(prices(), st.lists(st.tuples(COUNT, COUNT, COUNT, COUNT, COUNT, st.none() | st.just(2.5)), min_size=1))
def test_columns_cost_what_single_samples_cost(price: Price, usages: list[tuple[int | None, ...]]) -> None:
    names = ["input_tokens", "cached_tokens", "cache_write_tokens", "output_tokens", "images", "latency_s"]
    found = costs(pd.DataFrame(usages, columns=names, dtype=object), price)
    for cost, (given_input, cached, write, output, images, seconds) in zip(found, usages, strict=True):
        usage = Usage(input=given_input, cached=cached, cache_write=write, output=output, images=images)
        single = by_own_price(price, usage, seconds=seconds)
        if single is None:
            assert np.isnan(cost)
        else:
            assert cost == pytest.approx(float(single))


def test_own_prices_replace_stored_costs_of_their_model_alone(outcomes: Outcomes) -> None:
    frame = outcomes({"a/x": [1], "b/y": [1]}, input_tokens=1000, output_tokens=100, cost_usd=None)
    own = Price("contract", date(2026, 7, 1), input_per_mtok=Decimal(2), output_per_mtok=Decimal(10))
    (evidence,) = collect(frame, {}, set(), prices={"a/x": own})
    assert evidence.cost_usd[0, 0] == pytest.approx(0.003)
    assert np.isnan(evidence.cost_usd[0, 1])
