"""Runs that were cut off: what their journals hold is taken over, once it is known that they are over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from zipfile import is_zipfile

from filelock import FileLock, Timeout

from whichmodel.domain import Outcome
from whichmodel.errors import StoreError
from whichmodel.run.spool import FILE, RECOVERED, Tail
from whichmodel.store import Store, runs

LOCK = "run.lock"
CUT_OFF = "cut off"
BROKEN = ".eval.broken"
"""Suffix of a log without its beginning, which no reader opens again."""


def alive(results: Path, run_id: str) -> AbstractContextManager[object]:
    """Held by a run as long as it lives; a killed process lets go of it."""
    folder = results / "logs" / run_id
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / LOCK, timeout=0)


def pending(results: Path) -> list[Path]:
    """Folders of runs whose journals nobody has taken over, those that are running now among them."""
    return sorted({path.parents[1] for path in (results / "logs").glob(f"*/*/{FILE}")})


def recover(results: Path, store: Store) -> int:
    """Take over what runs that are over have left; the number of outcomes that were new."""
    new = 0
    for folder in pending(results):
        try:
            with alive(results, folder.name):
                new += sum(_take_over(job, results, store) for job in sorted(folder.glob(f"*/{FILE}")))
                _note_end(folder, store)
        except Timeout:
            continue
    return new


def _take_over(journal: Path, results: Path, store: Store) -> int:
    from whichmodel.run.logfile import mend

    for log in journal.parent.glob("*.eval"):
        mend(log)
    try:
        found = list(outcomes_of(journal.parent, results))
    except StoreError:
        # Neither a line nor a readable log: nothing that reached the disk is lost, and no run stops here.
        for log in journal.parent.glob("*.eval"):
            if not is_zipfile(log):
                log.rename(log.with_suffix(BROKEN))
        found = []
    new = store.ingest(found)
    journal.rename(journal.with_name(RECOVERED))
    return new


def outcomes_of(job: Path, results: Path) -> Iterator[Outcome]:
    """All outcomes of a job's folder, from its log and its lines. Raises StoreError for an unreadable log.

    A log that was cut off may hold a sample whose line was not yet written, and the other way round.
    """
    from whichmodel.record import from_log

    lines = [o for file in (FILE, RECOVERED) for o in Tail(job, file).read()]
    yield from lines
    for log in sorted(job.glob("*.eval")):
        try:
            yield from from_log(log, relative_to=results)
        except StoreError:
            if not lines:
                raise


def _note_end(folder: Path, store: Store) -> None:
    """The run's row says that it was cut off, where it could not say so itself."""
    try:
        run = runs.read(folder)
    except (OSError, ValueError):
        return
    if run.reason is None:
        ended = replace(run, reason=CUT_OFF)
        runs.write(ended, folder)
        store.put_run(ended)
