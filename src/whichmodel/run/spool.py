"""The journal of single outcomes: one line a finished sample, in its job's folder, written at once.

A log reaches the disk some samples late, and not at all when its worker is killed; a line is there as soon as
the sample has ended. When the log is complete, the lines have served and are removed; those that stay are the
record of a job that was cut off.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from pydantic import TypeAdapter

from whichmodel.domain import Outcome
from whichmodel.run.secrets import blotted

_OUTCOME = TypeAdapter(Outcome)
FILE = "outcomes.jsonl"
RECOVERED = "recovered.jsonl"
"""The same file, once its lines are in the database and its run is known to be over."""


def line_of(outcome: Outcome, keys: tuple[str, ...] = ()) -> str:
    """An outcome as a line of the journal, without these keys."""
    return blotted(_OUTCOME.dump_json(outcome).decode(), keys)


class Spool:
    """The writing end, used as an `Emit`."""

    def __init__(self, folder: Path, keys: tuple[str, ...] = ()) -> None:
        """keys: never written, whatever an endpoint says."""
        self._keys = keys
        folder.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] = (folder / FILE).open("a", encoding="utf-8")
        self._unsynced = False

    def __call__(self, outcome: Outcome) -> None:
        """Append an outcome and hand it to the system, so that no kill can take it."""
        self.append(line_of(outcome, self._keys))

    def append(self, *lines: str) -> None:
        """The same of outcomes that are lines already."""
        self._file.write("".join(f"{line}\n" for line in lines))
        self._file.flush()
        self._unsynced = True

    def sync(self) -> None:
        """Have the disk keep what was written, so that no power cut can take it."""
        if self._unsynced:
            self._unsynced = False
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Sync and close the file."""
        self.sync()
        self._file.close()


class Tail:
    """The reading end: each call gives the outcomes whose lines were completed since the last one."""

    def __init__(self, folder: Path, file: str = FILE) -> None:
        self.path = folder / file
        self._offset = 0

    def read(self) -> list[Outcome]:
        """New outcomes, in the order they ended; a line still being written waits for the next call."""
        try:
            with self.path.open("rb") as file:
                file.seek(self._offset)
                text = file.read()
        except FileNotFoundError:
            return []
        whole = text[: text.rfind(b"\n") + 1]
        self._offset += len(whole)
        return [_OUTCOME.validate_json(line) for line in whole.splitlines()]

    def remove(self) -> None:
        """The log is complete: the lines have served."""
        self.path.unlink(missing_ok=True)
