"""What a reader tells, asked in the plainest way: each question a query over every row, nothing kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

PANELS = {"real": "NOT simulated", "simulated": "(simulated OR baseline)"}
CANARY = "ends_with(run_id, '-canary')"
Rows = list[tuple[Any, ...]]


def visible(panel: str, until: str | None, *, canaries: bool = False) -> str:
    """The condition of a panel's rows as things stood when a run ended."""
    found = [PANELS[panel]]
    if until is not None:
        found.append(
            "run_id IN (SELECT run_id FROM runs WHERE started_at <= "
            f"(SELECT started_at FROM runs WHERE run_id = '{until}'))"
        )
    if not canaries:
        found.append(f"NOT {CANARY}")
    return " AND ".join(found)


def counting(panel: str, until: str | None = None) -> str:
    """The outcome that counts of each cell of the bank that counts."""
    return f"""
        WITH seen AS (SELECT * FROM outcomes WHERE {visible(panel, until)}),
        banks AS (SELECT task, arg_max(task_hash, started_at) AS task_hash FROM seen GROUP BY task)
        SELECT seen.* FROM seen JOIN banks USING (task, task_hash)
        QUALIFY row_number() OVER
            (PARTITION BY cell_key ORDER BY status = 'failed', started_at DESC, key) = 1"""


def measured() -> str:
    return f"""SELECT task, model, simulated,
            count(DISTINCT cell_key) FILTER (status <> 'failed' AND NOT {CANARY}) AS n,
            count(*) FILTER (status = 'failed' AND NOT {CANARY}) AS failed,
            count(*) FILTER ({CANARY}) AS canaries,
            sum(cost_usd) FILTER (NOT from_cache)::DOUBLE AS spend_usd,
            count(*) FILTER (cost_usd IS NULL AND status <> 'failed') AS unpriced,
            sum(judge_cost_usd) FILTER (NOT from_cache)::DOUBLE AS judge_usd,
            count(*) FILTER (judge_cost_usd IS NULL AND status <> 'failed') AS judge_unpriced,
            count(*) FILTER (from_cache) AS cached, max(started_at) AS last
        FROM outcomes GROUP BY ALL"""


def measured_on(panel: str, until: str | None) -> str:
    return f"""WITH seen AS (SELECT * FROM outcomes WHERE {visible(panel, until)}),
        banks AS (SELECT task, arg_max(task_hash, started_at) AS task_hash FROM seen GROUP BY task)
        SELECT DISTINCT task, model FROM seen JOIN banks USING (task, task_hash)"""


def failing(panel: str, until: str | None) -> str:
    return f"""WITH seen AS (SELECT * FROM outcomes WHERE {visible(panel, until)}),
        last AS (
            SELECT task, task_hash, model, settings_hash, cell_key,
                arg_max(coalesce(error_class, 'unknown'), (started_at, key)) AS error_class,
                arg_max(coalesce(error_text, ''), (started_at, key)) AS example
            FROM seen WHERE status = 'failed' GROUP BY ALL)
        SELECT task, task_hash, model, settings_hash, error_class, count(*) AS cells, min(example)
        FROM last ANTI JOIN (SELECT cell_key FROM seen WHERE status <> 'failed') USING (cell_key)
        GROUP BY ALL"""


def failures(panel: str) -> str:
    return f"""WITH last AS (
            SELECT * FROM outcomes WHERE {visible(panel, None)}
            QUALIFY row_number() OVER
                (PARTITION BY cell_key ORDER BY status = 'failed', started_at DESC, key DESC) = 1)
        SELECT task, model, error_class, count(*) AS cells FROM last WHERE status = 'failed' GROUP BY ALL"""


def spent(panel: str, until: str | None) -> str:
    return f"""SELECT run_id, task, model,
            count(*) FILTER (status <> 'failed'), count(*) FILTER (status = 'failed'),
            count(*) FILTER (from_cache), count(*) FILTER ({CANARY}),
            coalesce(sum(cost_usd) FILTER (NOT from_cache), 0),
            count(*) FILTER (cost_usd IS NULL AND status <> 'failed'),
            coalesce(sum(judge_cost_usd) FILTER (NOT from_cache), 0),
            count(*) FILTER (judge_cost_usd IS NULL AND status <> 'failed'), max(started_at)
        FROM outcomes WHERE {visible(panel, until, canaries=True)} GROUP BY run_id, task, model"""


