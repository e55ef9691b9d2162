"""The writing side: whoever holds the lock owns the database for the length of one batch."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import astuple
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
from filelock import FileLock, Timeout

from whichmodel.domain import Outcome, Timing
from whichmodel.errors import StoreError
from whichmodel.store import canaries, costs, labels, races, rows, schema, snapshots, timings
from whichmodel.store.runs import COLUMNS, Run

FILE = "bench.duckdb"
LOCK = "bench.lock"
LOCK_SECONDS = 60.0


class Store:
    """The database of a results folder. Opened for each batch, so that several runs can share it.

    Raises StoreError where the folder cannot be written, the file is damaged, or another program holds it.
    """

    def __init__(self, results: Path) -> None:
        self.results = results
        self.path = results / FILE
        self._lock = FileLock(results / LOCK, timeout=LOCK_SECONDS)
        try:
            results.mkdir(parents=True, exist_ok=True)
            with self._connection():
                pass
        except OSError as error:
            raise StoreError(
                f"The results folder cannot be written: {error.strerror or error}.",
                where=str(results),
                remedy="Make it writable, or name another with `--results`.",
            ) from error

    def opened(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """The database itself, for one batch of another module of this room."""
        return self._connection()

    @contextmanager
    def _connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            with self._lock, self._open() as connection:
                self._migrate(connection)
                yield connection
        except Timeout as error:
            raise StoreError(
                f"Another program has held the database for {LOCK_SECONDS:.0f} s.",
                where=str(self.path),
                remedy="Wait for it to end, or end it.",
            ) from error
        except duckdb.Error as error:
            raise _explain(error, self.path) from error

    def _open(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(str(self.path))
        connection.execute("SET enable_external_access = false")
        return connection

    def _migrate(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Bring an older file up to date; a copy of it is kept."""
        [(tables,)] = connection.execute("SELECT count(*) FROM duckdb_tables()").fetchall()
        if not schema.pending(connection):
            return
        if tables:
            connection.execute("CHECKPOINT")
            shutil.copyfile(self.path, self.path.with_suffix(f".before-{int(time.time())}.duckdb"))
        schema.migrate(connection)

    def ingest(self, outcomes: Sequence[Outcome]) -> int:
        """Add outcomes; those already there (same key) change nothing. Returns the number of new rows."""
        if not outcomes:
            return 0
        batch = schema.arrow(outcomes)
        with self._connection() as connection:
            return rows.add(connection, batch)

    def ingest_timings(self, calls: Sequence[Timing]) -> int:
        """Add timed calls; those already there (same key) change nothing. Returns the number of new rows."""
        if not calls:
            return 0
        with self._connection() as connection:
            return timings.ingest(connection, calls, schema.arrow_schema(Timing))

    def timed(self) -> dict[str, int]:
        """Settings hash -> calls that were timed so far, failed ones included."""
        with self._connection() as connection:
            return timings.sent(connection)

    def put_run(self, run: Run) -> None:
        """Note that a run has begun, or how it ended."""
        values = [schema.utc(v) if isinstance(v, datetime) else v for v in astuple(run)]
        names, marks = ", ".join(COLUMNS), ", ".join("?" * len(COLUMNS))
        with self._connection() as connection:
            connection.execute(f"INSERT OR REPLACE INTO runs ({names}) VALUES ({marks})", values)

    def put_races(self, found: Sequence[races.Race]) -> None:
        """Note how far races are, in the database and in the files beside it."""
        for race in found:
            races.write(self.results, race)
        if found:
            with self._connection() as connection:
                races.put(connection, [_values(race) for race in found])

    def races(self) -> tuple[races.Race, ...]:
        """All races, the one looked at last first."""
        with self._connection() as connection:
            return races.stored(connection)

    def done(self, asked: Iterable[tuple[str, str]]) -> dict[tuple[str, str], frozenset[str]]:
        """(task hash, settings hash) -> keys of the cells that have a score by a run that is no canary."""
        pairs = sorted(set(asked))
        wanted = pa.table({"task_hash": [t for t, _ in pairs], "settings_hash": [s for _, s in pairs]})
        with self._connection() as connection:
            connection.register("wanted", wanted)
            found = connection.execute(
                "SELECT task_hash, settings_hash, list(DISTINCT cell_key) "
                "FROM outcomes JOIN wanted USING (task_hash, settings_hash) "
                f"WHERE status <> 'failed' AND NOT {canaries.CANARY_SQL} GROUP BY ALL"
            ).fetchall()
        return {(task, settings): frozenset(keys) for task, settings, keys in found}

    def add_labels(self, given: Sequence[labels.Label]) -> int:
        """Append labels to their file, then fill the column; how many were not known already."""
        with self._connection() as connection:
            known = labels.read(self.results)
            fresh = labels.new(given, known)
            labels.append(self.results, fresh)
            if fresh:
                labels.apply(connection, labels.scores([*known, *fresh]))
        return len(fresh)

    def apply_labels(self) -> int:
        """Fill the column from the file of labels; the number of labelled rows."""
        with self._connection() as connection:
            return labels.apply(connection, labels.scores(labels.read(self.results)))

    def reprice(self, again: costs.Reprice, *, dry_run: bool = False) -> tuple[costs.Change, ...]:
        """Give the stored real rows new costs; what changes, by model in the order of their names.

        again: rows -> their new costs. Each batch is its own transaction, so that other programs come in
        between; cut off, the rest keeps its costs until the next time. dry_run: nothing is written.
        """
        with self._connection() as connection:
            last = costs.last_row(connection)
        changes: list[costs.Change] = []
        for start in range(0, last + 1, costs.BATCH):
            with self._connection() as connection:
                changes += costs.update(connection, start, again, write=not dry_run)
        return costs.total(changes)

    def publish(self) -> Path:
        """A snapshot of what is committed, for readers; the path of the new file."""
        with self._connection() as connection:
            return snapshots.publish(connection, self.path, self.results)


def set_aside(results: Path) -> Path | None:
    """Move a database away, for a rebuild; the path it lies at now, None = there was none."""
    path = results / FILE
    with FileLock(results / LOCK, timeout=LOCK_SECONDS):
        if not path.exists():
            return None
        aside = results / f"bench.aside-{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}.duckdb"
        path.rename(aside)
        wal = results / f"{FILE}.wal"
        if wal.exists():
            wal.rename(f"{aside}.wal")
        return aside


def _values(race: races.Race) -> list[object]:
    """A race's row; lists of texts as lists."""
    row = [race.race_id, *(getattr(race, name) for name in races.COLUMNS[1:])]
    moments = [schema.utc(value) if isinstance(value, datetime) else value for value in row]
    return [list(value) if isinstance(value, tuple) else value for value in moments]


def _explain(error: duckdb.Error, path: Path) -> StoreError:
    text = str(error).splitlines()[0]
    if isinstance(error, duckdb.IOException) and "lock" in text.lower():
        return StoreError(
            "The database is open in another program.",
            where=str(path),
            remedy="Close it there; viewers open the files in snapshots/ instead.",
        )
    return StoreError(
        f"The database cannot be used: {text}",
        where=str(path),
        remedy="`bench rebuild` sets it aside and makes it anew from the logs.",
    )
