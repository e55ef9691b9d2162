"""What is kept of one `bench run`: a row of the database, and the file beside its logs that it is made of."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter

FILE = "run.json"


@dataclass(frozen=True, slots=True)
class Run:
    """A run; times in UTC. None = not ended, or cut off before it could say so."""

    run_id: str
    started_at: datetime
    ended_at: datetime | None
    simulated: bool
    command: str
    planned: int
    """Cells still to measure when it started."""
    done: int | None
    failed: int | None
    reason: str | None
    """finished, budget, interrupted, terminated, or the name of an error."""


COLUMNS = tuple(field.name for field in fields(Run))
_RUN = TypeAdapter(Run)


def write(run: Run, folder: Path) -> None:
    """Keep a run beside its logs."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{FILE}.part"
    partial.write_bytes(_RUN.dump_json(run))
    partial.replace(folder / FILE)


def read(folder: Path) -> Run:
    """The run of a folder of logs. Raises ValueError for a damaged file, OSError without one."""
    return _RUN.validate_json((folder / FILE).read_bytes())
