"""`bench import` in a folder of its own, in this process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from whichmodel.cli.import_ import command
from whichmodel.errors import BenchError
from whichmodel.store import read


@dataclass(frozen=True)
class Ended:
    """How an import ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """stdout as the one JSON document that it is."""
        return json.loads(self.out)

    @property
    def means(self) -> dict[tuple[str, str], tuple[int, Any]]:
        """(task, model) -> n and mean, of a document."""
        return {
            (task["task"], model["model"]): (model["n"], model["mean"])
            for task in self.document["tasks"]
            for model in task["models"]
        }


@dataclass(frozen=True)
class Importing:
    """A project into which files are imported."""

    folder: Path

    def __call__(self, *args: str | Path) -> Ended:
        results = ["--results", str(self.folder / "results"), "--config", str(self.folder / "bench.yaml")]
        given = [str(arg) for arg in args]
        ended = CliRunner().invoke(command, [*given, *results])
        if isinstance(ended.exception, BenchError):
            return Ended(ended.exception.exit_code, ended.stdout, f"{ended.stderr}{ended.exception}")
        if ended.exception and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        return Ended(ended.exit_code, ended.stdout, ended.stderr)

    def write(self, name: str, text: str | bytes) -> Path:
        """A file to import."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def outcomes(self) -> Any:
        """The outcomes that count."""
        reader = read(self.folder / "results")
        assert reader is not None
        return reader.outcomes("real")


@pytest.fixture
def importing(tmp_path: Path) -> Importing:
    """A fresh project without a bench.yaml."""
    return Importing(tmp_path)


def csv_of(rows: list[dict[str, object]]) -> str:
    """Rows as CSV; the first one's keys are the columns."""
    return pd.DataFrame(rows).to_csv(index=False)
