"""Answers kept from earlier calls, on request: the same question to the same model is not paid for twice.

One SQLite file that several workers and runs share. The key is the whole question: model, address, settings,
output mode, messages and epoch, so that epochs stay independent calls. What comes out of it is marked and is
never a latency measurement.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict
from pathlib import Path

from inspect_ai.model import ModelCall, ModelOutput

from whichmodel.domain import content_hash
from whichmodel.errors import StoreError
from whichmodel.plan import Work
from whichmodel.run.call import Question

TABLE = "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL)"
WAIT_S = 30.0


class ResponseCache:
    """The answers kept at a path. Raises StoreError where the file cannot be used."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)
            self._file.execute("PRAGMA journal_mode = WAL")
            self._file.execute("PRAGMA synchronous = NORMAL")
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL)"
            )
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"The response cache cannot be used: {error}.",
                where=str(path),
                remedy="Remove the file, or run without --cache.",
            ) from error

    def get(self, key: str) -> tuple[ModelOutput, ModelCall | None] | None:
        """The answer kept under a key, with what went over the wire. None = there is none."""
        row = self._file.execute("SELECT answer FROM answers WHERE key = ?", [key]).fetchone()
        if row is None:
            return None
        kept = json.loads(row[0])
        call = kept["call"]
        return ModelOutput.model_validate(kept["output"]), ModelCall.model_validate(call) if call else None

    def put(self, key: str, output: ModelOutput, call: ModelCall | None) -> None:
        """Keep an answer."""
        kept = {
            "output": output.model_dump(mode="json", exclude_none=True),
            "call": call.model_dump(mode="json", exclude_none=True) if call else None,
        }
        self._file.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", [key, json.dumps(kept)])

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def question_key(work: Work, question: Question) -> str:
    """Identity of a question to a model."""
    model = work.model
    asked = {
        "model": [model.inspect_name, None if model.simulated else model.base_url, model.variant],
        "settings": asdict(model.settings),
        "messages": [[message.role, message.text] for message in question.messages],
        "config": question.config.model_dump(mode="json", exclude_none=True),
        "tools": [tool.model_dump(mode="json", exclude_none=True) for tool in question.tools],
        "epoch": work.epoch,
    }
    return content_hash(asked, length=32)
