"""Canaries: runs that ask again what is stored, to see whether a model has changed.

Their rows are honest outcomes and stay for ever, as further epochs of their cells; a run's id says that it
is a canary. They stand in no standings and count as no measurement: items asked again would weigh more than
others, and a cell of a later epoch is still to be measured when somebody asks for more epochs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

MARK = "-canary"
"""How the id of such a run ends."""
CANARY_SQL = f"ends_with(run_id, '{MARK}')"


@dataclass(frozen=True, slots=True)
class Row:
    """What a drift can be seen by, of one outcome. None = not known."""

    task: str
    task_hash: str
    model: str
    settings_hash: str
    item_id: str
    epoch: int
    run_id: str
    canary: bool
    started_at: datetime
    """UTC."""
    status: str
    score: float | None
    """None = failed."""
    answer_norm: str | None
    served_model: str | None
    fingerprint: str | None
    latency_s: float | None
    """None for answers out of the response cache too."""
    loop_lag_ms: float | None
    cost_usd: float | None


Asked = tuple[str, str]
"""Task hash and settings hash."""
_SELECT = f"""
    SELECT task, task_hash, model, settings_hash, item_id, epoch, run_id, {CANARY_SQL} AS canary, started_at,
        status, score, answer_norm, served_model, fingerprint, latency_s, loop_lag_ms, cost_usd::DOUBLE
    FROM outcomes JOIN asked USING (task_hash, settings_hash, item_id)
    ORDER BY task, model, item_id, epoch, started_at, key
"""


def scored(connection: duckdb.DuckDBPyConnection, asked: Iterable[Asked]) -> Mapping[Asked, frozenset[str]]:
    """Ids of the items that have a score by a run that is no canary."""
    pairs = sorted(set(asked))
    wanted = {"task_hash": [task for task, _ in pairs], "settings_hash": [settings for _, settings in pairs]}
    connection.register("asked", pa.table(wanted))
    found = connection.execute(
        "SELECT task_hash, settings_hash, list(DISTINCT item_id) "
        "FROM outcomes JOIN asked USING (task_hash, settings_hash) "
        f"WHERE status <> 'failed' AND NOT {CANARY_SQL} GROUP BY ALL"
    ).fetchall()
    return {(task, settings): frozenset(items) for task, settings, items in found}


def rows(connection: duckdb.DuckDBPyConnection, asked: Iterable[tuple[str, str, str]]) -> tuple[Row, ...]:
    """All outcomes of these (task hash, settings hash, item), of canaries and other runs, by epoch."""
    names = ("task_hash", "settings_hash", "item_id")
    cells = sorted(set(asked))
    wanted = {name: [cell[place] for cell in cells] for place, name in enumerate(names)}
    connection.register("asked", pa.table(wanted))
    return tuple(Row(*row) for row in connection.execute(_SELECT).fetchall())