def served(panel: str) -> str:
    return f"""SELECT task, model, requested_model, served_model, count(DISTINCT fingerprint),
            list_sort(coalesce(list(DISTINCT fingerprint) FILTER (fingerprint IS NOT NULL), [])),
            count(*) AS rows
        FROM outcomes WHERE {visible(panel, None)} AND status <> 'failed' GROUP BY ALL"""


def brought(panel: str) -> str:
    return f"""SELECT run_id, task, model, settings_hash, served_model, price_source, price_date, count(*),
            count(*) FILTER (status = 'failed'), min(started_at) AS first
        FROM outcomes WHERE {visible(panel, None)} GROUP BY ALL"""


def replied_last() -> str:
    return """SELECT model, arg_max(served_model, started_at), max(started_at) FROM outcomes
        WHERE status <> 'failed' AND served_model IS NOT NULL AND NOT from_cache GROUP BY model"""


def again(panel: str, before: Sequence[str], after: Sequence[str]) -> str:
    """Items of both times, one by one: (task, model, cluster, items, twice, sums over those twice)."""
    early, late = (f"run_id IN ({', '.join(map(repr, runs))})" for runs in (before, after))
    return f"""WITH seen AS (
            SELECT *, cost_usd::DOUBLE AS cost, {late} AS later FROM outcomes
            WHERE {visible(panel, None)} AND status <> 'failed' AND ({early} OR {late})),
        banks AS (SELECT task, arg_max(task_hash, started_at) AS task_hash FROM seen GROUP BY task),
        touched AS (SELECT DISTINCT task, task_hash, model, settings_hash FROM seen
            JOIN banks USING (task, task_hash) WHERE later),
        items AS (
            SELECT task, model, item_id, any_value(cluster_id) AS cluster_id,
                avg(score) FILTER (NOT later) AS was, avg(score) FILTER (later) AS fresh,
                CASE WHEN count(*) FILTER (NOT later AND cost IS NULL) = 0
                    THEN avg(cost) FILTER (NOT later) END AS paid_then,
                CASE WHEN count(*) FILTER (later AND cost IS NULL) = 0
                    THEN avg(cost) FILTER (later) END AS paid_now
            FROM seen JOIN touched USING (task, task_hash, model, settings_hash)
            GROUP BY task, model, item_id),
        pairs AS (SELECT *, was IS NOT NULL AND fresh IS NOT NULL AS twice, fresh - was AS d FROM items),
        clustered AS (
            SELECT task, model, cluster_id, count(*) FILTER (fresh IS NOT NULL) AS asked,
                count(*) FILTER (twice) AS n, coalesce(sum(d) FILTER (twice), 0) AS total,
                coalesce(sum(d * d) FILTER (twice), 0) AS squares,
                sum(was) FILTER (twice) AS was, sum(fresh) FILTER (twice) AS fresh,
                sum(paid_then) FILTER (twice) AS paid_then, sum(paid_now) FILTER (twice) AS paid_now,
                count(*) FILTER (twice AND paid_then IS NULL) AS free_then,
                count(*) FILTER (twice AND paid_now IS NULL) AS free_now
            FROM pairs GROUP BY ALL)
        SELECT task, model, sum(asked)::BIGINT, sum(n)::BIGINT, sum(total), sum(squares),
            count(*) FILTER (n > 0), sum(total * total), sum(total * n), sum(n * n)::DOUBLE,
            coalesce(sum(was), 0), coalesce(sum(fresh), 0),
            CASE WHEN sum(free_then) = 0 THEN sum(paid_then) END,
            CASE WHEN sum(free_now) = 0 THEN sum(paid_now) END
        FROM clustered GROUP BY task, model"""


def asked(database: Path, questions: Mapping[str, str], hidden: Sequence[str] = ()) -> dict[str, Rows]:
    """The answers, rows in the order of their values. hidden: tasks of which no row is looked at."""
    with duckdb.connect(str(database), read_only=True) as connection:
        if hidden:
            gone = ", ".join(map(repr, hidden))
            connection.execute(
                f"CREATE TEMP VIEW outcomes AS SELECT * FROM {database.stem}.main.outcomes "
                f"WHERE task NOT IN ({gone})"
            )
        return {
            name: sorted(connection.execute(query).fetchall(), key=repr) for name, query in questions.items()
        }
