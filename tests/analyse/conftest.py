"""Outcomes as the store hands them over, made from scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from whichmodel.domain import Outcome

Outcomes = Callable[..., pd.DataFrame]


def make(scores: Mapping[str, Any], *, task: str = "invoices", **columns: Any) -> pd.DataFrame:
    """A row an item and model; without a score it failed. columns: constants, or lists by item."""
    parts = []
    for model, values in scores.items():
        score = np.asarray(values, dtype=float)
        ids = [f"i{k:05d}" for k in range(len(score))]
        given: dict[str, Any] = {
            "task": task,
            "task_hash": f"{task}-1",
            "category": "extraction",
            "item_id": ids,
            "cluster_id": ids,
            "epoch": 1,
            "model": model,
            "settings_hash": "s1",
            "status": np.where(np.isnan(score), "failed", "scored"),
            "parsed": True,
            "score": score,
            "cost_usd": 0.001,
            "latency_s": 1.0,
            "run_id": "r1",
            "started_at": datetime(2026, 11, 1, tzinfo=UTC),
            "simulated": False,
            "baseline": False,
        }
        parts.append(pd.DataFrame({**given, **columns}, columns=[field.name for field in fields(Outcome)]))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture
def outcomes() -> Outcomes:
    """The maker of outcome frames."""
    return make
