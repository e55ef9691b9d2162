"""Tables and their migrations: append-only functions with names, the applied ones kept in a table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args, get_type_hints

import duckdb
import pyarrow as pa

from whichmodel.domain import Outcome, Status
from whichmodel.errors import StoreError

COST = "DECIMAL(18, 10)"
SQL_TYPES: dict[type, str] = {
    str: "VARCHAR",
    Status: "VARCHAR",
    int: "BIGINT",
    float: "DOUBLE",
    bool: "BOOLEAN",
    Decimal: COST,
    date: "DATE",
    datetime: "TIMESTAMP",
}
ARROW_TYPES: dict[type, pa.DataType] = {
    str: pa.string(),
    Status: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    Decimal: pa.decimal128(18, 10),
    date: pa.date32(),
    datetime: pa.timestamp("us"),
}


def utc(moment: datetime) -> datetime:
    """A moment as the database keeps it: UTC without a zone, so that no time-zone extension is needed."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def columns() -> dict[str, tuple[type, bool]]:
    """Column name -> (Python type, whether NULL is allowed), in the order of `Outcome`."""
    hints = get_type_hints(Outcome)
    found: dict[str, tuple[type, bool]] = {}
    for name, hint in hints.items():
        args = [arg for arg in get_args(hint) if arg is not type(None)]
        found[name] = (args[0], True) if args else (hint, False)
    return found


def arrow_schema() -> pa.Schema:
    """The Arrow schema of a batch of outcomes."""
    return pa.schema([(name, ARROW_TYPES[kind]) for name, (kind, _) in columns().items()])


def m001_outcomes(connection: duckdb.DuckDBPyConnection) -> None:
    """One row an attempt at a cell."""
    body = ", ".join(
        f'"{name}" {SQL_TYPES[kind]}' + ("" if optional else " NOT NULL")
        for name, (kind, optional) in columns().items()
    )
    checks = "PRIMARY KEY (key), CHECK ((score IS NULL) = (status = 'failed')), CHECK (score BETWEEN 0 AND 1)"
    connection.execute(f"CREATE TABLE outcomes ({body}, {checks})")


def m002_runs(connection: duckdb.DuckDBPyConnection) -> None:
    """One row a `bench run`."""
    connection.execute(
        "CREATE TABLE runs (run_id VARCHAR PRIMARY KEY, started_at TIMESTAMP NOT NULL, "
        "ended_at TIMESTAMP, simulated BOOLEAN NOT NULL, command VARCHAR NOT NULL, "
        "planned BIGINT NOT NULL, done BIGINT, failed BIGINT, reason VARCHAR)"
    )


MIGRATIONS: tuple[Callable[[duckdb.DuckDBPyConnection], None], ...] = (m001_outcomes, m002_runs)


def pending(connection: duckdb.DuckDBPyConnection) -> list[Callable[[duckdb.DuckDBPyConnection], None]]:
    """Migrations that this database has not seen. Raises StoreError when it is newer than the program."""
    connection.execute("CREATE TABLE IF NOT EXISTS migrations (name VARCHAR PRIMARY KEY, applied TIMESTAMP)")
    applied = {name for (name,) in connection.execute("SELECT name FROM migrations").fetchall()}
    unknown = applied - {migration.__name__ for migration in MIGRATIONS}
    if unknown:
        raise StoreError(
            f"The database was written by a newer whichmodel ({', '.join(sorted(unknown))}).",
            remedy="Update whichmodel, or move the file away and run `bench rebuild`.",
        )
    return [migration for migration in MIGRATIONS if migration.__name__ not in applied]


def migrate(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Apply what is pending, each in a transaction; the names of what was applied."""
    done = []
    for migration in pending(connection):
        connection.execute("BEGIN")
        migration(connection)
        connection.execute(
            "INSERT INTO migrations VALUES (?, ?)", [migration.__name__, utc(datetime.now(UTC))]
        )
        connection.execute("COMMIT")
        done.append(migration.__name__)
    return done
