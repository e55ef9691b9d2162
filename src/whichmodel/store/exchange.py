"""Rows on their way between the database and a shared store, a batch at a time.

Each method opens the database for its own length alone, so that nobody waits while bytes travel.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import duckdb
import pyarrow as pa

from whichmodel.domain import Outcome, Timing
from whichmodel.errors import StoreError
from whichmodel.store import labels, races, rows, schema, shared
from whichmodel.store.database import Store
from whichmodel.store.labels import Label
from whichmodel.store.runs import COLUMNS, Run

Large = Literal["outcomes", "timings"]
OF: Mapping[Large, type[Outcome] | type[Timing]] = {"outcomes": Outcome, "timings": Timing}
STEP = 10_000
"""Rows read at a time while a batch is gathered."""


class Refused(StoreError):
    """Rows that cannot be rows of the table; none of their part was taken."""


@dataclass(frozen=True, slots=True)
class State:
    """What the database holds beside its large tables, and what of these waits; read at one moment."""

    looked: Mapping[str, shared.Looked]
    """Space -> how far it was taken in, of those that ever were."""
    parts: Mapping[str, frozenset[str]]
    """Space -> keys of the parts whose rows are here."""
    small: Mapping[tuple[str, str], frozenset[str]]
    """Space and small table -> keys of its rows that lie there."""
    spaces_of_tasks: Mapping[str, frozenset[str]]
    """Task -> the spaces in which its rows were met."""
    waiting: Mapping[Large, Mapping[str, int]]
    """Large table -> task -> rows that lie in no part that is known here."""
    runs: tuple[Run, ...]
    races: tuple[races.Race, ...]
    labels: tuple[Label, ...]
    """In the order they came in."""
    labelled: frozenset[str]
    """Outcomes with a label that are here: one may be deleted, while its label stays in the file."""

    @property
    def said(self) -> tuple[Label, ...]:
        """The labels of outcomes that are here."""
        return tuple(label for label in self.labels if label.outcome in self.labelled)


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a shared store's push and pull ask of the database."""

    store: Store
    address: str
    """Of the shared store. Another one than before begins anew: nothing of it is here yet."""

    def state(self) -> State:
        """Everything that is small, in one look."""
        with self.store.opened() as connection:
            shared.bind(connection, self.address)
            said = labels.read(self.store.results)
            return State(
                looked=shared.looked(connection),
                parts=shared.parts(connection),
                small=shared.rows(connection),
                spaces_of_tasks=shared.spaces_of_tasks(connection),
                waiting={table: _waiting(connection, table) for table in OF},
                runs=_runs(connection),
                races=races.stored(connection),
                labels=said,
                labelled=_present(connection, {label.outcome for label in said}),
            )

    def parts(self, space: str) -> frozenset[str]:
        """Keys of the parts of a space whose rows are here."""
        return self.state().parts.get(space, frozenset())

    def tasks_of_runs(self) -> dict[str, frozenset[str]]:
        """Run -> the tasks of its outcomes and timings. Goes over all rows."""
        with self.store.opened() as connection:
            asked = connection.execute(
                "SELECT run_id, list(DISTINCT task) FROM (SELECT DISTINCT run_id, task FROM outcomes "
                "UNION SELECT DISTINCT run_id, task FROM timings) GROUP BY run_id"
            ).fetchall()
        return {str(run_id): frozenset(names) for run_id, names in asked}

    def look(self, versions: Mapping[str, int]) -> None:
        """Note that all parts of these versions of spaces are here, as of now."""
        with self.store.opened() as connection:
            shared.look(connection, versions)

    def batch(self, table: Large, tasks: Collection[str], most_rows: int, most_bytes: int) -> pa.Table:
        """Rows of these tasks that lie in no part, so many at most; empty = there are none left.

        Costs as they stand here; the column of human labels is left empty, since labels travel themselves.
        """
        fields = schema.arrow_schema(OF[table])
        names = [f"NULL::DOUBLE AS {n}" if n == "human_score" else n for n in fields.names]
        query = f"""SELECT {", ".join(names)} FROM {table}
            WHERE part IS NULL AND task IN (SELECT unnest(?)) LIMIT {int(most_rows)}"""
        held: list[pa.RecordBatch] = []
        size = 0
        with self.store.opened() as connection:
            for found in connection.sql(query, params=[sorted(tasks)]).to_arrow_reader(STEP):
                held.append(found)
                size += found.nbytes
                if size >= most_bytes:
                    break
        return pa.Table.from_batches(held, schema=held[0].schema) if held else fields.empty_table()

    def gave(self, table: Large, keys: pa.ChunkedArray, parts: Sequence[shared.Given]) -> None:
        """Note that the rows of these keys lie in these parts, the same rows in each."""
        with self.store.opened() as connection:
            connection.execute("BEGIN")
            number, *_ = [shared.note(connection, part) for part in parts]
            connection.register("given_keys", pa.table({"key": keys}))
            connection.execute(
                f"UPDATE {table} SET part = ? FROM given_keys g WHERE {table}.key = g.key AND part IS NULL",
                [number],
            )
            connection.execute("COMMIT")

    def take(self, table: Large, part: shared.Given, batches: Iterable[pa.RecordBatch]) -> int:
        """Take the rows of a part, all or none; those that are here change nothing. How many were new."""
        with self.store.opened() as connection:
            connection.execute("BEGIN")
            number, new = shared.note(connection, part), 0
            for batch in batches:
                try:
                    new += _add(connection, table, number, pa.Table.from_batches([batch]))
                except duckdb.ConstraintException as error:
                    raise Refused(
                        f"The part holds rows that no program of ours writes: {str(error).splitlines()[0]}",
                        where=f"{part.space}/{part.part}",
                    ) from error
            connection.execute("COMMIT")
        return new

    def forget(self, space: str, part: str) -> None:
        """A part as if it had never been known: its rows are to be given again."""
        with self.store.opened() as connection:
            connection.execute("BEGIN")
            shared.forget(connection, space, part)
            connection.execute("COMMIT")

    def of_part(self, table: Large, part: str) -> pa.Table:
        """The rows that are noted to lie in a part, in whichever space, as `batch` gives them."""
        fields = schema.arrow_schema(OF[table])
        names = [f"NULL::DOUBLE AS {n}" if n == "human_score" else n for n in fields.names]
        with self.store.opened() as connection:
            found = connection.sql(
                f"SELECT {', '.join(names)} FROM {table} WHERE part IN "
                "(SELECT number FROM shared_parts WHERE part = ?)",
                params=[part],
            )
            return found.to_arrow_table()

    def gave_small(self, given: Sequence[tuple[shared.Given, Iterable[str]]]) -> None:
        """Note that the rows of these keys, of small tables, lie in these parts."""
        with self.store.opened() as connection:
            connection.execute("BEGIN")
            for part, keys in given:
                shared.note(connection, part)
                shared.note_rows(connection, part.space, part.table, keys)
            connection.execute("COMMIT")

    def put_runs(self, runs: Sequence[Run]) -> None:
        """Note runs, in place of what is known of them."""
        marks = ", ".join("?" * len(COLUMNS))
        rows = [[schema.utc(v) if isinstance(v, datetime) else v for v in astuple(run)] for run in runs]
        if rows:
            with self.store.opened() as connection:
                connection.executemany(
                    f"INSERT OR REPLACE INTO runs ({', '.join(COLUMNS)}) VALUES ({marks})", rows
                )

    def append_labels(self, given: Sequence[labels.Label]) -> None:
        """Write labels at the end of their file, known or not."""
        if given:
            with self.store.opened():
                labels.append(self.store.results, given)


