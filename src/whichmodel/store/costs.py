"""Costs of stored rows written anew: the only update of outcomes that there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

import duckdb
import pyarrow as pa

from whichmodel.pricing.stored import COSTS, NEEDED
from whichmodel.store import rows as stored_rows

BATCH = 100_000
"""Rows priced at a time; memory holds one batch, and the database is let go of between two."""
REAL = "NOT simulated AND NOT baseline"
"""Rows of the demo panel and of rules keep the prices that they were made with."""
CHANGED = " OR ".join(f"o.{name} IS DISTINCT FROM f.{name}" for name in COSTS)
COST_CHANGED = " OR ".join(f"o.{name} IS DISTINCT FROM f.{name}" for name in COSTS[:2])

Reprice = Callable[[pa.Table], pa.Table]
"""Rows -> their keys and new costs."""


@dataclass(frozen=True, slots=True)
class Change:
    """What new prices change for one model; sums in USD, of known costs alone."""

    model: str
    rows: int
    changed: int
    """Rows of which a cost, its source or its date differ."""
    cost_changed: int
    """Rows of which a cost differs."""
    old_usd: Decimal
    new_usd: Decimal
    old_judge_usd: Decimal
    new_judge_usd: Decimal
    old_unknown: int
    """Rows without a known cost, failed ones left out."""
    new_unknown: int


def update(
    connection: duckdb.DuckDBPyConnection, start: int, reprice: Reprice, *, write: bool
) -> list[Change]:
    """One batch of rows from a row number on: what changes by model, written unless it is a dry run."""
    query = f"SELECT {', '.join((*NEEDED, *COSTS))} FROM outcomes WHERE {REAL} AND rowid >= ? AND rowid < ?"
    rows: pa.Table = connection.sql(query, params=[start, start + BATCH]).to_arrow_table()
    if not rows.num_rows:
        return []
    connection.register("fresh", reprice(rows))
    found = connection.execute(
        f"""SELECT o.model, count(*), count(*) FILTER ({CHANGED}), count(*) FILTER ({COST_CHANGED}),
            coalesce(sum(o.cost_usd), 0), coalesce(sum(f.cost_usd), 0),
            coalesce(sum(o.judge_cost_usd), 0), coalesce(sum(f.judge_cost_usd), 0),
            count(*) FILTER (o.cost_usd IS NULL AND o.status <> 'failed'),
            count(*) FILTER (f.cost_usd IS NULL AND o.status <> 'failed')
        FROM outcomes o JOIN fresh f USING (key) GROUP BY o.model"""
    ).fetchall()
    changes = [Change(*row) for row in found]
    if write and any(change.changed for change in changes):
        stored_rows.rewritten(connection)
        sets = ", ".join(f"{name} = f.{name}" for name in COSTS)
        connection.execute(f"UPDATE outcomes o SET {sets} FROM fresh f WHERE o.key = f.key AND ({CHANGED})")
    connection.unregister("fresh")
    return changes


def last_row(connection: duckdb.DuckDBPyConnection) -> int:
    """The highest row number; -1 = no rows. Rows are only ever added, so that numbers stay."""
    [(highest,)] = connection.execute("SELECT coalesce(max(rowid), -1) FROM outcomes").fetchall()
    return int(highest)


def total(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The sum over batches, by model in the order of their names."""
    found: dict[str, Change] = {}
    for change in changes:
        before = found.get(change.model)
        found[change.model] = change if before is None else _plus(before, change)
    return tuple(found[name] for name in sorted(found))


def _plus(a: Change, b: Change) -> Change:
    return Change(
        a.model,
        a.rows + b.rows,
        a.changed + b.changed,
        a.cost_changed + b.cost_changed,
        a.old_usd + b.old_usd,
        a.new_usd + b.new_usd,
        a.old_judge_usd + b.old_judge_usd,
        a.new_judge_usd + b.new_judge_usd,
        a.old_unknown + b.old_unknown,
        a.new_unknown + b.new_unknown,
    )
