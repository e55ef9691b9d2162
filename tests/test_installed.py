"""What an installation holds, and the bundled tasks under plain Inspect."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

from conftest import ROOT
from program import clean_environment

BUNDLED = {path.parent.name for path in ROOT.glob("tasks/*/*/task.yaml")}
GENERATED = [path.with_name("task.py") for path in ROOT.glob("tasks/*/*/generate.py")]
"""Those that need no download."""


def test_the_wheel_carries_tasks_configuration_and_pages(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    env = {**clean_environment(), "PYTHONPATH": str(tmp_path / "site"), "PYTHONSAFEPATH": "1"}
    command = [sys.executable, "-m", "whichmodel.cli"]
    listed = subprocess.run(
        [*command, "tasks", "--json"], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert listed.returncode == 0, listed.stderr
    assert str(tmp_path / "site" / "whichmodel" / "bundled" / "tasks") in listed.stdout
    assert {card["name"] for card in json.loads(listed.stdout)} == BUNDLED
    written = subprocess.run([*command, "init"], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert written.returncode == 0, written.stderr
    bundled = tmp_path / "site" / "whichmodel" / "bundled"
    assert (bundled / "leaderboard_app.py").is_file()
    assert (bundled / "leaderboard_server.py").is_file()
    assert (bundled / ".streamlit" / "config.toml").is_file()


def test_every_bundled_task_runs_with_plain_inspect_eval(tmp_path: Path) -> None:
    from inspect_ai.log import list_eval_logs, read_eval_log

    tasks = sorted(str(path.relative_to(ROOT)) for path in GENERATED)
    command = [sys.executable, "-m", "inspect_ai", "eval", *tasks, "--model", "python/builtins:str"]
    flags = ["--limit", "2", "--display", "none", "--log-dir", str(tmp_path), "-T", "count=12"]
    ended = subprocess.run(
        [*command, *flags], cwd=ROOT, env=clean_environment(), capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr + ended.stdout
    logs = [read_eval_log(log) for log in list_eval_logs(str(tmp_path))]
    assert len(logs) == len(tasks)
    for log in logs:
        assert log.status == "success"
        samples = log.samples or []
        assert [sample.error for sample in samples] == [None, None]
        assert all(score.value < 1 for sample in samples for score in (sample.scores or {}).values())  # type: ignore[operator]
