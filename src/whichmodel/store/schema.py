"""Tables and their migrations: append-only functions with names, the applied ones kept in a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import attrgetter
from types import NoneType
from typing import Literal, get_args, get_origin, get_type_hints

import duckdb
import pyarrow as pa

from whichmodel.domain import Ended, Outcome, Status, Timing
from whichmodel.errors import StoreError
from whichmodel.store.races import m005_races
from whichmodel.store.rows import m008_no_index
from whichmodel.store.shared import m007_shared
from whichmodel.store.timings import m004_timings, m006_inter_token

ARROW_TYPES: dict[type, pa.DataType] = {
    str: pa.string(),
    Status: pa.string(),
    Ended: pa.string(),
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


def columns(of: type[Outcome] | type[Timing] = Outcome) -> dict[str, tuple[type, bool]]:
    """Column name -> (Python type, whether NULL is allowed), in the order of the fields."""
    found: dict[str, tuple[type, bool]] = {}
    for name, hint in get_type_hints(of).items():
        args = [arg for arg in get_args(hint) if arg is not NoneType]
        kind = args[0] if args else hint
        found[name] = (str if get_origin(kind) is Literal else kind, bool(args))
    return found


def arrow_schema(of: type[Outcome] | type[Timing] = Outcome) -> pa.Schema:
    """The Arrow schema of a batch of outcomes, or of timings."""
    return pa.schema([(name, ARROW_TYPES[kind]) for name, (kind, _) in columns(of).items()])


def arrow(outcomes: Sequence[Outcome]) -> pa.Table:
    """A batch of outcomes as a table."""
    fields = arrow_schema()
    return pa.table(
        {field.name: pa.array(map(attrgetter(field.name), outcomes), type=field.type) for field in fields},
        schema=fields,
    )


M001_COLUMNS = """
    key VARCHAR PRIMARY KEY, cell_key VARCHAR NOT NULL, task VARCHAR NOT NULL, task_hash VARCHAR NOT NULL,
    category VARCHAR NOT NULL, item_id VARCHAR NOT NULL, cluster_id VARCHAR NOT NULL,
    stratum VARCHAR NOT NULL, epoch BIGINT NOT NULL, model VARCHAR NOT NULL, settings_hash VARCHAR NOT NULL,
    requested_model VARCHAR NOT NULL, served_model VARCHAR, fingerprint VARCHAR, status VARCHAR NOT NULL,
    parsed BOOLEAN, score DOUBLE, judge_score DOUBLE, human_score DOUBLE, answer_norm VARCHAR,
    input_tokens BIGINT, cached_tokens BIGINT, cache_write_tokens BIGINT, output_tokens BIGINT,
    reasoning_tokens BIGINT, images BIGINT, cost_usd DECIMAL(18, 10), judge_cost_usd DECIMAL(18, 10),
    price_source VARCHAR, price_date DATE, latency_s DOUBLE, ttft_s DOUBLE, queue_s DOUBLE,
    attempts BIGINT NOT NULL, loop_lag_ms DOUBLE, error_class VARCHAR, error_text VARCHAR,
    output_ref VARCHAR, log_ref VARCHAR, run_id VARCHAR NOT NULL, started_at TIMESTAMP NOT NULL,
    simulated BOOLEAN NOT NULL, baseline BOOLEAN NOT NULL, imported_from VARCHAR
"""
"""Written out, as are those of later migrations: what an applied migration did never changes."""
M003_COLUMNS = (
    "image_input_tokens BIGINT",
    "image_output_tokens BIGINT",
    "megapixels DOUBLE",
    "cache_write_1h_tokens BIGINT",
    "batch BOOLEAN",
    "billed_calls BIGINT",
    "judge_model VARCHAR",
    "judge_calls BIGINT",
    "judge_input_tokens BIGINT",
    "judge_cached_tokens BIGINT",
    "judge_cache_write_tokens BIGINT",
    "judge_output_tokens BIGINT",
    "judge_reasoning_tokens BIGINT",
)


def m001_outcomes(connection: duckdb.DuckDBPyConnection) -> None:
    """One row an attempt at a cell."""
    checks = "CHECK ((score IS NULL) = (status = 'failed')), CHECK (score BETWEEN 0 AND 1)"
    connection.execute(f"CREATE TABLE outcomes ({M001_COLUMNS}, {checks})")


def m002_runs(connection: duckdb.DuckDBPyConnection) -> None:
    """One row a `bench run`."""
    connection.execute(
        "CREATE TABLE runs (run_id VARCHAR PRIMARY KEY, started_at TIMESTAMP NOT NULL, "
        "ended_at TIMESTAMP, simulated BOOLEAN NOT NULL, command VARCHAR NOT NULL, "
        "planned BIGINT NOT NULL, done BIGINT, failed BIGINT, reason VARCHAR)"
    )


def m003_true_costs(connection: duckdb.DuckDBPyConnection) -> None:
    """What else is charged, the judge's own counts, and answers out of the response cache.

    Of rows that were there before, none of this was noted: NULL. None of them came from a cache.
    """
    for column in M003_COLUMNS:
        connection.execute(f"ALTER TABLE outcomes ADD COLUMN {column}")
    connection.execute("ALTER TABLE outcomes ADD COLUMN from_cache BOOLEAN DEFAULT false")
    connection.execute("ALTER TABLE outcomes ALTER COLUMN from_cache SET NOT NULL")


MIGRATIONS: tuple[Callable[[duckdb.DuckDBPyConnection], None], ...] = (
    m001_outcomes,
    m002_runs,
    m003_true_costs,
    m004_timings,
    m005_races,
    m006_inter_token,
    m007_shared,
    m008_no_index,
)


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
