"""Invented outcomes in a real database, as many as one likes."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from whichmodel.store import Run, Store

FIRST = np.datetime64("2026-11-01T12:00:00", "us")


def outcomes(models: int, tasks: int, items: int, *, rng: np.random.Generator, runs: int = 1) -> pa.Table:
    """Rows of every task, item and model: item difficulty shared by the models, costs over two decades.

    runs: each brings an equal part of the items, a day after the one before.
    """
    skill = np.linspace(0.70, 0.93, models)
    cost = np.geomspace(0.0001, 0.01, models)
    task, item, model = (grid.ravel() for grid in np.indices((tasks, items, models)))
    hard = rng.random((tasks, items))[task, item]
    score = (0.7 * hard + 0.3 * rng.random(len(task)) < skill[model]).astype(float)
    n = len(task)
    run = item * runs // items
    keys = np.arange(n).astype(str)
    names = {
        "key": keys,
        "cell_key": keys,
        "task": np.char.add("task", task.astype(str)),
        "task_hash": np.char.add("bank", task.astype(str)),
        "category": np.full(n, "extraction"),
        "item_id": np.char.add("item", item.astype(str)),
        "cluster_id": np.char.add("item", item.astype(str)),
        "stratum": np.full(n, "plain"),
        "model": np.char.add("vendor/model", model.astype(str)),
        "settings_hash": np.full(n, "settings"),
        "requested_model": np.char.add("model", model.astype(str)),
        "status": np.full(n, "scored"),
        "run_id": np.char.add("run-", (run + 1).astype(str)),
    }
    figures = {
        "epoch": np.ones(n, dtype=np.int64),
        "parsed": np.ones(n, dtype=bool),
        "score": score,
        "cost_usd": cost[model] * rng.gamma(4, 0.25, n),
        "judge_cost_usd": np.zeros(n),
        "latency_s": rng.gamma(4, 0.25, n),
        "loop_lag_ms": np.ones(n),
        "attempts": np.ones(n, dtype=np.int64),
        "started_at": FIRST + run * np.timedelta64(1, "D"),
        "simulated": np.zeros(n, dtype=bool),
        "baseline": np.zeros(n, dtype=bool),
        "from_cache": np.zeros(n, dtype=bool),
        "answer_norm": np.char.add("an answer of some length, number ", item.astype(str)),
    }
    return pa.table({**names, **figures})


def stored(folder: Path, rows: pa.Table) -> None:
    """A database of these rows and their runs, and a snapshot of it."""
    store = Store(folder)
    store.ingest([])
    store.publish()
    names, when = rows["run_id"].to_pylist(), rows["started_at"].to_pylist()
    for run_id, started in dict(zip(names, when, strict=True)).items():
        begun = started.replace(tzinfo=UTC)
        store.put_run(Run(run_id, begun, begun, False, "bench run", 1, 1, 0, "finished"))
    with duckdb.connect(str(store.path)) as connection:
        connection.register("made", rows)
        names = ", ".join(rows.column_names)
        connection.execute(f"INSERT INTO outcomes ({names}) SELECT {names} FROM made")
    store.publish()
