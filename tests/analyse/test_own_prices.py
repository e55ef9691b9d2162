"""An organisation's own prices over stored tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

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
SMALL = st.none() | st.integers(0, 100)


RATES = (
    "input_per_mtok",
    "output_per_mtok",
    "cached_per_mtok",
    "cache_write_per_mtok",
    "cache_write_1h_per_mtok",
    "reasoning_per_mtok",
    "image_input_per_mtok",
    "image_output_per_mtok",
    "per_image",
    "per_megapixel",
    "per_second",
    "per_gpu_hour",
    "batch_factor",
)
COLUMNS = {
    "input_tokens": COUNT,
    "cached_tokens": SMALL,
    "cache_write_tokens": SMALL,
    "output_tokens": COUNT,
    "reasoning_tokens": SMALL,
    "images": SMALL,
    "cache_write_1h_tokens": SMALL,
    "image_input_tokens": SMALL,
    "image_output_tokens": SMALL,
    "megapixels": st.none() | st.just(1.5),
    "batch": st.none() | st.booleans(),
    "billed_calls": st.none() | st.integers(1, 3),
    "latency_s": st.none() | st.just(2.5),
}


@st.composite
def prices(draw: st.DrawFn) -> Price:
    rates = {name: draw(RATE) for name in RATES}
    shared = {name: draw(st.none() | st.just(Decimal(4))) for name in ("requests_per_hour", "concurrency")}
    return Price("test", date(2026, 11, 1), **rates, **shared)


@given(prices(), st.lists(st.tuples(*COLUMNS.values()), min_size=1))
def test_columns_cost_what_single_samples_cost(price: Price, rows: list[tuple[Any, ...]]) -> None:
    found = costs(pd.DataFrame(rows, columns=list(COLUMNS), dtype=object), price)
    for cost, row in zip(found, rows, strict=True):
        *counts, batch, calls, seconds = row
        usage = replace(Usage(*counts), batch=bool(batch), calls=calls or 1)
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
