"""How long it takes to decide 30 models x 40 tasks x 1,000 items, and what memory 2,000,000 outcomes need.

    .venv/bin/python benchmarks/decision_speed.py [--models 30] [--tasks 40] [--items 1000] [--rows 2000000]

Invented outcomes, kept in a real database, are read back as `bench route` reads them. Times are of this machine
and of one run; the ratio of deciding to reading is what can be compared. Ends with 1 where a goal is missed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
from rig.machine import machine

GOAL_S = 2.0
GOAL_MIB = 1024


def outcomes(models: int, tasks: int, items: int, *, rng: np.random.Generator) -> pa.Table:
    """Rows of every task, item and model: item difficulty shared by the models, costs over two decades."""
    skill = np.linspace(0.70, 0.93, models)
    cost = np.geomspace(0.0001, 0.01, models)
    task, item, model = (grid.ravel() for grid in np.indices((tasks, items, models)))
    hard = rng.random((tasks, items))[task, item]
    score = (0.7 * hard + 0.3 * rng.random(len(task)) < skill[model]).astype(float)
    n = len(task)
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
        "run_id": np.full(n, "run-1"),
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
        "started_at": np.full(n, np.datetime64("2026-11-01T12:00:00", "us")),
        "simulated": np.zeros(n, dtype=bool),
        "baseline": np.zeros(n, dtype=bool),
        "from_cache": np.zeros(n, dtype=bool),
        "answer_norm": np.char.add("an answer of some length, number ", item.astype(str)),
    }
    return pa.table({**names, **figures})


def stored(folder: Path, rows: pa.Table) -> None:
    """A database of these rows, and a snapshot of it."""
    import duckdb

    store = Store(folder)
    store.ingest([])
    store.publish()
    with duckdb.connect(str(store.path)) as connection:
        connection.register("made", rows)
        names = ", ".join(rows.column_names)
        connection.execute(f"INSERT INTO outcomes ({names}) SELECT {names} FROM made")
    store.publish()
