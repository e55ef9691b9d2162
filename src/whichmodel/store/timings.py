"""Timed calls: their table, how they get into it, and what is read out of it."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

import duckdb
import pandas as pd
import pyarrow as pa

from whichmodel.domain import Timing

TABLE = """
    key VARCHAR PRIMARY KEY, run_id VARCHAR NOT NULL, number BIGINT NOT NULL, task VARCHAR NOT NULL,
    task_hash VARCHAR NOT NULL, item_id VARCHAR NOT NULL, model VARCHAR NOT NULL,
    settings_hash VARCHAR NOT NULL, requested_model VARCHAR NOT NULL, served_model VARCHAR,
    status VARCHAR NOT NULL, streamed BOOLEAN, first_kind VARCHAR, deltas BIGINT, ttft_s DOUBLE,
    latency_s DOUBLE, tokens_per_s DOUBLE, input_tokens BIGINT, cached_tokens BIGINT,
    cache_write_tokens BIGINT, output_tokens BIGINT, reasoning_tokens BIGINT, cost_usd DECIMAL(18, 10),
    price_source VARCHAR, price_date DATE, loop_lag_ms DOUBLE, cold BOOLEAN NOT NULL,
    concurrency BIGINT NOT NULL, hour_utc BIGINT NOT NULL, error_class VARCHAR,
    error_text VARCHAR, started_at TIMESTAMP NOT NULL, simulated BOOLEAN NOT NULL
"""
"""Written out: what an applied migration did never changes."""
CHECKS = """
    CHECK ((latency_s IS NULL) = (status = 'failed')), CHECK (ttft_s IS NULL OR ttft_s <= latency_s),
    CHECK (ttft_s IS NULL OR streamed), CHECK (hour_utc BETWEEN 0 AND 23)
"""
WITHOUT_TEXT = "* EXCLUDE (error_text) REPLACE (cost_usd::DOUBLE AS cost_usd)"


def m004_timings(connection: duckdb.DuckDBPyConnection) -> None:
    """One row a call of `bench latency`."""
    connection.execute(f"CREATE TABLE timings ({TABLE}, {CHECKS})")


def m006_inter_token(connection: duckdb.DuckDBPyConnection) -> None:
    """The time between tokens, which other tools tell."""
    connection.execute("ALTER TABLE timings ADD COLUMN inter_token_s DOUBLE")


def ingest(connection: duckdb.DuckDBPyConnection, timings: Sequence[Timing], schema: pa.Schema) -> int:
    """Add timings; those already there (same key) change nothing. Returns the number of new rows."""
    columns = {f.name: pa.array(map(attrgetter(f.name), timings), type=f.type) for f in schema}
    before = count(connection)
    connection.register("timing_batch", pa.table(columns, schema=schema))
    connection.execute("INSERT OR IGNORE INTO timings BY NAME SELECT * FROM timing_batch")
    return count(connection) - before


def count(connection: duckdb.DuckDBPyConnection) -> int:
    """Rows in the table."""
    [(rows,)] = connection.execute("SELECT count(*) FROM timings").fetchall()
    return int(rows)


def stored(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether this database has the table: a snapshot may be older than it."""
    found = connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'timings'").fetchall()
    return bool(found)


def frame(connection: duckdb.DuckDBPyConnection, simulated: bool) -> pd.DataFrame:
    """All timed calls of real or of simulated models, columns as in `Timing`; costs as float."""
    if not stored(connection):
        return pd.DataFrame()
    query = f"SELECT {WITHOUT_TEXT} FROM timings WHERE simulated = ? ORDER BY model, started_at, key"
    return connection.execute(query, [simulated]).df().drop(columns="part", errors="ignore")


def sent(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Settings hash -> calls so far, failed ones included."""
    if not stored(connection):
        return {}
    rows = connection.execute("SELECT settings_hash, count(*) FROM timings GROUP BY ALL").fetchall()
    return {str(settings): int(calls) for settings, calls in rows}


def failures(connection: duckdb.DuckDBPyConnection, simulated: bool) -> pd.DataFrame:
    """Calls that failed: model, error_class, calls and one error text."""
    if not stored(connection):
        return pd.DataFrame()
    query = """SELECT model, error_class, count(*) AS calls, any_value(error_text) AS example
        FROM timings WHERE status = 'failed' AND simulated = ? GROUP BY ALL ORDER BY calls DESC, model"""
    return connection.execute(query, [simulated]).df().drop(columns="part", errors="ignore")
