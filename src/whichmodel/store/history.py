"""What each run brought, and items that were asked again: the store over time. Canaries are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from whichmodel.store.grouped import total


@dataclass(frozen=True, slots=True)
class Brought:
    """Rows of one run, task and model that were served and priced alike."""

    run_id: str
    task: str
    model: str
    settings_hash: str
    served_model: str | None
    """None = no reply named it."""
    price_source: str | None
    """None = the cost is unknown."""
    price_date: date | None
    rows: int
    failed: int
    first: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class Again:
    """One model on one task that has answers of two times; sums over the items that have a score of both.

    The bank measured last, and the model's settings then and now alike. A difference is now less then.
    """

    task: str
    model: str
    asked: int
    """Items with a score of the later time."""
    n: int
    """Of these, with one of the earlier time too."""
    total: float
    """Sum of differences."""
    squares: float
    clusters: int
    cluster_squares: float
    """Sum over clusters of (sum of differences)^2."""
    cluster_cross: float
    """Sum over clusters of sum of differences x items."""
    cluster_sizes: float
    """Sum over clusters of items^2."""
    then: float
    """Sum of scores."""
    now: float
    cost_then_usd: float | None
    """Of these items together. None = one is unknown."""
    cost_now_usd: float | None


_ROW = """task, task_hash, model, settings_hash, item_id, cluster_id, status, score,
    cost_usd::DOUBLE AS cost, run_id, simulated, baseline"""


def brought(connection: duckdb.DuckDBPyConnection, where: str) -> tuple[Brought, ...]:
    """Every run's rows by task and model, in the order of their first."""
    rows = connection.execute(
        f"""SELECT run_id, task, model, settings_hash, served_model, price_source, price_date,
            {total("n_rows")}, {total("n_rows", "failed")}, min(first) AS first
        FROM grouped WHERE {where} GROUP BY ALL ORDER BY first, run_id, task, model"""
    ).fetchall()
    return tuple(Brought(*row) for row in rows)


def again(
    connection: duckdb.DuckDBPyConnection, where: str, before: Sequence[str], after: Sequence[str]
) -> tuple[Again, ...]:
    """Models and tasks with answers of the later runs, by task. before, after: ids of runs."""
    rows = connection.execute(
        f"""WITH asked AS (
            SELECT task, task_hash, model, settings_hash, epoch, n_rows, last,
                run_id IN (SELECT unnest(?)) AS later
            FROM grouped WHERE {where} AND NOT failed
                AND (run_id IN (SELECT unnest(?)) OR run_id IN (SELECT unnest(?)))),
        banks AS (SELECT task, arg_max(task_hash, last) AS task_hash FROM asked GROUP BY task),
        fit AS (SELECT * FROM asked JOIN banks USING (task, task_hash)),
        touched AS (SELECT DISTINCT task, task_hash, model, settings_hash FROM fit WHERE later),
        models AS (SELECT DISTINCT task, task_hash, model FROM touched),
        several AS (SELECT task, task_hash, model FROM fit JOIN touched
                USING (task, task_hash, model, settings_hash)
            GROUP BY ALL HAVING count(DISTINCT (settings_hash, epoch)) > 1),
        near AS (
            SELECT {_ROW} FROM repeated ANTI JOIN several USING (task, task_hash, model)
            UNION ALL SELECT {_ROW} FROM outcomes SEMI JOIN several USING (task, task_hash, model)),
        seen AS (
            SELECT *, run_id IN (SELECT unnest(?)) AS later
            FROM near JOIN touched USING (task, task_hash, model, settings_hash)
            WHERE {where} AND status <> 'failed'
                AND (run_id IN (SELECT unnest(?)) OR run_id IN (SELECT unnest(?)))),
        once AS (
            SELECT task, model, sum(n_rows) - coalesce(any_value(again), 0) AS asked FROM fit
            LEFT JOIN (SELECT task, model, count(*) AS again FROM seen WHERE later GROUP BY ALL)
                USING (task, model)
            ANTI JOIN several USING (task, task_hash, model)
            WHERE later GROUP BY task, model),
        items AS (
            SELECT task, model, item_id, any_value(cluster_id) AS cluster_id,
                avg(score) FILTER (NOT later) AS was, avg(score) FILTER (later) AS fresh,
                CASE WHEN count(*) FILTER (NOT later AND cost IS NULL) = 0
                    THEN avg(cost) FILTER (NOT later) END AS paid_then,
                CASE WHEN count(*) FILTER (later AND cost IS NULL) = 0
                    THEN avg(cost) FILTER (later) END AS paid_now
            FROM seen GROUP BY task, model, item_id),
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
        SELECT task, model,
            (coalesce(any_value(once.asked), 0) + coalesce(sum(clustered.asked), 0))::BIGINT,
            coalesce(sum(n), 0)::BIGINT, coalesce(sum(total), 0), coalesce(sum(squares), 0),
            count(*) FILTER (n > 0), coalesce(sum(total * total), 0), coalesce(sum(total * n), 0),
            coalesce(sum(n * n), 0)::DOUBLE, coalesce(sum(was), 0), coalesce(sum(fresh), 0),
            CASE WHEN sum(free_then) = 0 THEN sum(paid_then) END,
            CASE WHEN sum(free_now) = 0 THEN sum(paid_now) END
        FROM models LEFT JOIN once USING (task, model) LEFT JOIN clustered USING (task, model)
        GROUP BY task, model ORDER BY task, model""",
        [list(after), list(before), list(after)] * 2,
    ).fetchall()
    return tuple(Again(*row) for row in rows)
