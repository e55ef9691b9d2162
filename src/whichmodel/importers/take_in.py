"""A second pass over the files: journal first, then database, as a run does it.

The journal lies beside the logs, `logs/<run>/<part>/recovered.jsonl`, so that `bench rebuild` brings back
what was imported without the files that it came from.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO

from whichmodel.domain import Ended, Outcome, Timing
from whichmodel.importers.intake import Accepted
from whichmodel.importers.outcomes import Maker
from whichmodel.importers.sample import Refused
from whichmodel.run.latency_lines import Lines
from whichmodel.run.recovery import alive
from whichmodel.run.spool import FILE, RECOVERED, Spool
from whichmodel.store import Run, Store, runs

MARK = "-import"
"""How the id of an import ends."""
REASON = "imported"
PART = 10_000
"""Outcomes of one journal, which `bench rebuild` reads as a whole."""
REFUSED = "refused.jsonl"


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an import."""

    run_id: str
    new: int
    known: int
    """Outcomes that were stored before."""
    refused: Path | None
    """Where the refused rows are listed. None = there are none, or nothing was new."""


def new_run() -> str:
    """An id for an import."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}{MARK}"


def take_in(
    results: Path,
    store: Store,
    found: Iterable[Accepted | Refused],
    maker: Maker,
    *,
    command: str,
    told: Callable[[int], None] = lambda rows: None,
) -> Taken:
    """Journal and store what a second pass accepts; refused rows are listed beside.

    command: how it is shown in the list of runs. told: called with the rows that are stored so far. Where
    nothing is new no trace stays; cut off, what was stored stays, and the same command goes on.
    """
    folder = results / "logs" / maker.run_id
    run = Run(maker.run_id, datetime.now(UTC), None, False, command, 0, None, None, None)
    parts = _Parts(folder, store, maker)
    with alive(results, run.run_id):
        runs.write(run, folder)
        reason = REASON
        try:
            for one in found:
                parts.add(one)
                told(parts.rows)
            parts.close()
        except BaseException as error:
            reason = type(error).__name__
            raise
        finally:
            if parts.new:
                _end(store, folder, replace(run, reason=reason), parts)
            else:
                shutil.rmtree(folder)
    return parts.taken()


def _end(store: Store, folder: Path, run: Run, parts: _Parts) -> None:
    """The import's row, in the database and beside its journal."""
    ended = replace(
        run,
        ended_at=datetime.now(UTC),
        planned=parts.rows,
        done=parts.rows - parts.failed,
        failed=parts.failed,
    )
    runs.write(ended, folder)
    store.put_run(ended)
    store.publish()


@dataclass(slots=True)
class _Parts:
    """Journals of at most PART outcomes, each stored when it is full."""

    folder: Path
    store: Store
    maker: Maker
    rows: int = 0
    new: int = 0
    failed: int = 0
    _waiting: list[Outcome] | None = None
    _refused: IO[str] | None = None

    def add(self, one: Accepted | Refused) -> None:
        if isinstance(one, Refused):
            if self._refused is None:
                self._refused = (self.folder / REFUSED).open("w", encoding="utf-8")
            self._refused.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
            return
        waiting = self._waiting = self._waiting if self._waiting is not None else []
        part = f"{self.rows // PART:03d}"
        waiting.append(self.maker.outcome(one, log_ref=f"logs/{self.maker.run_id}/{part}"))
        self.rows += 1
        if len(waiting) == PART:
            self._store(part)

    def _store(self, part: str) -> None:
        waiting, self._waiting = self._waiting or [], None
        spool = Spool(self.folder / part, self.maker.keys)
        for outcome in waiting:
            spool(outcome)
        spool.close()
        self.new += self.store.ingest(waiting)
        self.failed += sum(outcome.score is None for outcome in waiting)
        journal = self.folder / part / FILE
        journal.rename(journal.with_name(RECOVERED))

    def close(self) -> None:
        """Store what is left."""
        if self._waiting:
            self._store(f"{(self.rows - 1) // PART:03d}")
        if self._refused is not None:
            self._refused.close()

    def taken(self) -> Taken:
        """What came of it."""
        listed = self.folder / REFUSED if self._refused is not None and self.new else None
        return Taken(self.maker.run_id, self.new, self.rows - self.new, listed)


def time_in(
    results: Path,
    store: Store,
    found: Iterable[Timing | Refused],
    run_id: str,
    *,
    told: Callable[[int], None] = lambda rows: None,
) -> tuple[Taken, Calls]:
    """Journal and store timed requests, in `logs/<run>/latency.jsonl` as a pass of `bench latency` does."""
    folder = results / "logs" / run_id
    calls = Calls()
    with alive(results, run_id):
        lines = Lines(folder)
        try:
            for batch in _batches(calls.counted(found, told)):
                for timing in batch:
                    lines.write(timing)
                calls.new += store.ingest_timings(batch)
        finally:
            lines.close()
    if calls.new:
        store.publish()
    else:
        shutil.rmtree(folder)
    return Taken(run_id, calls.new, calls.rows - calls.new, None), calls


@dataclass(slots=True)
class Calls:
    """What is known of timed requests that come in."""

    rows: int = 0
    new: int = 0
    answered: Counter[str] = field(default_factory=Counter)
    """By model."""
    failed: Counter[str] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)

    def counted(
        self, found: Iterable[Timing | Refused], told: Callable[[int], None] = lambda rows: None
    ) -> Iterator[Timing]:
        """The timings among what was found, each counted."""
        for one in found:
            if isinstance(one, Refused):
                self.refused.append(one)
                continue
            self.rows += 1
            told(self.rows)
            (self.failed if one.status is Ended.FAILED else self.answered)[one.model] += 1
            yield one


def _batches(found: Iterator[Timing]) -> Iterator[list[Timing]]:
    while batch := list(islice(found, PART)):
        yield batch
