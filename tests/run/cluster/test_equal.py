"""The same run on a cluster: cell by cell what a local one measures."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from clustered import Ground, bank, joined, measured, requests, simulated
from inspect_ai.log import read_eval_log
from small_run import measure, rows

from whichmodel.run.rebuild import rebuild

NAMES = ("demo-aurora/grand", "demo-borealis/swift", "demo-cirrus/nano")
COUNT = 120
NOT_TIMES = [
    "task",
    "task_hash",
    "item_id",
    "epoch",
    "model",
    "settings_hash",
    "served_model",
    "status",
    "parsed",
]
NOT_TIMES += [
    "score",
    "answer_norm",
    "input_tokens",
    "cached_tokens",
    "output_tokens",
    "cost_usd",
    "attempts",
]


def cells(results: Path) -> pd.DataFrame:
    """All that a model decides, nothing that a clock does."""
    found = rows(results)
    return found[NOT_TIMES].sort_values(["model", "item_id"]).reset_index(drop=True)


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    results = tmp_path_factory.mktemp("local")
    measure(results, NAMES, count=COUNT)
    return cells(results)


@pytest.mark.parametrize("nodes", [2, 4])
def test_outcomes_equal_a_local_run_cell_by_cell(
    here: Ground, tmp_path: Path, local: pd.DataFrame, nodes: int
) -> None:
    here.have(nodes)
    small = bank(COUNT)
    with simulated([small], NAMES) as (models, addresses), joined(here, tmp_path) as cluster:
        summary = measured(cluster, tmp_path, models, [small])
        asked = requests(addresses)
    assert summary.errors == ()
    assert len(asked) == COUNT * len(NAMES)
    pd.testing.assert_frame_equal(cells(tmp_path), local)
    assert list(tmp_path.glob("logs/*/*/outcomes.jsonl")) == []
    assert list(tmp_path.glob("logs/*/cluster.json")) == []
    samples = [s for log in tmp_path.glob("logs/*/*/*.eval") for s in read_eval_log(str(log)).samples or []]
    assert len(samples) == COUNT * len(NAMES)
    before = rows(tmp_path)
    assert rebuild(tmp_path).unreadable == ()
    pd.testing.assert_frame_equal(rows(tmp_path), before)
