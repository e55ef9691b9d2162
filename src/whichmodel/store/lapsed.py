"""Rows that were deleted in a shared store, dropped from the database here.

Only the database is changed: logs, images and journals in the results folder stay, and a rebuild brings their
rows back until the shared store is read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from whichmodel.store import rows, schema, shared
from whichmodel.store.database import Store

LARGE = ("outcomes", "timings")
RUN_OVER = "coalesce(ended_at, started_at)"


@dataclass(frozen=True, slots=True)
class Lapse:
    """What counts no more: rows that were measured before a moment, as far as they belong to one space."""

    until: datetime
    """UTC."""
    task: str | None
    """Of this task alone. None = of all."""
    organisation: str | None
    """Whose space it is. None = everybody's."""
    tasks: tuple[str, ...]
    """Of everybody's space: those that are not in it. Else those that are."""


def drop(store: Store, lapses: Sequence[Lapse]) -> dict[str, int]:
    """Drop such rows; table -> how many there were, without those of which there were none."""
    dropped: dict[str, int] = {}
    with store.opened() as connection:
        connection.execute("BEGIN")
        for lapse in lapses:
            for table in LARGE:
                where = "task NOT IN" if lapse.organisation is None else "task IN"
                mine = f"started_at < ? AND {where} (SELECT unnest(?::VARCHAR[]))"
                _count(dropped, table, _delete(connection, table, mine, lapse, list(lapse.tasks)))
            if lapse.organisation is not None:
                mine = "started_at < ? AND organisation = ?"
                _count(dropped, "races", _delete(connection, "races", mine, lapse, lapse.organisation))
            elif lapse.task is None:
                mine = f"{RUN_OVER} < ? AND run_id NOT IN (SELECT run_id FROM outcomes)"
                mine += " AND run_id NOT IN (SELECT run_id FROM timings)"
                _count(dropped, "runs", _delete(connection, "runs", mine, lapse))
        if dropped.get("outcomes"):
            rows.rewritten(connection)
        connection.execute("COMMIT")
    return dropped


def follow(
    store: Store, became: Mapping[shared.Given, Iterable[str]], space: str, ended: Sequence[str]
) -> None:
    """Note which parts took the place of others that are here, and which of these are no more.

    became: part -> keys of those whose rows it holds.
    """
    with store.opened() as connection:
        connection.execute("BEGIN")
        for part, of in became.items():
            shared.became(connection, part, of)
        shared.ended(connection, space, ended)
        connection.execute("COMMIT")


def _delete(
    connection: duckdb.DuckDBPyConnection, table: str, where: str, lapse: Lapse, *values: object
) -> int:
    of_it = " AND task = ?" if lapse.task is not None else ""
    given = [schema.utc(lapse.until), *values, *([lapse.task] if lapse.task is not None else [])]
    [(rows,)] = connection.execute(f"DELETE FROM {table} WHERE {where}{of_it}", given).fetchall()
    return int(rows)


def _count(dropped: dict[str, int], table: str, rows: int) -> None:
    if rows:
        dropped[table] = dropped.get(table, 0) + rows
