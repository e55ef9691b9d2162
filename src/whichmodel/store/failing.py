"""Cells that have no score at all: every attempt at them failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb


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
        f"""WITH seen AS (SELECT * FROM outcomes WHERE {" AND ".join(filters)}),
        last AS (
            SELECT task, task_hash, model, settings_hash, cell_key,
                arg_max(coalesce(error_class, 'unknown'), (started_at, key)) AS error_class,
                arg_max(coalesce(error_text, ''), (started_at, key)) AS example
            FROM seen WHERE status = 'failed' GROUP BY ALL)
        SELECT task, task_hash, model, settings_hash, error_class, count(*) AS cells, min(example)
        FROM last ANTI JOIN (SELECT cell_key FROM seen WHERE status <> 'failed') USING (cell_key)
        GROUP BY ALL ORDER BY cells DESC, task, model, error_class""",
        list(values),
    ).fetchall()
    return tuple(Failing(*row) for row in rows)
