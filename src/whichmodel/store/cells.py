"""Single outcomes, whole: those of one item."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import UTC

import duckdb

from whichmodel.domain import Outcome, Status

NAMES = tuple(field.name for field in fields(Outcome))


def of_item(
    connection: duckdb.DuckDBPyConnection,
    filters: Sequence[str],
    values: Sequence[object],
    item: str,
    models: Collection[str],
) -> tuple[Outcome, ...]:
    """The outcome that counts of each cell of an item, by model and epoch.

    filters, values: which outcomes of which task are seen; of its banks the one measured last counts.
    """
    seen = " AND ".join(filters)
    rows = connection.execute(
        f"""
        SELECT {", ".join(NAMES)} FROM outcomes
        WHERE {seen} AND item_id = ? AND model IN (SELECT unnest(?))
            AND task_hash = (SELECT arg_max(task_hash, started_at) FROM outcomes WHERE {seen})
        QUALIFY row_number() OVER
            (PARTITION BY cell_key ORDER BY status = 'failed', started_at DESC, key) = 1
        ORDER BY model, epoch, settings_hash
        """,
        [*values, item, sorted(models), *values],
    ).fetchall()
    return tuple(_outcome(dict(zip(NAMES, row, strict=True))) for row in rows)


def _outcome(row: dict[str, object]) -> Outcome:
    started = row["started_at"].replace(tzinfo=UTC)  # type: ignore[attr-defined]
    return Outcome(**{**row, "status": Status(str(row["status"])), "started_at": started})
