"""What was used and spent, by model: prices in use, what has none, and counts that estimates rest on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from whichmodel.domain import Usage
from whichmodel.pricing.stored import JUDGE_USAGE, NEEDED, USAGE
from whichmodel.store.grouped import total

HIGH = 0.9
"""Share of samples that an upper estimate covers, in each count by itself."""
COUNTED = {field: column for field, column in USAGE.items() if field not in ("batch", "calls")}


@dataclass(frozen=True, slots=True)
class Used:
    """Rows of one model that were priced from one source. Failed rows are left out unless they cost."""

    model: str
    source: str | None
    """None = these rows have no known cost."""
    first: date | None
    """The oldest and the newest date of a price."""
    last: date | None
    rows: int
    unknown: int
    """Rows without a known cost."""
    spend_usd: Decimal
    """What was paid, as far as it is known: answers of the response cache cost nothing again."""
    judge_usd: Decimal
    """What the judge of these rows was paid."""
    simulated: bool


@dataclass(frozen=True, slots=True)
class Unpriced:
    """Rows of one model without a known cost that miss the same counts."""

    model: str
    rows: int
    example: Mapping[str, Any]
    """One of them, its columns by name."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What one run paid for one model on one task, canaries included. Costs unknown are in no sum."""

    run_id: str
    task: str
    model: str
    answers: int
    """Rows with an answer."""
    failed: int
    cached: int
    """Answers out of the response cache: nothing was paid for them."""
    canaries: int
    spend_usd: Decimal
    unknown: int
    """Answers whose cost is unknown."""
    judge_usd: Decimal
    judge_unknown: int
    last: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the scored samples of one task and one model used: the mean, and what most stay below."""

    n: int
    mean: Usage
    high: Usage
    """By count the quantile HIGH. Cached tokens are left out: a prompt need not meet the cache."""
    mean_s: float | None
    high_s: float | None
    judge_model: str | None
    """None = the judge's counts are not known."""
    judge_mean: Usage
    """Of all the judge's calls about one sample."""
    judge_high: Usage


Measured = Mapping[tuple[str, str], Counts]
"""(task, settings hash) -> counts."""
Figures = Mapping[str, float | None]
"""Column -> its mean or its quantile."""


def used(connection: duckdb.DuckDBPyConnection) -> tuple[Used, ...]:
    """Prices in use, by model and source."""
    rows = connection.execute(
        """SELECT model, price_source, min(price_date), max(price_date), count(*),
            count(*) FILTER (cost_usd IS NULL),
            coalesce(sum(cost_usd) FILTER (NOT from_cache), 0),
            coalesce(sum(judge_cost_usd) FILTER (NOT from_cache), 0), simulated
        FROM outcomes WHERE status <> 'failed' OR cost_usd IS NOT NULL
        GROUP BY model, price_source, simulated ORDER BY model, price_source, simulated"""
    ).fetchall()
    return tuple(Used(*row) for row in rows)


def spent(
    connection: duckdb.DuckDBPyConnection, canary: str, filters: Sequence[str], values: Sequence[object]
) -> tuple[Spent, ...]:
    """What was paid, by run, task and model, of the rows that pass these conditions. canary: SQL of one."""
    rows = connection.execute(
        f"""SELECT run_id, task, model,
            {total("n_rows", "NOT failed")}, {total("n_rows", "failed")},
            {total("n_rows", "from_cache")}, {total("n_rows", canary)},
            coalesce(sum(cost_usd) FILTER (NOT from_cache), 0),
            {total("unpriced", "NOT failed")},
            coalesce(sum(judge_cost_usd) FILTER (NOT from_cache), 0),
            {total("judge_unpriced", "NOT failed")},
            max(last)
        FROM grouped WHERE {" AND ".join(filters)}
        GROUP BY run_id, task, model ORDER BY run_id, task, model""",
        list(values),
    ).fetchall()
    return tuple(Spent(*row) for row in rows)


