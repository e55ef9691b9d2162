"""Costs at a workload's own tokens, which need not be those of the bank's prompts. Pure.

Where a workload names `input_tokens` or `output_tokens`, the counts of every stored row of the task are
multiplied by one factor, the same for all models: the workload's tokens over the mean of the model that
serves it today, or where that was not measured over the median of the models' means. So a model that writes
twice as much as another still does. The scaled counts are then priced: by the organisation's price, the
model's own, or today's public one. What has no price stays unknown, and so does a price by time, since how
long a request of another length takes was not measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from whichmodel.analyse.own_prices import costs
from whichmodel.domain import Model, Organisation, Price, Workload
from whichmodel.pricing.public import tiers

Floats = NDArray[np.float64]
INPUT = ("input_tokens", "cached_tokens", "cache_write_tokens", "cache_write_1h_tokens", "image_input_tokens")
OUTPUT = ("output_tokens", "reasoning_tokens", "image_output_tokens")


@dataclass(frozen=True, slots=True)
class Scale:
    """How a task's tokens were scaled. Factor 1 = as in the bank."""

    task: str
    input: float
    output: float
    reference: str
    """Whose mean counts the factors are against: a model, or "the median model"."""


def at_workload(
    frame: pd.DataFrame, organisation: Organisation, models: Mapping[str, Model], *, at: datetime
) -> tuple[pd.DataFrame, tuple[Scale, ...]]:
    """The outcomes with `cost_usd` at each workload's tokens, and how they were scaled.

    frame: columns as in `Outcome`, costs as float. Tasks whose workload names no tokens stay as they are.
    at: the time whose public prices count.
    """
    scales = []
    cost = frame["cost_usd"].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan).copy()
    for task, places in frame.groupby("task", observed=True).indices.items():
        rows = frame.iloc[places]
        workload = organisation.workload(str(task), str(rows["category"].iloc[0]))
        scale = None if workload is None else _scale(str(task), rows, workload)
        if scale is None:
            continue
        scales.append(scale)
        cost[places] = _priced(rows, scale, organisation, models, at)
    return (frame.assign(cost_usd=cost) if scales else frame), tuple(scales)


def _scale(task: str, rows: pd.DataFrame, workload: Workload) -> Scale | None:
    if workload.input_tokens is None and workload.output_tokens is None:
        return None
    means = rows.groupby("model", observed=True)[["input_tokens", "output_tokens"]].mean()
    named = workload.incumbent
    known = named in means.index and bool(means.loc[named].notna().all())
    usual = means[means.index == named].mean() if known else means[(means > 0).all(axis=1)].median()
    return Scale(
        task,
        _factor(workload.input_tokens, float(usual.iloc[0])),
        _factor(workload.output_tokens, float(usual.iloc[1])),
        str(named) if known else "the median model",
    )


def _factor(wanted: int | None, usual: float) -> float:
    """1 where the workload does not say; NaN where the bank has no counts, so that costs are unknown."""
    if wanted is None:
        return 1.0
    return wanted / usual if usual > 0 else float("nan")


def _priced(
    rows: pd.DataFrame,
    scale: Scale,
    organisation: Organisation,
    models: Mapping[str, Model],
    at: datetime,
) -> Floats:
    factors = {**dict.fromkeys(INPUT, scale.input), **dict.fromkeys(OUTPUT, scale.output)}
    scaled = rows.assign(
        **{name: rows[name].astype("Float64") * factor for name, factor in factors.items() if name in rows}
    )
    cost = np.full(len(rows), np.nan)
    for name in rows["model"].unique():
        mine = rows["model"].eq(name).to_numpy(dtype=bool)
        cost[mine] = _by_price(scaled[mine], models.get(str(name)), organisation.prices.get(str(name)), at)
    return cost


def _by_price(rows: pd.DataFrame, model: Model | None, own: Price | None, at: datetime) -> Floats:
    price = own or (model.price if model else None)
    if price is not None:
        timed = price.per_second is not None or price.per_gpu_hour is not None
        return np.full(len(rows), np.nan) if timed else costs(rows, price)
    found = tiers(model, at) if model else None
    if found is None:
        return np.full(len(rows), np.nan)
    cost = np.full(len(rows), np.nan)
    length = rows["input_tokens"].to_numpy(dtype=np.float64, na_value=np.nan)
    for tier in found:
        longer = length > tier.above
        cost[longer] = costs(rows[longer], tier.price)
    return cost