def _waiting(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, int]:
    rows = connection.execute(
        f"SELECT task, count(*) FROM {table} WHERE part IS NULL GROUP BY task ORDER BY task"
    ).fetchall()
    return {str(task): int(count) for task, count in rows}


def _present(connection: duckdb.DuckDBPyConnection, keys: Collection[str]) -> frozenset[str]:
    if not keys:
        return frozenset()
    query = "SELECT key FROM outcomes WHERE key IN (SELECT unnest(?::VARCHAR[]))"
    return frozenset(key for (key,) in connection.execute(query, [sorted(keys)]).fetchall())


def _runs(connection: duckdb.DuckDBPyConnection) -> tuple[Run, ...]:
    rows = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM runs ORDER BY run_id").fetchall()
    return tuple(Run(*map(_zoned, row)) for row in rows)


def rows_of(batches: Iterable[pa.RecordBatch]) -> Iterator[dict[str, Any]]:
    """The rows of a small table; times with their zone."""
    for batch in batches:
        for row in batch.to_pylist():
            yield {name: _zoned(value) for name, value in row.items()}


def _zoned(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def _add(connection: duckdb.DuckDBPyConnection, table: Large, number: int, taken: pa.Table) -> int:
    """Add rows of a part, and note for those that are here already that they lie in it; how many were new."""
    parts = pa.array([number] * taken.num_rows, pa.int64())
    connection.register("taken", taken.append_column("part", parts))
    if table == "outcomes":
        new = rows.add(connection, taken.append_column("part", parts))
        known = "rowid IN (SELECT place FROM met) AND key IN (SELECT key FROM taken)"
        connection.execute(f"UPDATE outcomes SET part = ? WHERE part IS NULL AND {known}", [number])
        return new
    before = _count(connection, table)
    connection.execute(
        f"INSERT INTO {table} BY NAME SELECT * FROM taken "
        "ON CONFLICT (key) DO UPDATE SET part = coalesce(part, excluded.part)"
    )
    return _count(connection, table) - before


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    [(rows,)] = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    return int(rows)
