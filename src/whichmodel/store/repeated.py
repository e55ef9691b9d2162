"""Rows of items that were asked more than once: retries, canaries, and items that several runs asked.

They are few, and they alone need a closer look: of every other cell the one row counts, and is its last.
Queries over millions of rows leave the comparing of content keys to this table, which a snapshot has beside
its rows. It may hold more than it must; what it must hold is every row of a cell that has several, and of
an item that several runs asked.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from whichmodel.store.rows import ITEM, met

COLUMNS = (
    f"key, cell_key, {ITEM}, settings_hash, cluster_id, status, score, cost_usd, run_id, started_at, "
    "simulated, baseline"
)
SELECT = f"""
    WITH met AS (SELECT hash({ITEM}) AS met FROM {{rows}} GROUP BY ALL HAVING count(*) > 1),
    candidates AS (SELECT {COLUMNS} FROM {{rows}} WHERE hash({ITEM}) IN (SELECT met FROM met)),
    items AS (
        SELECT {ITEM} FROM candidates GROUP BY ALL
        HAVING count(*) > count(DISTINCT cell_key) OR min(run_id) <> max(run_id))
    SELECT {COLUMNS} FROM candidates SEMI JOIN items USING ({ITEM})
"""
"""Those of a table's rows. rows: as a query names it."""


def touched(connection: duckdb.DuckDBPyConnection, since: str) -> pa.Table:
    """The rows of all items of which something is new. since: the new rows, as SQL."""
    met(connection, since)
    found = f"SELECT {COLUMNS} FROM outcomes WHERE rowid IN (SELECT place FROM met)"
    return connection.sql(found).to_arrow_table()


def passed_over(filters: Sequence[str]) -> str:
    """SQL of the keys of rows that do not count: of their cell another attempt among the visible ones does.

    filters: what is visible. Of a cell the last attempt that has a score counts, else the last one.
    """
    return f"""
        SELECT key FROM repeated WHERE {" AND ".join(filters)}
        QUALIFY row_number() OVER
            (PARTITION BY cell_key ORDER BY status = 'failed', started_at DESC, key) > 1
    """


def scored(filters: Sequence[str]) -> str:
    """SQL of the cells that have a score among the visible rows, as far as they have several rows."""
    return f"SELECT cell_key FROM repeated WHERE status <> 'failed' AND {' AND '.join(filters)}"
