"""Public per-item outcomes as banks: scores and costs, items by models, and each model's mean score."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = tuple[Floats, Floats, Floats]
FOLDER = Path(os.environ.get("WHICHMODEL_REAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
REPEATS, LEAST_ITEMS = 10, 690
"""The Julia leaderboard asked most models 14 tasks in 5 prompts, 10 times each."""
GSM8K_USD = {
    "6b_finetuning": 0.0001,
    "6b_verification": 0.002,
    "175b_finetuning": 0.001,
    "175b_verification": 0.02,
}
"""Made up, since none is published: by size, verification as 20 tries."""


def read() -> Iterator[tuple[str, Whole]]:
    """The banks that are there; without the folder none, with a word to say so."""
    if not FOLDER.is_dir():
        print(f"No public data at {FOLDER}: real outcomes are left out.")
        return
    yield "Julia leaderboard, 700 items", julia()
    yield "GSM8K, 1,319 items", gsm8k()


def julia() -> Whole:
    """Every priced model with all items. A cost of 0 is unknown. Score: mean of four shares, as published."""
    rows = pd.read_csv(FOLDER / "julia_llm_leaderboard" / "evaluations.csv.gz")
    prompts = ~rows["prompt"].isin(["AsIs"]) & ~rows["prompt"].str.endswith("XML")
    rows = rows[prompts].sort_values("timestamp", kind="stable")
    units = rows["unit_tests_passed"] / rows["unit_tests_count"].clip(lower=1)
    examples = rows["examples_executed"] / rows["examples_count"].clip(lower=1)
    rows["score"] = (rows["parsed"] + rows["executed"] + units + examples) / 4
    rows["repeat"] = rows.groupby(["model", "task", "prompt"]).cumcount()
    rows = rows[rows["repeat"] < REPEATS]
    item = ["task", "prompt", "repeat"]
    score = rows.pivot_table(index=item, columns="model", values="score")
    cost = rows.pivot_table(index=item, columns="model", values="cost_usd")
    kept = (score.notna().sum() >= LEAST_ITEMS) & (cost.mean() > 0)
    paid = cost.loc[:, kept].fillna(cost.mean()).to_numpy(dtype=np.float64)
    found = score.loc[:, kept].to_numpy(dtype=np.float64)
    return found, paid, np.nanmean(found, axis=0)


def gsm8k() -> Whole:
    """Four models' published verdicts, at made-up costs."""
    path = FOLDER / "gsm8k" / "example_model_solutions.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    score = np.array([[float(row[name]["is_correct"]) for name in GSM8K_USD] for row in rows])
    cost = np.broadcast_to(np.array(list(GSM8K_USD.values())), score.shape)
    return score, cost, score.mean(axis=0)
