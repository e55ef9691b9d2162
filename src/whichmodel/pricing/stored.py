"""Stored rows priced again: from their counts, their time and the prices of today's configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from whichmodel.domain import Model, Priced, Usage
from whichmodel.pricing import price, ten_places
from whichmodel.pricing.charge import NO_PRICE

USAGE = {
    "input": "input_tokens",
    "cached": "cached_tokens",
    "cache_write": "cache_write_tokens",
    "output": "output_tokens",
    "reasoning": "reasoning_tokens",
    "images": "images",
    "cache_write_1h": "cache_write_1h_tokens",
    "image_input": "image_input_tokens",
    "image_output": "image_output_tokens",
    "megapixels": "megapixels",
    "batch": "batch",
    "calls": "billed_calls",
}
"""Field of `Usage` -> column of a stored row."""
JUDGE_USAGE = {
    "calls": "judge_calls",
    "input": "judge_input_tokens",
    "cached": "judge_cached_tokens",
    "cache_write": "judge_cache_write_tokens",
    "output": "judge_output_tokens",
    "reasoning": "judge_reasoning_tokens",
}
COSTS = ("cost_usd", "judge_cost_usd", "price_source", "price_date")
NEEDED = ("key", "model", "started_at", "latency_s", "judge_model", *USAGE.values(), *JUDGE_USAGE.values())
"""Columns that pricing a row again reads, beside the costs that it replaces."""
FRESH = pa.schema(
    [
        ("key", pa.string()),
        ("cost_usd", pa.decimal128(18, 10)),
        ("judge_cost_usd", pa.decimal128(18, 10)),
        ("price_source", pa.string()),
        ("price_date", pa.date32()),
    ]
)

IMPORTED = "imported"
"""Source of the price of a cost that came with an imported outcome."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Again:
    """Prices stored rows by these models, and by the public list where it knows a model that is not here.

    A row whose model is in neither keeps its cost: what it cost was known once, and no longer being listed
    does not change it. So does a row that was imported with its cost, which nobody here computed.
    """

    models: Mapping[str, Model]

    def __call__(self, rows: pa.Table) -> pa.Table:
        """The rows' keys and costs. rows: the columns NEEDED and COSTS."""
        columns: list[list[Any]] = [[] for _ in FRESH]
        for row in _rows(rows):
            for column, value in zip(columns, self._costs(row), strict=True):
                column.append(value)
        return pa.table(columns, schema=FRESH)

    def _costs(self, row: Row) -> tuple[Any, ...]:
        priced = self._answer(row)
        return row["key"], priced.usd, self._judge(row), priced.source or None, priced.dated

    def _answer(self, row: Row) -> Priced:
        if row["price_source"] == IMPORTED:
            return Priced(row["cost_usd"], IMPORTED, row["price_date"])
        priced = explain(row, self.models)
        if priced.usd is None and priced.why == NO_PRICE and row["model"] not in self.models:
            return Priced(row["cost_usd"], row["price_source"] or "", row["price_date"])
        return Priced(ten_places(priced.usd), priced.source, priced.dated)

    def _judge(self, row: Row) -> Decimal | None:
        name: str | None = row["judge_model"]
        stored: Decimal | None = row["judge_cost_usd"]
        if name is None:
            return Decimal(0) if row["judge_calls"] == 0 else stored
        priced = price(_model(name, self.models), _usage(row, JUDGE_USAGE), at=row["started_at"])
        if priced.usd is None and priced.why == NO_PRICE and name not in self.models:
            return stored
        return ten_places(priced.usd)


def explain(row: Row, models: Mapping[str, Model]) -> Priced:
    """What a stored row costs today, or why that is unknown."""
    usage = _usage(row, USAGE)
    return price(_model(row["model"], models), usage, at=row["started_at"], seconds=row["latency_s"])


def _model(name: str, models: Mapping[str, Model]) -> Model:
    known = models.get(name)
    return known if known is not None else Model(id=name, inspect_name=name, vendor="")


def _usage(row: Row, columns: Mapping[str, str]) -> Usage:
    """The counts of a row; batch and the number of calls were not always noted: none, and one."""
    counts = {field: row[column] for field, column in columns.items()}
    counts["batch"] = bool(counts.get("batch"))
    counts["calls"] = counts["calls"] or 1
    return Usage(**counts)


def _rows(rows: pa.Table) -> Iterator[Row]:
    names: list[str] = rows.column_names
    for values in zip(*(column.to_pylist() for column in rows.columns), strict=True):
        yield dict(zip(names, values, strict=True))
