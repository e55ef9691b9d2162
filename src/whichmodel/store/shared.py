"""What of the database lies in the shared store: parts that were taken or given, and how far it was read.

A row of outcomes or timings says in which part it lies; `part` NULL = in none that is known here. The other
tables are small, and keep the keys of their rows that lie there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

TABLES = ("shared_parts", "shared_rows", "shared_spaces", "shared_store")
LARGE = ("outcomes", "timings")
"""Tables whose rows say in which part they lie."""


@dataclass(frozen=True, slots=True)
class Given:
    """A part of a space, as this database notes it."""

    space: str
    part: str
    """Its content key."""
    table: str
    rows: int
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """How far a space was taken in."""

    version: int
    """Of the manifest all of whose parts are here."""
    at: datetime
    """UTC."""


def m007_shared(connection: duckdb.DuckDBPyConnection) -> None:
    """The parts of the shared store that are known here."""
    connection.execute("CREATE TABLE shared_store (address VARCHAR NOT NULL)")
    connection.execute(
        "CREATE TABLE shared_parts (number BIGINT PRIMARY KEY, space VARCHAR NOT NULL, "
        "part VARCHAR NOT NULL, in_table VARCHAR NOT NULL, rows BIGINT NOT NULL, "
        "tasks VARCHAR[] NOT NULL, noted_at TIMESTAMP NOT NULL)"
    )
    connection.execute(
        "CREATE TABLE shared_rows (space VARCHAR NOT NULL, in_table VARCHAR NOT NULL, key VARCHAR NOT NULL)"
    )
    connection.execute(
        "CREATE TABLE shared_spaces "
        "(space VARCHAR PRIMARY KEY, version BIGINT NOT NULL, read_at TIMESTAMP NOT NULL)"
    )
    for table in ("outcomes", "timings"):
        connection.execute(f"ALTER TABLE {table} ADD COLUMN part BIGINT")


def bind(connection: duckdb.DuckDBPyConnection, address: str) -> bool:
    """Say which store is meant; True = it was another one before, of which all is forgotten."""
    found = connection.execute("SELECT address FROM shared_store").fetchall()
    if found == [(address,)]:
        return False
    for table in TABLES:
        connection.execute(f"DELETE FROM {table}")
    for table in LARGE:
        connection.execute(f"UPDATE {table} SET part = NULL WHERE part IS NOT NULL")
    connection.execute("INSERT INTO shared_store VALUES (?)", [address])
    return bool(found)


def note(connection: duckdb.DuckDBPyConnection, given: Given) -> int:
    """Note a part, and give its number; that of before, where it is known."""
    found = connection.execute(
        "SELECT number FROM shared_parts WHERE space = ? AND part = ?", [given.space, given.part]
    ).fetchone()
    if found:
        return int(found[0])
    [(number,)] = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM shared_parts").fetchall()
    row = [number, given.space, given.part, given.table, given.rows, list(given.tasks), _now()]
    connection.execute("INSERT INTO shared_parts VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    return int(number)


def parts(connection: duckdb.DuckDBPyConnection) -> dict[str, frozenset[str]]:
    """Space -> keys of the parts whose rows are here."""
    rows = connection.execute("SELECT space, list(part) FROM shared_parts GROUP BY space").fetchall()
    return {space: frozenset(keys) for space, keys in rows}


def spaces_of_tasks(connection: duckdb.DuckDBPyConnection) -> dict[str, frozenset[str]]:
    """Task -> the spaces in which its rows were met. Of a public task, races and labels are nobody else's."""
    rows = connection.execute(
        "SELECT task, list(DISTINCT space) FROM (SELECT unnest(tasks) AS task, space FROM shared_parts "
        "WHERE in_table IN ('outcomes', 'timings')) GROUP BY task"
    ).fetchall()
    return {task: frozenset(spaces) for task, spaces in rows}


def looked(connection: duckdb.DuckDBPyConnection) -> dict[str, Looked]:
    """Space -> how far it was taken in, of those that ever were."""
    rows = connection.execute("SELECT space, version, read_at FROM shared_spaces").fetchall()
    return {space: Looked(int(version), at.replace(tzinfo=UTC)) for space, version, at in rows}


def look(connection: duckdb.DuckDBPyConnection, versions: Mapping[str, int]) -> None:
    """Note that all parts of these versions of spaces are here, as of now."""
    rows = [[space, version, _now()] for space, version in versions.items()]
    if rows:
        connection.executemany("INSERT OR REPLACE INTO shared_spaces VALUES (?, ?, ?)", rows)


def rows(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], frozenset[str]]:
    """Space and small table -> keys of its rows that lie there."""
    found = connection.execute("SELECT space, in_table, list(key) FROM shared_rows GROUP BY ALL").fetchall()
    return {(space, table): frozenset(keys) for space, table, keys in found}


def note_rows(connection: duckdb.DuckDBPyConnection, space: str, table: str, keys: Iterable[str]) -> None:
    """Note that these rows of a small table lie in a space."""
    fresh = sorted(set(keys) - rows(connection).get((space, table), frozenset()))
    if fresh:
        connection.executemany("INSERT INTO shared_rows VALUES (?, ?, ?)", [[space, table, k] for k in fresh])


def forget(connection: duckdb.DuckDBPyConnection, space: str, part: str) -> None:
    """A part as if it had never been known: its rows are to be given again."""
    found = connection.execute(
        "SELECT number, in_table FROM shared_parts WHERE space = ? AND part = ?", [space, part]
    ).fetchone()
    if not found:
        return
    number, table = found
    if table in LARGE:
        connection.execute(
            f"UPDATE {table} SET part = NULL WHERE part IN (SELECT number FROM shared_parts WHERE part = ?)",
            [part],
        )
    else:
        connection.execute("DELETE FROM shared_rows WHERE space = ? AND in_table = ?", [space, table])
    connection.execute("DELETE FROM shared_parts WHERE number = ?", [number])
    connection.execute("DELETE FROM shared_spaces WHERE space = ?", [space])


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def became(connection: duckdb.DuckDBPyConnection, given: Given, of: Iterable[str]) -> None:
    """A part holds the rows of others in their place: whoever has those has it."""
    number = note(connection, given)
    old = connection.execute(
        "SELECT number FROM shared_parts WHERE space = ? AND part IN (SELECT unnest(?)) AND number <> ?",
        [given.space, sorted(of), number],
    ).fetchall()
    numbers = [int(one) for (one,) in old]
    if given.table in LARGE and numbers:
        connection.execute(
            f"UPDATE {given.table} SET part = ? WHERE part IN (SELECT unnest(?))", [number, numbers]
        )
    connection.execute("DELETE FROM shared_parts WHERE number IN (SELECT unnest(?))", [numbers])


def ended(connection: duckdb.DuckDBPyConnection, space: str, parts: Iterable[str]) -> None:
    """Parts that count no more, and whose rows are nowhere else."""
    connection.execute(
        "DELETE FROM shared_parts WHERE space = ? AND part IN (SELECT unnest(?))", [space, sorted(parts)]
    )
