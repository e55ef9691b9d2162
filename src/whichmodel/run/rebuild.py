"""The database made anew from the journal: logs, journals of jobs that were cut off, and runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from whichmodel.errors import StoreError
from whichmodel.record import from_log
from whichmodel.run.measure import recover
from whichmodel.store import Store, runs, set_aside


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it."""

    rows: int
    logs: int
    unreadable: tuple[str, ...]
    """Logs that were left where they are, each with the reason."""
    aside: Path | None
    """Where the former database lies now. None = there was none."""


def rebuild(results: Path) -> Rebuilt:
    """Set the database aside, read the whole journal into a new one, and publish it."""
    logs = sorted((results / "logs").glob("*/*/*.eval"))
    aside = set_aside(results)
    store = Store(results)
    unreadable: list[str] = []
    rows = 0
    for log in logs:
        try:
            rows += store.ingest(list(from_log(log, relative_to=results)))
        except StoreError as error:
            unreadable.append(str(error))
    rows += recover(results, store)
    for file in sorted((results / "logs").glob(f"*/{runs.FILE}")):
        try:
            store.put_run(runs.read(file.parent))
        except ValueError as error:
            unreadable.append(f"{file}: {error}")
    store.publish()
    return Rebuilt(rows, len(logs), tuple(unreadable), aside)
