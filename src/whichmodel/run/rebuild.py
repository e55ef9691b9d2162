"""The database made anew from the journal: logs, journals of jobs that were cut off, and runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from whichmodel.errors import StoreError
from whichmodel.run import latency_lines
from whichmodel.run.recovery import outcomes_of
from whichmodel.store import Store, races, runs, set_aside


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it."""

    rows: int
    jobs: int
    timings: int
    """Timed calls of latency passes."""
    unreadable: tuple[str, ...]
    """Logs that were left where they are, each with the reason."""
    aside: Path | None
    """Where the former database lies now. None = there was none."""
    labelled: int = 0
    """Outcomes with a human label."""


def rebuild(results: Path) -> Rebuilt:
    """Set the database aside, read the whole journal into a new one, and publish it."""
    jobs = sorted(folder for folder in (results / "logs").glob("*/*") if folder.is_dir())
    aside = set_aside(results)
    store = Store(results)
    unreadable: list[str] = []
    rows = 0
    for job in jobs:
        try:
            rows += store.ingest(list(outcomes_of(job, results)))
        except StoreError as error:
            unreadable.append(str(error))
    timings = 0
    for journal in latency_lines.journals(results):
        try:
            timings += store.ingest_timings(latency_lines.read(journal))
        except StoreError as error:
            unreadable.append(str(error))
    for file in sorted((results / "logs").glob(f"*/{runs.FILE}")):
        try:
            store.put_run(runs.read(file.parent))
        except ValueError as error:
            unreadable.append(f"{file}: {error}")
    for file in sorted((results / races.FOLDER).glob("*.json")):
        try:
            store.put_races([races.read(file)])
        except ValueError as error:
            unreadable.append(f"{file}: {error}")
    labelled = 0
    try:
        labelled = store.apply_labels()
    except StoreError as error:
        unreadable.append(str(error))
    store.publish()
    return Rebuilt(rows, len(jobs), timings, tuple(unreadable), aside, labelled)
