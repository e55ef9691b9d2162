"""Outcomes counted by all that the pages tell them apart by: some ten thousands of rows in place of millions.

A snapshot has them beside its rows, which no longer change; figures of several groups are added up.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pandas as pd

from whichmodel.store.canaries import CANARY_SQL

BY = (
    "run_id",
    "task",
    "task_hash",
    "model",
    "settings_hash",
    "epoch",
    "requested_model",
    "served_model",
    "fingerprint",
    "price_source",
    "price_date",
    "simulated",
    "baseline",
    "from_cache",
)
SELECT = f"""
    SELECT {", ".join(BY)}, status = 'failed' AS failed, count(*) AS n_rows,
        min(started_at) AS first, max(started_at) AS last,
        sum(cost_usd) AS cost_usd, sum(judge_cost_usd) AS judge_cost_usd,
        count(*) FILTER (cost_usd IS NULL) AS unpriced,
        count(*) FILTER (judge_cost_usd IS NULL) AS judge_unpriced
    FROM {{rows}} GROUP BY ALL
"""
"""Groups of the rows of a table. rows: as a query names it."""


def total(figure: str, condition: str = "true") -> str:
    """SQL of a count summed over groups that fulfil a condition; 0 = there are none."""
    return f"coalesce(sum({figure}) FILTER ({condition}), 0)::BIGINT"


def panels(connection: duckdb.DuckDBPyConnection) -> set[bool]:
    """Whether outcomes other than of rules are simulated: both, one, or none of the two."""
    rows = connection.execute("SELECT DISTINCT simulated FROM grouped WHERE NOT baseline").fetchall()
    return {bool(simulated) for (simulated,) in rows}


def measured(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """What is stored of each task and model; columns as `Reader.measured` tells."""
    scored = f"NOT failed AND NOT {CANARY_SQL}"
    query = f"""
        WITH twice AS (
            SELECT task, model, simulated, count(*) - count(DISTINCT cell_key) AS more
            FROM repeated WHERE status <> 'failed' AND NOT {CANARY_SQL} GROUP BY ALL)
        SELECT task, model, simulated,
            {total("n_rows", scored)} - coalesce(any_value(more), 0) AS n,
            {total("n_rows", f"failed AND NOT {CANARY_SQL}")} AS failed,
            {total("n_rows", CANARY_SQL)} AS canaries,
            sum(cost_usd) FILTER (NOT from_cache)::DOUBLE AS spend_usd,
            {total("unpriced", "NOT failed")} AS unpriced,
            sum(judge_cost_usd) FILTER (NOT from_cache)::DOUBLE AS judge_usd,
            {total("judge_unpriced", "NOT failed")} AS judge_unpriced,
            {total("n_rows", "from_cache")} AS cached,
            max(last) AS last
        FROM grouped LEFT JOIN twice USING (task, model, simulated)
        GROUP BY task, model, simulated ORDER BY task, model
    """
    return connection.execute(query).df()


def measured_on(
    connection: duckdb.DuckDBPyConnection, filters: Sequence[str], values: Sequence[object]
) -> dict[str, frozenset[str]]:
    """Task -> the models that were asked on the bank of it that counts, of what passes these conditions."""
    rows = connection.execute(
        f"""
        WITH {banks_sql(filters)}
        SELECT task, list(DISTINCT model) FROM grouped JOIN banks USING (task, task_hash)
        WHERE {" AND ".join(filters)} GROUP BY task ORDER BY task
        """,
        [*values, *values],
    ).fetchall()
    return {task: frozenset(models) for task, models in rows}


def banks_sql(filters: Sequence[str]) -> str:
    """SQL of the bank of each task that counts, the one measured last, under the name `banks`."""
    return (
        "banks AS (SELECT task, arg_max(task_hash, last) AS task_hash FROM grouped "
        f"WHERE {' AND '.join(filters)} GROUP BY task)"
    )


def served(connection: duckdb.DuckDBPyConnection, where: str) -> pd.DataFrame:
    """Which model was asked for and which one replied; columns as `Reader.served` tells."""
    query = f"""
        SELECT task, model, requested_model, served_model, count(DISTINCT fingerprint) AS fingerprints,
            coalesce(list(DISTINCT fingerprint) FILTER (fingerprint IS NOT NULL), [])
                AS fingerprint_names,
            {total("n_rows")} AS rows
        FROM grouped WHERE {where} AND NOT failed
        GROUP BY ALL ORDER BY task, model, rows DESC, served_model
    """
    return connection.execute(query).df()
