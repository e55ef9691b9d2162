"""The banks of a task that are stored: outcomes of one are never compared with those of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb


@dataclass(frozen=True, slots=True)
class StoredBank:
    """One bank of a task, over all runs."""

    task: str
    task_hash: str
    items: int
    models: int
    imported: bool
    """All of its outcomes were imported."""
    last: datetime
    """When its last outcome was measured, UTC."""


def stored(connection: duckdb.DuckDBPyConnection, tasks: Sequence[str]) -> tuple[StoredBank, ...]:
    """The banks of these tasks, by task, the one measured last first."""
    query = """
        SELECT task, task_hash, count(DISTINCT item_id), count(DISTINCT model),
            bool_and(imported_from IS NOT NULL), max(started_at) AS last
        FROM outcomes WHERE task IN (SELECT unnest(?)) GROUP BY ALL ORDER BY task, last DESC, task_hash
    """
    return tuple(StoredBank(*row) for row in connection.execute(query, [list(tasks)]).fetchall())
