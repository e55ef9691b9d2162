"""The journal of timed calls: one line a call in `logs/<pass>/latency.jsonl`, on the disk before the next."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from pydantic import TypeAdapter

from whichmodel.domain import Timing
from whichmodel.errors import StoreError
from whichmodel.store import Store

FILE = "latency.jsonl"
_TIMING = TypeAdapter(Timing)


class Lines:
    """The writing end."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] = (folder / FILE).open("a", encoding="utf-8")

    def write(self, timing: Timing) -> None:
        """Append a call and hand it to the system, so that no kill can take it."""
        self._file.write(_TIMING.dump_json(timing).decode() + "\n")
        self._file.flush()

    def sync(self) -> None:
        """Have the disk keep what was written, so that no power cut can take it."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Sync and close the file."""
        self.sync()
        self._file.close()


def journals(results: Path) -> list[Path]:
    """The files of all passes."""
    return sorted((results / "logs").glob(f"*/{FILE}"))


def read(journal: Path) -> Sequence[Timing]:
    """The calls of a pass, in the order they ended; a line that was cut short at the end is none.

    Raises StoreError for a file that is no such journal.
    """
    text = journal.read_bytes()
    whole = text[: text.rfind(b"\n") + 1].splitlines()
    try:
        return [_TIMING.validate_json(line) for line in whole]
    except ValueError as error:
        raise StoreError(
            f"The journal of timed calls cannot be read: {str(error).splitlines()[0]}",
            where=str(journal),
            remedy="Move the file away, or mend the line.",
        ) from error


def take_over(results: Path, store: Store) -> int:
    """Bring calls of passes that were cut off into the database; the number of those that were new."""
    return sum(store.ingest_timings(read(journal)) for journal in journals(results))
