"""A project as a user writes it, with as many items as a benchmark needs, and `bench` in its folder."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rig.server import COLOURS

PROMPT_CHARS = 300
TASK = "colours"
FOLDER = f"tasks/classification/{TASK}"
KEYS = ("_API_KEY", "_TOKEN", "_BASE_URL")
SECRETLESS = "none"
"""Stands where a client insists on a key."""

CARD = f"""\
name: {TASK}
category: classification
title: Colours
description: Names the colour that a number has.
version: "1"
licence: Apache-2.0
source: generated
metric: share of right labels
scorer: choice
options: {{labels: [{", ".join(COLOURS)}]}}
items: items.jsonl
count: %d
max_tokens: 16
"""
MODEL = """\
  - id: bench/%s
    inspect_name: openai-api/bench/%s
    base_url: %s
    max_connections: %d
    price: {source: benchmark, dated: 2026-01-01, input_per_mtok: 0.1, output_per_mtok: 0.4}
"""
ORGANISATION = """\
organisations:
  lab:
    title: Laboratory
    workloads: [{task: classification, requests_per_month: 1000}]
"""


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with bench.yaml, one task and a results folder."""

    folder: Path

    @property
    def results(self) -> Path:
        """Where outcomes go."""
        return self.folder / "results"

    def command(self, *args: str) -> list[str]:
        """`bench` with these arguments."""
        return [sys.executable, "-m", "whichmodel.cli", *args]

    def run(self, model: str = "m1", *args: str) -> list[str]:
        """The command that measures the task; the same command again goes on."""
        named = ("--tasks", f"./{FOLDER}", "--models", f"bench/{model}", "--results", "results")
        return self.command("run", *named, "--yes", *args)


def prompt(number: int) -> str:
    """The prompt of an item, 300 characters long."""
    asked = (
        f"item-{number:06d} Which colour has this number: red, green or blue? Answer with the colour alone. "
    )
    return (asked * (PROMPT_CHARS // len(asked) + 1))[:PROMPT_CHARS]


def items(count: int) -> list[dict[str, str]]:
    """Items with the answers that the server gives."""
    return [
        {"id": f"i{n:06d}", "input": prompt(n), "target": COLOURS[n % len(COLOURS)]} for n in range(count)
    ]


def write_items(file: Path, count: int) -> None:
    """The items as lines of JSON."""
    file.write_text("".join(json.dumps(item) + "\n" for item in items(count)), encoding="utf-8")


def write_project(
    folder: Path, count: int, base_url: str, *, connections: int, models: tuple[str, ...] = ("m1",)
) -> Project:
    """A project with `count` items and models at one address; connections: of each model."""
    task = folder / FOLDER
    task.mkdir(parents=True)
    (task / "task.yaml").write_text(CARD % count, encoding="utf-8")
    write_items(task / "items.jsonl", count)
    listed = "".join(MODEL % (name, name, base_url, connections) for name in models)
    text = f"default_organisation: lab\nmodels:\n{listed}{ORGANISATION}"
    (folder / "bench.yaml").write_text(text, encoding="utf-8")
    return Project(folder)


def environment() -> dict[str, str]:
    """The environment without keys, addresses and our own variables; no hub is asked."""
    kept = {k: v for k, v in os.environ.items() if not k.endswith(KEYS) and not k.startswith("BENCH_")}
    return {**kept, "HF_HUB_OFFLINE": "1", "HF_TOKEN": "", "NO_PROXY": "127.0.0.1", "COLUMNS": "120"}
