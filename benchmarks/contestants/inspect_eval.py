"""`inspect eval` with its own defaults, on a task whose scorer compares strings."""

from __future__ import annotations

import sys
from importlib.metadata import version as version_of

from benchmarks.contestants.entry import Attempt, Job
from benchmarks.rig.project import SECRETLESS, write_items

TITLE = "inspect eval"
TASK = """\
from inspect_ai import Task, task
from inspect_ai.dataset import json_dataset
from inspect_ai.model import GenerateConfig
from inspect_ai.scorer import exact


@task
def colours() -> Task:
    return Task(dataset=json_dataset("items.jsonl"), scorer=exact(), config=GenerateConfig(max_tokens=16))
"""


def version() -> str:
    """Inspect's."""
    return f"inspect_ai {version_of('inspect_ai')}"


def prepare(job: Job) -> Attempt:
    """A task file and its items."""
    write_items(job.folder / "items.jsonl", job.count)
    (job.folder / "task.py").write_text(TASK, encoding="utf-8")
    inspect = [sys.executable, "-m", "inspect_ai", "eval", "task.py", "--model", "openai-api/bench/m1"]
    command = [*inspect, "--max-connections", str(job.connections), "--log-dir", "logs", "--display", "plain"]
    environment = {"BENCH_BASE_URL": job.base_url, "BENCH_API_KEY": SECRETLESS}

    def right() -> int:
        from inspect_ai.log import read_eval_log_sample_summaries

        [log] = (job.folder / "logs").glob("*.eval")
        summaries = read_eval_log_sample_summaries(str(log))
        return sum((s.scores or {})["exact"].value == "C" for s in summaries)

    return Attempt(command, environment, right)
