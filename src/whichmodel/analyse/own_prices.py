"""An organisation's own prices over stored tokens: the arithmetic of `pricing.charge`, in columns."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from whichmodel.domain import Price
from whichmodel.pricing.charge import by_tokens, first, hourly

Floats = NDArray[np.float64]
MTOK = 1_000_000.0
SECONDS_PER_HOUR = 3600.0
COUNTED = (
    "input_tokens", "cached_tokens", "cache_write_tokens", "cache_write_1h_tokens", "image_input_tokens",
    "output_tokens", "image_output_tokens", "reasoning_tokens", "images", "megapixels", "batch",
    "billed_calls", "latency_s",
)  # fmt: skip
"""Columns of an outcome that a price goes by."""


def reprice(frame: pd.DataFrame, prices: Mapping[str, Price]) -> pd.DataFrame:
    """The frame with `cost_usd` recomputed for the models in `prices`; NaN where it cannot be known."""
    owned = sorted(set(prices) & set(frame["model"].unique())) if prices else []
    if not owned:
        return frame
    cost = _numbers(frame["cost_usd"]).copy()
    for model in owned:
        mine = frame["model"].eq(model).to_numpy(dtype=bool)
        cost[mine] = costs(frame[mine], prices[model])
    return frame.assign(cost_usd=cost)


def costs(rows: pd.DataFrame, price: Price) -> Floats:
    """Cost in USD of each row by one price. NaN = a used unit has no count or no rate.

    rows: columns as in `Outcome`; one that is missing was not counted.
    """
    charged = (
        _tokens(rows, price),
        _times(rows, "images", price.per_image),
        _times(rows, "megapixels", price.per_megapixel),
        _by_seconds(rows, price.per_second),
        _gpu(rows, price),
    )
    parts = [part for part in charged if part is not None]
    total = np.asarray(np.sum(parts, axis=0)) if parts else np.full(len(rows), np.nan)
    factor = np.nan if price.batch_factor is None else float(price.batch_factor)
    return np.where(np.nan_to_num(_column(rows, "batch")) == 1, total * factor, total)


def _tokens(rows: pd.DataFrame, price: Price) -> Floats | None:
    if not by_tokens(price):
        return None
    return (_input(rows, price) + _output(rows, price)) / MTOK


def _input(rows: pd.DataFrame, price: Price) -> Floats:
    total = _column(rows, "input_tokens")
    cached = np.nan_to_num(_column(rows, "cached_tokens"))
    write = np.nan_to_num(_column(rows, "cache_write_tokens"))
    hour = np.nan_to_num(_column(rows, "cache_write_1h_tokens"))
    image = _apart(rows, "image_input_tokens", total, price.image_input_per_mtok, price.input_per_mtok)
    plain = total - cached - write - image
    contradiction = (plain < 0) | (hour > write)
    rated = _sum(
        (plain, price.input_per_mtok),
        (cached, first(price.cached_per_mtok, price.input_per_mtok)),
        (write - hour, first(price.cache_write_per_mtok, price.input_per_mtok)),
        (hour, hourly(price)),
        (image, price.image_input_per_mtok),
    )
    return np.where(contradiction, np.nan, rated)


def _output(rows: pd.DataFrame, price: Price) -> Floats:
    total = _column(rows, "output_tokens")
    image = _apart(rows, "image_output_tokens", total, price.image_output_per_mtok, price.output_per_mtok)
    reasoning = _apart(rows, "reasoning_tokens", total, price.reasoning_per_mtok, price.output_per_mtok)
    plain = total - image - reasoning
    rated = _sum(
        (plain, price.output_per_mtok),
        (image, price.image_output_per_mtok),
        (reasoning, price.reasoning_per_mtok),
    )
    return np.where(plain < 0, np.nan, rated)


def _apart(
    rows: pd.DataFrame, column: str, total: Floats, rate: Decimal | None, plain: Decimal | None
) -> Floats:
    """Tokens that are charged at a rate of their own; NaN where that matters and they were not counted."""
    if rate is None:
        return np.zeros(len(rows))
    count = _column(rows, column)
    return np.where(total == 0, 0.0, np.nan_to_num(count) if rate == plain else count)


def _sum(*units: tuple[Floats, Decimal | None]) -> Floats:
    total = np.zeros(len(units[0][0]))
    for count, rate in units:
        total += np.where(count == 0, 0.0, count * (np.nan if rate is None else float(rate)))
    return total


def _times(rows: pd.DataFrame, column: str, rate: Decimal | None) -> Floats | None:
    """Cost of what is counted in a column; None where the price does not go by it."""
    return None if rate is None else _column(rows, column) * float(rate)


def _calls(rows: pd.DataFrame) -> Floats:
    calls = _column(rows, "billed_calls")
    return np.where(np.isnan(calls), 1.0, calls)


def _seconds(rows: pd.DataFrame) -> Floats:
    """Duration of a row's one call. NaN = not measured, or the row has several."""
    return np.where(_calls(rows) == 1, _column(rows, "latency_s"), np.nan)


def _by_seconds(rows: pd.DataFrame, rate: Decimal | None) -> Floats | None:
    return None if rate is None else _seconds(rows) * float(rate)


def _gpu(rows: pd.DataFrame, price: Price) -> Floats | None:
    """Share of the GPUs' hour; None where it is not charged."""
    if price.per_gpu_hour is None:
        return None
    hour = float(price.per_gpu_hour)
    if price.requests_per_hour is not None:
        return _calls(rows) * hour / float(price.requests_per_hour)
    if price.concurrency is None:
        return np.full(len(rows), np.nan)
    return _seconds(rows) * hour / SECONDS_PER_HOUR / float(price.concurrency)


def _column(rows: pd.DataFrame, name: str) -> Floats:
    return _numbers(rows[name]) if name in rows else np.full(len(rows), np.nan)


def _numbers(column: pd.Series) -> Floats:
    return np.asarray(column.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)
