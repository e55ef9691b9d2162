"""promptfoo against the same endpoint: its own installation, no telemetry, no cache."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from benchmarks.contestants.entry import Absent, Attempt, Job
from benchmarks.contestants.install import environment_of, node_missing, node_version, path_with_node
from benchmarks.rig.project import SECRETLESS, items

TITLE = "promptfoo"


def version() -> str:
    """promptfoo's; raises Absent."""
    command, path = [str(_program()), "--version"], {**os.environ, "PATH": path_with_node()}
    found = subprocess.run(command, env=path, capture_output=True, text=True, check=False)
    node = ".".join(map(str, node_version()))
    return f"promptfoo {found.stdout.strip() or 'of unknown version'} on node {node}"


def prepare(job: Job) -> Attempt:
    """A configuration with a test an item; raises Absent."""
    program = _program()
    config = {"apiBaseUrl": job.base_url, "apiKey": SECRETLESS, "max_tokens": 16}
    tests = [
        {"vars": {"asked": item["input"]}, "assert": [{"type": "equals", "value": item["target"]}]}
        for item in items(job.count)
    ]
    document = {
        "prompts": ["{{asked}}"],
        "providers": [{"id": "openai:chat:m1", "config": config}],
        "tests": tests,
    }
    (job.folder / "promptfoo.json").write_text(json.dumps(document), encoding="utf-8")
    flags = ["--no-cache", "--no-table", "--no-progress-bar", "-j", str(job.connections), "-o", "out.json"]
    quiet = {
        "PATH": path_with_node(),
        "PROMPTFOO_DISABLE_TELEMETRY": "1",
        "PROMPTFOO_DISABLE_UPDATE": "1",
        "PROMPTFOO_DISABLE_REMOTE_GENERATION": "1",
        "PROMPTFOO_CONFIG_DIR": str(job.folder / "state"),
    }
    return Attempt([str(program), "eval", "-c", "promptfoo.json", *flags], quiet, lambda: _right(job))


def _right(job: Job) -> int:
    found = json.loads((job.folder / "out.json").read_text(encoding="utf-8"))
    return int(found["results"]["stats"]["successes"])


def _program() -> Path:
    if missing := node_missing():
        raise Absent(missing)
    installed = environment_of("promptfoo") / "node_modules" / ".bin" / "promptfoo"
    on_path = shutil.which("promptfoo")
    if installed.is_file():
        return installed
    if on_path:
        return Path(on_path)
    raise Absent("promptfoo is not installed; `make peers` installs it")