def unpriced(connection: duckdb.DuckDBPyConnection) -> tuple[Unpriced, ...]:
    """Real rows with an answer and without a known cost, by model and by what they count."""
    missing = ", ".join(f"coalesce({column}::DOUBLE, -1) > 0, {column} IS NULL" for column in USAGE.values())
    cursor = connection.execute(
        f"""SELECT first(COLUMNS(o.*)), count(*) AS n FROM (SELECT {", ".join(NEEDED)} FROM outcomes
            WHERE cost_usd IS NULL AND status <> 'failed' AND NOT simulated) o
        GROUP BY model, {missing} ORDER BY n DESC"""
    )
    return tuple(
        Unpriced(row[NEEDED.index("model")], int(row[-1]), dict(zip(NEEDED, row[:-1], strict=True)))
        for row in cursor.fetchall()
    )


def counts(connection: duckdb.DuckDBPyConnection) -> Measured:
    """What samples with an answer used, by task and settings, in one query."""
    columns = [*COUNTED.values(), "billed_calls", "latency_s", *JUDGE_USAGE.values()]
    figures = ", ".join(f"avg({_figure(c)}), quantile_cont({_figure(c)}, {HIGH})" for c in columns)
    rows = connection.execute(
        f"""SELECT task, settings_hash, count(*), any_value(judge_model), count(DISTINCT judge_model),
            {figures}
        FROM outcomes WHERE status <> 'failed' AND (input_tokens IS NOT NULL OR images IS NOT NULL)
        GROUP BY task, settings_hash"""
    ).fetchall()
    return {(row[0], row[1]): _counts(row[2], row[3], row[4], columns, row[5:]) for row in rows}


def _counts(n: int, judge: str | None, judges: int, columns: list[str], figures: tuple[Any, ...]) -> Counts:
    """A row of figures as counts. A detail that some samples did not report was none in those."""
    mean = dict(zip(columns, figures[0::2], strict=True))
    high = dict(zip(columns, figures[1::2], strict=True))
    return Counts(
        n=n,
        mean=_usage(mean),
        high=_usage({**high, "cached_tokens": 0}),
        mean_s=mean["latency_s"],
        high_s=high["latency_s"],
        judge_model=judge if judges == 1 else None,
        judge_mean=_judge(mean),
        judge_high=_judge({**high, "judge_cached_tokens": 0}),
    )


def _figure(column: str) -> str:
    """A column for a mean: what a reply leaves out of its details was none."""
    return f"coalesce({column}, 0)" if "cache" in column else column


def _usage(figures: Figures) -> Usage:
    """Totals rounded up and details down, so that no detail outgrows what it is part of."""
    return Usage(
        input=_up(figures["input_tokens"]),
        cached=_down(figures["cached_tokens"]),
        cache_write=_down(figures["cache_write_tokens"]),
        output=_up(figures["output_tokens"]),
        reasoning=_down(figures["reasoning_tokens"]),
        images=_up(figures["images"]),
        cache_write_1h=_down(figures["cache_write_1h_tokens"]),
        image_input=_down(figures["image_input_tokens"]),
        image_output=_down(figures["image_output_tokens"]),
        megapixels=figures["megapixels"],
        calls=_up(figures["billed_calls"]) or 1,
    )


def _judge(figures: Figures) -> Usage:
    return Usage(
        input=_up(figures["judge_input_tokens"]),
        cached=_down(figures["judge_cached_tokens"]),
        cache_write=_down(figures["judge_cache_write_tokens"]),
        output=_up(figures["judge_output_tokens"]),
        reasoning=_down(figures["judge_reasoning_tokens"]),
        calls=_up(figures["judge_calls"]) or 1,
    )


def _up(figure: float | None) -> int | None:
    return None if figure is None else math.ceil(figure)


def _down(figure: float | None) -> int | None:
    return None if figure is None else math.floor(figure)
