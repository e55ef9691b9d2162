"""Millions of invented outcomes, made by the database itself: retries, failures and a canary among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from whichmodel.store import Run, Store

FIRST = datetime(2026, 11, 1, 12, tzinfo=UTC)
CANARY = "run-99-canary"
AT_ONCE = 10
"""Tasks whose rows are made in one statement: memory holds no more."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much was measured."""

    models: int
    tasks: int
    items: int
    """Of each task."""
    runs: int
    """Each brings an equal part of the items."""

    @property
    def cells(self) -> int:
        return self.models * self.tasks * self.items

    def name(self, run: int) -> str:
        """A run's id, counted from 0."""
        return f"run-{run + 1}"


def stored(folder: Path, size: Size) -> Store:
    """A database of them and of their runs. No snapshot yet."""
    store = Store(folder)
    names = [*(size.name(run) for run in range(size.runs)), CANARY]
    for day, name in enumerate(names):
        begun = FIRST + timedelta(days=day)
        store.put_run(Run(name, begun, begun, False, "bench run", 1, 1, 0, "finished"))
    with duckdb.connect(str(store.path)) as connection:
        for query in _batches(size):
            connection.execute(f"INSERT INTO outcomes BY NAME {query}")
    return store


def _batches(size: Size) -> Iterator[str]:
    """Each run's first attempts, and second ones at half of what failed; a canary at the end."""
    for run in range(size.runs):
        items = run * size.items // size.runs, (run + 1) * size.items // size.runs
        for start in range(0, size.tasks, AT_ONCE):
            tasks = start, min(start + AT_ONCE, size.tasks)
            for attempt, which in ((0, "true"), (1, "hash(cell || 'f') % 100 < 1")):
                yield _rows(size, size.name(run), run, tasks, items, attempt, which)
    few = 0, min(50, size.items)
    yield _rows(size, CANARY, size.runs, (0, size.tasks), few, 2, "m < 5")


def _share(of: str) -> str:
    """SQL of a number from 0 to 1 that looks like chance and is the same each time."""
    return f"((hash({of}) % 1000000)::DOUBLE / 1000000)"


def _rows(
    size: Size, run: str, day: int, tasks: tuple[int, int], items: tuple[int, int], attempt: int, which: str
) -> str:
    """SQL of one attempt at the cells of these tasks and items that fulfil a condition, job by job."""
    return f"""
    WITH grid AS (
        SELECT t, m, k, 'task' || t || '/' || m || '/' || k AS cell
        FROM range({tasks[0]}, {tasks[1]}) a(t), range({size.models}) b(m),
            range({items[0]}, {items[1]}) c(k)),
    base AS (
        SELECT *, {attempt} = 0 AND hash(cell || 'f') % 100 < 2 AS failed,
            hash(cell || 'n') % 100 < 1 AS unpriced, hash(cell || 'r') % 200 = 0 AS refused,
            0.7 * {_share("t || 'h' || k")} + 0.3 * {_share("cell || 's'")} < 0.7 + 0.23 * m / {size.models}
                AS good
        FROM grid WHERE {which})
    SELECT md5(cell || '/{attempt}') AS key, md5(cell) AS cell_key, 'task' || t AS task,
        'bank' || t AS task_hash, 'category' || (t % 5) AS category, 'item' || k AS item_id,
        'pair' || (k // 2) AS cluster_id, 'plain' AS stratum, 1 AS epoch, 'vendor/model' || m AS model,
        'settings' || m AS settings_hash, 'model' || m AS requested_model, 1 AS attempts, 1.0 AS loop_lag_ms,
        CASE WHEN failed THEN 'failed' WHEN refused THEN 'refused' ELSE 'scored' END AS status,
        {_share("cell || 'q'")} / 100 AS queue_s, 0 AS judge_cost_usd, NOT failed AS parsed,
        CASE WHEN NOT failed THEN (good AND NOT refused)::INT::DOUBLE END AS score,
        CASE WHEN NOT failed THEN 'model' || m || '-2026' END AS served_model,
        CASE WHEN NOT failed THEN 'an answer of some length, number ' || k END AS answer_norm,
        CASE WHEN NOT failed THEN 100 + hash(cell || 'i') % 400 END AS input_tokens,
        CASE WHEN NOT failed THEN 10 + hash(cell || 'o') % 90 END AS output_tokens,
        CASE WHEN NOT failed THEN 0.2 + 2 * {_share("cell || 'l'")} END AS latency_s,
        CASE WHEN NOT (failed OR unpriced) THEN
            (0.0001 * pow(100, m / {size.models}.0) * (0.5 + {_share("cell || 'c'")}))::DECIMAL(18, 10)
            END AS cost_usd,
        CASE WHEN NOT (failed OR unpriced) THEN 'prices' END AS price_source,
        CASE WHEN NOT (failed OR unpriced) THEN DATE '2026-11-01' END AS price_date,
        CASE WHEN failed THEN if(hash(cell) % 2 = 0, 'APIStatusError', 'Timeout') END AS error_class,
        CASE WHEN failed THEN '529 overloaded, request ' || (hash(cell) % 1000) END AS error_text,
        'logs/{run}/' || t || '-' || m || '#' || left(md5(cell || 'log'), 22) AS log_ref, '{run}' AS run_id,
        TIMESTAMP '{FIRST:%Y-%m-%d %H:%M:%S}' + INTERVAL {day} DAY
            + to_milliseconds((hash(cell || 'w') % 7200000)::BIGINT) AS started_at,
        false AS simulated, false AS baseline, false AS from_cache
    FROM base ORDER BY t, m, k"""
