"""A snapshot opened for queries: one database to whoever asks, whatever files it lies in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from whichmodel.store.sight import Sight
from whichmodel.store.snapshots import IN_SHORT, READING, below, quoted

GROWING = ("outcomes", *IN_SHORT)
"""Tables whose earlier rows are in the whole snapshot that another one stands on."""


@contextmanager
def opened(snapshot: Path, sight: Sight | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that cannot write, and reach no other file.

    A view of the session comes before a table of the database wherever a query names no database: so one of
    the same name puts the rows of two files together, stands for what an older snapshot has not, and leaves
    out what an organisation may not see. Raises duckdb.Error.
    """
    with _connected(snapshot) as connection:
        plain = _plain(connection)
        found = plain | _put_together(plain, whole=below(snapshot) is not None)
        for table, query in (sight.shown(found) if sight else found).items():
            if query != plain.get(table):
                connection.execute(f"CREATE TEMP VIEW {table} AS {query}")
        yield connection


def _connected(snapshot: Path) -> duckdb.DuckDBPyConnection:
    base = below(snapshot)
    if base is None:
        return duckdb.connect(str(snapshot), read_only=True, config=READING)
    connection = duckdb.connect(config={"temp_directory": f"{snapshot}.tmp"})
    try:
        connection.execute(f"ATTACH {quoted(base)} AS whole (READ_ONLY)")
        connection.execute(f"ATTACH {quoted(snapshot)} AS fresh (READ_ONLY)")
        connection.execute("USE fresh")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    except duckdb.Error:
        connection.close()
        raise
    return connection


def _plain(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Table -> a query of it that no view comes before."""
    rows = connection.execute(
        "SELECT database_name, table_name FROM duckdb_tables() WHERE database_name = current_database()"
    ).fetchall()
    return {table: f"SELECT * FROM {_name(database)}.main.{table}" for database, table in rows}


def _put_together(plain: dict[str, str], *, whole: bool) -> dict[str, str]:
    """Table -> a query of all its rows, where they lie in two files or are in none."""
    found: dict[str, str] = {}
    if whole:
        there = [table for table in GROWING if table in plain]
        found = {name: f"SELECT * FROM whole.main.{name} UNION ALL BY NAME {plain[name]}" for name in there}
    rows = f"({(plain | found)['outcomes']})"
    return found | {name: query.format(rows=rows) for name, query in IN_SHORT.items() if name not in plain}


def _name(database: str) -> str:
    """A database's name as SQL has it."""
    return '"' + database.replace('"', '""') + '"'
