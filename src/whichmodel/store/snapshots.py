"""Read-only copies of the database under a pointer that is swapped by rename.

A DuckDB writer and any reader in another process exclude each other, so readers open copies. A reader keys on
the real path: reconnecting to a replaced file would show old data.

A whole snapshot is a copy of the file. Of a large database the next ones have only the rows that came after
it (`bench-000124-on-000123.duckdb`), for as long as no earlier row is changed: `opened` puts both together.
Either has tables beside the rows that tell about them in short (`IN_SHORT`).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from whichmodel.store import failing, grouped, repeated, rows

FOLDER = "snapshots"
POINTER = "current"
KEEP = 3
"""Snapshots kept; a reader that has an older one open goes on reading it."""
WHOLE_ROWS = 200_000
"""Of a database of at most so many outcomes each snapshot is a whole one."""
SHARE = 20
"""A snapshot with more than one row to so many of the whole one below it is followed by a whole one."""
BATCH = 100_000
"""Rows held in memory at a time."""
READING: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "lock_configuration": "true",
}
"""Of a connection that reads one snapshot: all of one process to the same file have to agree in it."""
IN_SHORT = {"grouped": grouped.SELECT, "repeated": repeated.SELECT, "failed": failing.SELECT}
"""Tables that a snapshot has beside the rows, as queries of these: what is asked of them in short."""
_NAME = re.compile(r"bench-(\d{6,})(?:-on-(\d{6,}))?\.duckdb")


@dataclass(frozen=True, slots=True)
class Extent:
    """Which rows of the database a snapshot has, the whole one below it included."""

    edition: str
    n_rows: int
    last_row: int
    """Number of the last one in the database."""
    last_key: str
    own_rows: int
    """Of the rows, those in the snapshot's own file."""


def publish(connection: duckdb.DuckDBPyConnection, database: Path, results: Path) -> Path:
    """Write the next snapshot and point to it; its path. connection: the owner's, to that database."""
    folder = results / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    before = current(results)
    extent = _extent(before) if before else None
    if before is None or extent is None or not _goes_on(connection, extent, before):
        return _point(folder, _whole(connection, database, folder))
    target = _point(folder, _fresh(connection, folder, before, extent))
    grown = _extent(target)
    if grown is not None and grown.own_rows * SHARE > grown.n_rows:
        return _point(folder, _whole(connection, database, folder))
    return target


def current(results: Path) -> Path | None:
    """The newest snapshot; None = nothing was ever published."""
    folder = results / FOLDER
    try:
        path = folder / (folder / POINTER).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return path if path.is_file() else None


def below(snapshot: Path) -> Path | None:
    """The whole snapshot whose rows come before those of this one; None = it is whole itself."""
    found = _NAME.fullmatch(snapshot.name)
    return snapshot.with_name(f"bench-{found[2]}.duckdb") if found and found[2] else None


