"""Cells that have no score at all: every attempt at them failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pandas as pd

from whichmodel.store.repeated import scored

SELECT = """
    SELECT key, cell_key, task, task_hash, model, settings_hash, error_class, error_text, run_id, started_at,
        simulated, baseline
    FROM {rows} WHERE status = 'failed'
"""
"""The failed attempts of a table's rows, which a snapshot has beside these. rows: as a query names it."""


@dataclass(frozen=True, slots=True)
class Failing:
    """Cells of one task and model whose last attempt failed by the same cause."""

    task: str
    task_hash: str
    model: str
    settings_hash: str
    error_class: str
    cells: int
    example: str
    """One error's text, that of the last attempt. "" = none was noted."""


def failing(
    connection: duckdb.DuckDBPyConnection, filters: Sequence[str], values: Sequence[object]
) -> tuple[Failing, ...]:
    """The cells without a score among the rows that pass these conditions, most cells first."""
    rows = connection.execute(
        f"""WITH last AS (
            SELECT task, task_hash, model, settings_hash, cell_key,
                arg_max(coalesce(error_class, 'unknown'), (started_at, key)) AS error_class,
                arg_max(coalesce(error_text, ''), (started_at, key)) AS example
            FROM failed WHERE {" AND ".join(filters)} GROUP BY ALL)
        SELECT task, task_hash, model, settings_hash, error_class, count(*) AS cells, min(example)
        FROM last ANTI JOIN ({scored(filters)}) USING (cell_key)
        GROUP BY ALL ORDER BY cells DESC, task, model, error_class""",
        [*values, *values],
    ).fetchall()
    return tuple(Failing(*row) for row in rows)


def in_short(
    connection: duckdb.DuckDBPyConnection, filters: Sequence[str], values: Sequence[object]
) -> pd.DataFrame:
    """The same by task, model and cause as it was noted: cells and one text, the most cells first."""
    query = f"""
        WITH last AS (
            SELECT task, model, cell_key, arg_max_null(error_class, (started_at, key)) AS error_class,
                arg_max_null(error_text, (started_at, key)) AS error_text
            FROM failed WHERE {" AND ".join(filters)} GROUP BY ALL)
        SELECT task, model, error_class, count(*) AS cells, any_value(error_text) AS example
        FROM last ANTI JOIN ({scored(filters)}) USING (cell_key)
        GROUP BY ALL ORDER BY cells DESC, task, model
    """
    return connection.execute(query, [*values, *values]).df()
