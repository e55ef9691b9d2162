"""The program in a folder of its own, driven as its users drive it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEYS = ("_API_KEY", "_TOKEN")
SIZE = ("COLUMNS", "LINES")
NO_HUB = str(Path(tempfile.gettempdir()) / "whichmodel-tests-without-a-hub")
"""A home of the Hugging Face client that holds no public set, whatever this machine has downloaded."""


def clean_environment() -> dict[str, str]:
    """The environment without provider keys and without our own variables."""
    kept = {
        k: v
        for k, v in os.environ.items()
        if not k.endswith(KEYS) and not k.startswith("BENCH_") and k not in SIZE
    }
    return {**kept, "HF_TOKEN": "", "HF_HOME": NO_HUB}


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """stdout as the one JSON document that it is."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Bench:
    """`bench` in a project's folder."""

    folder: Path

    def command(self, *args: str) -> list[str]:
        return [sys.executable, "-m", "whichmodel.cli", *args]

    def __call__(self, *args: str, env: dict[str, str] | None = None, timeout: float = 300) -> Done:
        ended = subprocess.run(
            self.command(*args),
            cwd=self.folder,
            env={**clean_environment(), **(env or {})},
            capture_output=True,
            text=True,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
        )
        return Done(ended.returncode, ended.stdout, ended.stderr)

    def start(self, *args: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*args),
            cwd=self.folder,
            env={**clean_environment(), **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