def _goes_on(connection: duckdb.DuckDBPyConnection, extent: Extent, before: Path) -> bool:
    """Whether the database is a large one that has the snapshot's rows as they were, and later ones."""
    [(n_rows, known)] = connection.execute(
        "SELECT count(*), count(*) FILTER (rowid <= ?) FROM outcomes", [extent.last_row]
    ).fetchall()
    if n_rows <= WHOLE_ROWS or known != extent.n_rows or rows.edition(connection) != extent.edition:
        return False
    last = connection.execute("SELECT key FROM outcomes WHERE rowid = ?", [extent.last_row]).fetchall()
    with duckdb.connect(str(before), read_only=True, config=READING) as snapshot:
        tables = {name for (name,) in snapshot.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        alike = tables >= set(IN_SHORT) and _columns(snapshot) == _columns(connection)
        return alike and last == [(extent.last_key,)]


def _columns(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'outcomes' "
        "ORDER BY column_index"
    ).fetchall()


def _whole(connection: duckdb.DuckDBPyConnection, database: Path, folder: Path) -> Path:
    """A copy of the file."""
    connection.execute("CHECKPOINT")
    extent = _reached(connection)
    target = folder / f"bench-{_next(folder):06d}.duckdb"
    with _partial(target) as partial:
        shutil.copyfile(database, partial)
        with duckdb.connect(str(partial)) as copy:
            for table, select in IN_SHORT.items():
                copy.execute(f"CREATE TABLE {table} AS {select.format(rows='outcomes')}")
            _note(copy, extent)
    return target


def _fresh(connection: duckdb.DuckDBPyConnection, folder: Path, before: Path, extent: Extent) -> Path:
    """What came after the last whole snapshot: a copy of the last one's own rows, and those since."""
    base = below(before)
    target = folder / f"bench-{_next(folder):06d}-on-{_number(base or before):06d}.duckdb"
    with _partial(target) as partial:
        if base is not None:
            shutil.copyfile(before, partial)
        with duckdb.connect(str(partial)) as copy:
            copy.execute(f"ATTACH {quoted(base or before)} AS whole (READ_ONLY)")
            if base is None:
                for table in ("outcomes", *IN_SHORT):
                    copy.execute(f"CREATE TABLE {table} AS FROM whole.{table} LIMIT 0")
            _append(connection, copy, extent.last_row)
            _take_over(connection, copy)
            _note(copy, _reached(connection))
            copy.execute("DETACH whole")
    return target


def _append(connection: duckdb.DuckDBPyConnection, copy: duckdb.DuckDBPyConnection, last: int) -> None:
    """The database's rows after a row into a snapshot, and what is told about them in short."""
    since = f"(SELECT * FROM outcomes WHERE rowid > {last})"
    _insert(copy, "outcomes", connection.sql(f"FROM {since}").to_arrow_reader(BATCH))
    for table in ("grouped", "failed"):
        select = IN_SHORT[table].format(rows=since)
        _insert(copy, table, connection.sql(select).to_arrow_reader(BATCH))
    copy.register("touched", repeated.touched(connection, since))
    copy.execute(
        f"INSERT INTO repeated BY NAME FROM ({repeated.SELECT.format(rows='touched')}) "
        "ANTI JOIN (SELECT key FROM whole.repeated UNION ALL SELECT key FROM repeated) USING (key)"
    )
    copy.unregister("touched")


def _insert(copy: duckdb.DuckDBPyConnection, table: str, found: pa.RecordBatchReader) -> None:
    copy.register("found", found)
    copy.execute(f"INSERT INTO {table} BY NAME FROM found")
    copy.unregister("found")


def _take_over(connection: duckdb.DuckDBPyConnection, copy: duckdb.DuckDBPyConnection) -> None:
    """Every other table as it is now: they are small."""
    for (table,) in connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE NOT temporary"
    ).fetchall():
        if table != "outcomes":
            copy.register("found", connection.sql(f"FROM {table}").to_arrow_table())
            copy.execute(f"CREATE OR REPLACE TABLE {table} AS FROM found")
            copy.unregister("found")


def _reached(connection: duckdb.DuckDBPyConnection) -> Extent:
    [(n_rows, last)] = connection.execute(
        "SELECT count(*), coalesce(max(rowid), -1) FROM outcomes"
    ).fetchall()
    keys = connection.execute("SELECT key FROM outcomes WHERE rowid = ?", [last]).fetchall()
    return Extent(rows.edition(connection), n_rows, last, keys[0][0] if keys else "", 0)


def _note(copy: duckdb.DuckDBPyConnection, extent: Extent) -> None:
    copy.execute(
        "CREATE OR REPLACE TABLE extent AS SELECT ?::VARCHAR AS edition, ?::BIGINT AS n_rows, "
        "?::BIGINT AS last_row, ?::VARCHAR AS last_key",
        [extent.edition, extent.n_rows, extent.last_row, extent.last_key],
    )


def _extent(snapshot: Path) -> Extent | None:
    """What a snapshot has; None = it is older than the note of it, damaged, or what it stands on is gone."""
    base = below(snapshot)
    if base is not None and not base.is_file():
        return None
    try:
        with duckdb.connect(str(snapshot), read_only=True, config=READING) as copy:
            [found] = copy.execute(
                "SELECT edition, n_rows, last_row, last_key, (SELECT count(*) FROM outcomes) FROM extent"
            ).fetchall()
    except (duckdb.Error, ValueError):
        return None
    edition, n_rows, last_row, last_key, own = found
    return Extent(edition, n_rows, last_row, last_key, own if base else 0)


@contextmanager
def _partial(target: Path) -> Iterator[Path]:
    """A file to write, which gets its name once it is whole."""
    partial = target.with_suffix(".part")
    for left in (partial, Path(f"{partial}.wal")):
        left.unlink(missing_ok=True)
    yield partial
    partial.replace(target)


def _point(folder: Path, target: Path) -> Path:
    """Readers that come from now on open this one; what nobody needs any more is removed."""
    pointer = folder / f"{POINTER}.{os.getpid()}.part"
    pointer.write_text(target.name, encoding="utf-8")
    pointer.replace(folder / POINTER)
    there = sorted((path for path in folder.iterdir() if _NAME.fullmatch(path.name)), key=_number)
    needed = {path for one in there[-KEEP:] for path in (one, below(one))}
    for path in there:
        if path not in needed:
            path.unlink(missing_ok=True)
    return target


def _next(folder: Path) -> int:
    taken = [_number(path) for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    return max(taken, default=0) + 1


def _number(path: Path) -> int:
    found = _NAME.fullmatch(path.name)
    return int(found[1]) if found else 0


def quoted(path: Path) -> str:
    """A path as SQL has it; a command that attaches a file takes no parameters."""
    return "'" + str(path).replace("'", "''") + "'"
