"""Each mistake: one paragraph that says what, where and what would work, the right exit code."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from conftest import ROOT
from program import Bench, clean_environment
from rows import outcome

from whichmodel.registry import find
from whichmodel.store import Store


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("run", "--tasks", "extracton"), "There is no task 'extracton'. Nearest: extraction"),
        (("run", "--models", "openai/gpt-6-luna"), "cannot be asked: OPENAI_API_KEY is not set"),
        (("run", "--models", "demo-aurora/grant"), "Nearest: demo-aurora/grand"),
        (("run", "--org", "acne"), "There is no organisation 'acne'. Nearest: acme"),
        (("rnu",), "There is no command 'rnu'. Nearest: run"),
        (("export", "litelm"), "There is no routing table for acme yet"),
        (("route",), "Nothing was measured yet. Start with `bench run --tasks coding,extraction`"),
        (("status",), "Nothing was measured yet"),
        (("compare", "a/a", "b/b"), "Nothing was measured yet"),
        (("agree", "--task", "tickets", "--models", "a/a,b/b"), "Nothing was measured yet"),
        (("rebuild",), "There are no logs to rebuild from"),
        (("init",), "The file is there already. Add --force"),
        (("run", "--budget", "lots"), "'lots' is no amount in USD"),
        (("run", "--limit", "0"), "0 is not in the range"),
        (("run", "--config", "other.yaml"), "other.yaml: There is no such file. `bench init` writes one"),
        (("run", "--results", "/sys/whichmodel"), "cannot be written"),
        (("run", "--results", "bench.yaml"), "cannot be written"),
    ],
)
def test_a_mistake_says_what_where_and_what_would_work(
    bench: Bench, args: tuple[str, ...], says: str
) -> None:
    ended = bench(*args)
    expected = 1 if "--results" in args else 2
    assert ended.code == expected, ended.err
    assert says in " ".join(ended.err.split())
    assert "Traceback" not in ended.err
    assert ended.out == ""


def test_a_configuration_without_models_points_to_the_demo(bench: Bench) -> None:
    text = (bench.folder / "bench.yaml").read_text()
    head, _, tail = text.partition("models:\n")
    (bench.folder / "bench.yaml").write_text(head + "models: []\n" + tail[tail.index("\n# Who takes part") :])
    ended = bench("run", "--tasks", "tickets")
    assert ended.code == 2
    assert "No model is configured" in ended.err
    assert "bench demo" in ended.err


def test_a_task_whose_code_raises_on_import_is_named_and_costs_the_others_nothing(bench: Bench) -> None:
    folder = bench.folder / "tasks" / "classification" / "mine"
    folder.mkdir(parents=True)
    card = (ROOT / "tasks/classification/tickets/task.yaml").read_text()
    (folder / "task.yaml").write_text(card.replace("name: tickets", "name: mine"))
    (folder / "generate.py").write_text("import no_such_package_at_all\n")
    ended = bench("run", "--tasks", "mine")
    assert ended.code == 2
    assert "generate.py: The task's code raised ModuleNotFoundError on import" in ended.err
    assert bench("tasks", "mine").code == 0


def test_a_database_held_by_another_program_is_named(bench: Bench) -> None:
    results = bench.folder / "results"
    Store(results).ingest([outcome(0)])
    holder = duckdb.connect(str(results / "bench.duckdb"))
    try:
        ended = bench("run", "--tasks", "tickets", "--limit", "3")
    finally:
        holder.close()
    assert ended.code == 1
    assert "The database is open in another program" in ended.err


def test_a_corrupt_database_is_set_aside_by_the_command_that_the_error_names(bench: Bench) -> None:
    assert bench("run", "--tasks", "tickets", "--limit", "5", "--models", "demo-cirrus/nano").code == 0
    (bench.folder / "results" / "bench.duckdb").write_bytes(b"x" * 5000)
    ended = bench("run", "--tasks", "tickets", "--limit", "5")
    assert ended.code == 1
    assert "bench rebuild" in ended.err
    assert bench("rebuild").code == 0
    again = bench("run", "--tasks", "tickets", "--limit", "5", "--models", "demo-cirrus/nano", "--json")
    assert again.document["cells"]["planned"] == 0


def test_a_wheel_without_tasks_says_so(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src" / "whichmodel", tmp_path / "site" / "lib" / "whichmodel")
    ended = subprocess.run(
        [sys.executable, "-m", "whichmodel.cli", "tasks"],
        cwd=tmp_path,
        env={**clean_environment(), "PYTHONPATH": str(tmp_path / "site" / "lib")},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 2
    assert "The bundled tasks are missing from this installation" in ended.stderr


def test_without_a_sandbox_code_is_skipped_and_never_run(bench: Bench) -> None:
    ended = bench("run", "--tasks", "coding", env={"PATH": "/nowhere"})
    assert ended.code == 2
    assert "apt-get install bubblewrap" in ended.err
    both = bench("run", "--tasks", "coding,tickets", "--limit", "3", "--json", env={"PATH": "/nowhere"})
    assert both.code == 0
    sandboxed = {card.name for card in find(["coding"]) if card.sandbox and card.hub is None}
    assert {s["task"] for s in both.document["skipped"]} == sandboxed
    assert {s["task"] for s in both.document["standings"]} == {"tickets"}
