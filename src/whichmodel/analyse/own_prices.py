"""An organisation's own prices over stored tokens: the arithmetic of `pricing.by_own_price`, in columns."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from whichmodel.domain import Price

Floats = NDArray[np.float64]
MTOK = 1_000_000.0


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
    """Cost in USD of each row by one price. NaN = a used unit has no count or no rate."""
    charged = (
        _tokens(rows, price),
        _times(rows, "images", price.per_image),
        _times(rows, "latency_s", price.per_second),
    )
    parts = [part for part in charged if part is not None]
    return np.asarray(np.sum(parts, axis=0)) if parts else np.full(len(rows), np.nan)


def _tokens(rows: pd.DataFrame, price: Price) -> Floats | None:
    if price.input_per_mtok is None and price.output_per_mtok is None:
        return None
    cached = np.nan_to_num(_numbers(rows["cached_tokens"]))
    write = np.nan_to_num(_numbers(rows["cache_write_tokens"]))
    plain = price.input_per_mtok
    units = (
        (_numbers(rows["input_tokens"]) - cached - write, plain),
        (cached, price.cached_per_mtok if price.cached_per_mtok is not None else plain),
        (write, price.cache_write_per_mtok if price.cache_write_per_mtok is not None else plain),
        (_numbers(rows["output_tokens"]), price.output_per_mtok),
    )
    total = np.zeros(len(rows))
    for count, rate in units:
        per_token = np.nan if rate is None else float(rate) / MTOK
        total += np.where(count == 0, 0.0, count * per_token)
    return total


def _times(rows: pd.DataFrame, column: str, rate: Decimal | None) -> Floats | None:
    """Cost of what is counted in a column; None where the price does not go by it."""
    return None if rate is None else _numbers(rows[column]) * float(rate)


def _numbers(column: pd.Series) -> Floats:
    return np.asarray(column.astype("float64").to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)
