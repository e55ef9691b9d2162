"""Tasks from elsewhere: an installed package's, and those of inspect-evals with their own scorers."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from conftest import ROOT
from program import Bench

CONFIG = """\
default_organisation: acme
models:
  - {id: own/adder, inspect_name: "python:adder:answer", max_connections: 2}
organisations:
  acme: {title: ACME}
"""
ADDER = """
def answer(prompt: str) -> str:
    left, _, right = prompt.partition("+")
    total = int(left) + int(right)
    return str(total if total < 9 else 0)
"""
TINY = """
from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import match
from inspect_ai.solver import generate


@task
def tiny_sums() -> Task:
    samples = [Sample(input=f"{n} + {n}", target=str(2 * n)) for n in range(10)]
    return Task(dataset=MemoryDataset(samples), solver=generate(), scorer=match())
"""
EVAL = """\
title: Sums
group: Mathematics
version: "1"
tasks:
  - name: tiny_sums
    dataset_samples: 10
"""


@pytest.fixture
def packages(tmp_path: Path) -> dict[str, str]:
    """A package laid out as inspect-evals is, a package with a task of its own, and a callable model."""
    site = tmp_path / "site"
    tiny = site / "inspect_evals" / "sums"
    tiny.mkdir(parents=True)
    (site / "inspect_evals" / "__init__.py").write_text("")
    (tiny / "__init__.py").write_text(TINY)
    (tiny / "eval.yaml").write_text(
        "title: Sums\ngroup: Mathematics\nversion: '1'\ntasks:\n  - name: tiny_sums\n"
    )
    (site / "adder.py").write_text(ADDER)
    own = site / "acme_tasks" / "classification" / "acme_tickets"
    own.mkdir(parents=True)
    (site / "acme_tasks" / "__init__.py").write_text("raise RuntimeError('imported')")
    card = (ROOT / "tasks/classification/tickets/task.yaml").read_text()
    (own / "task.yaml").write_text(card.replace("name: tickets", "name: acme_tickets"))
    info = site / "acme_tasks-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-tasks\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[whichmodel.tasks]\nacme = acme_tasks\n")
    return {"PYTHONPATH": str(site)}


def test_a_task_of_inspect_evals_is_measured_by_its_own_scorer(
    tmp_path: Path, packages: dict[str, str]
) -> None:
    (tmp_path / "bench.yaml").write_text(textwrap.dedent(CONFIG))
    bench = Bench(tmp_path)
    args = ("run", "--tasks", "inspect_evals/tiny_sums", "--models", "own/adder", "--yes", "--json")
    ended = bench(*args, env=packages)
    assert ended.code == 0, ended.err
    [standing] = ended.document["standings"]
    # 0 + 0 to 4 + 4 are below 9.
    assert (standing["task"], standing["n"], standing["score"]) == ("inspect_evals-tiny_sums", 10, 0.5)
    assert standing["cost_per_1k_usd"] is None
    assert bench(*args, env=packages).document["cells"]["planned"] == 0
    assert bench("rebuild", env=packages).code == 0
    assert bench(*args, env=packages).document["standings"] == ended.document["standings"]
    unknown = bench("run", "--tasks", "inspect_evals/tiny_sum", env=packages)
    assert unknown.code == 2
    assert "Nearest: tiny_sums" in unknown.err


def test_an_installed_package_s_tasks_are_found_without_importing_it(
    tmp_path: Path, packages: dict[str, str]
) -> None:
    ended = Bench(tmp_path)("tasks", "acme_*", "--json", env=packages)
    assert ended.code == 0, ended.err
    assert [card["name"] for card in ended.document] == ["acme_tickets"]
