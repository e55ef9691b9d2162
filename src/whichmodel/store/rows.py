"""Rows of outcomes on their way into the database: each once, and a mark where stored ones are changed.

The table has no index: one over ten million content keys costs a gigabyte of memory and is written anew by
each batch that is scattered over it. The lock of the one owner and `add` keep keys apart instead.
"""

from __future__ import annotations

import uuid

import duckdb
import pyarrow as pa

from whichmodel.errors import StoreError

ITEM = "task, task_hash, model, item_id"
"""Which item a model was asked, in whatever epoch and by whatever settings: rows of one key agree in it."""
_PLACE = "place_in_batch"


def add(connection: duckdb.DuckDBPyConnection, batch: pa.Table) -> int:
    """Insert rows whose key is not there yet, of equal keys the first; the number of new rows.

    batch: columns of `outcomes` by name; those left out get their defaults. Every way in comes through here.
    """
    places = pa.array(range(batch.num_rows), type=pa.int64())
    connection.register("batch", batch.append_column(_PLACE, places))
    met(connection, "batch")
    [(new,)] = connection.execute(f"""
        INSERT INTO outcomes BY NAME
        WITH stored AS (SELECT key FROM outcomes WHERE rowid IN (SELECT place FROM met))
        SELECT * EXCLUDE ({_PLACE}) FROM batch ANTI JOIN stored USING (key)
        QUALIFY row_number() OVER (PARTITION BY key ORDER BY {_PLACE}) = 1 ORDER BY {_PLACE}
    """).fetchall()
    connection.unregister("batch")
    return int(new)


def met(connection: duckdb.DuckDBPyConnection, rows: str) -> None:
    """A temporary table `met` of the places of stored rows whose items are among these. rows: as SQL.

    Two steps for a reason: what else is read of ten million rows is read at these places alone.
    """
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE asked AS SELECT model, hash({ITEM}) AS item FROM {rows}"
    )
    [(models,)] = connection.execute("SELECT coalesce(list(DISTINCT model), []) FROM asked").fetchall()
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE met AS SELECT rowid AS place FROM outcomes "
        f"WHERE model IN ({', '.join('?' * len(models)) or 'NULL'}) "
        f"AND hash({ITEM}) IN (SELECT item FROM asked)",
        models,
    )


def rewritten(connection: duckdb.DuckDBPyConnection) -> None:
    """Note that stored rows were changed or deleted: the next snapshot is a whole one.

    In the same transaction as the change, or before it.
    """
    connection.execute("UPDATE edition SET name = ?", [uuid.uuid4().hex])


def edition(connection: duckdb.DuckDBPyConnection) -> str:
    """What the rows so far are called; another one after any of them was changed or deleted."""
    [(name,)] = connection.execute("SELECT name FROM edition").fetchall()
    return str(name)


def m008_no_index(connection: duckdb.DuckDBPyConnection) -> None:
    """The table of outcomes without its index, and the name of the rows' edition."""
    twice = connection.execute(
        "SELECT 1 FROM (SELECT key FROM outcomes GROUP BY key HAVING count(*) > 1) LIMIT 1"
    ).fetchall()
    if twice:
        raise StoreError("Outcomes are stored twice.", remedy="`bench rebuild` makes the database anew.")
    connection.execute(f"CREATE TABLE plain_outcomes ({M008_COLUMNS}, {M008_CHECKS})")
    connection.execute("INSERT INTO plain_outcomes BY NAME SELECT * FROM outcomes")
    connection.execute("DROP TABLE outcomes")
    connection.execute("ALTER TABLE plain_outcomes RENAME TO outcomes")
    connection.execute("CREATE TABLE edition (name VARCHAR NOT NULL)")
    connection.execute("INSERT INTO edition VALUES (?)", [uuid.uuid4().hex])


M008_COLUMNS = """
    key VARCHAR NOT NULL, cell_key VARCHAR NOT NULL, task VARCHAR NOT NULL, task_hash VARCHAR NOT NULL,
    category VARCHAR NOT NULL, item_id VARCHAR NOT NULL, cluster_id VARCHAR NOT NULL,
    stratum VARCHAR NOT NULL, epoch BIGINT NOT NULL, model VARCHAR NOT NULL, settings_hash VARCHAR NOT NULL,
    requested_model VARCHAR NOT NULL, served_model VARCHAR, fingerprint VARCHAR, status VARCHAR NOT NULL,
    parsed BOOLEAN, score DOUBLE, judge_score DOUBLE, human_score DOUBLE, answer_norm VARCHAR,
    input_tokens BIGINT, cached_tokens BIGINT, cache_write_tokens BIGINT, output_tokens BIGINT,
    reasoning_tokens BIGINT, images BIGINT, cost_usd DECIMAL(18, 10), judge_cost_usd DECIMAL(18, 10),
    price_source VARCHAR, price_date DATE, latency_s DOUBLE, ttft_s DOUBLE, queue_s DOUBLE,
    attempts BIGINT NOT NULL, loop_lag_ms DOUBLE, error_class VARCHAR, error_text VARCHAR,
    output_ref VARCHAR, log_ref VARCHAR, run_id VARCHAR NOT NULL, started_at TIMESTAMP NOT NULL,
    simulated BOOLEAN NOT NULL, baseline BOOLEAN NOT NULL, imported_from VARCHAR,
    image_input_tokens BIGINT, image_output_tokens BIGINT, megapixels DOUBLE, cache_write_1h_tokens BIGINT,
    batch BOOLEAN, billed_calls BIGINT, judge_model VARCHAR, judge_calls BIGINT, judge_input_tokens BIGINT,
    judge_cached_tokens BIGINT, judge_cache_write_tokens BIGINT, judge_output_tokens BIGINT,
    judge_reasoning_tokens BIGINT, from_cache BOOLEAN NOT NULL DEFAULT false, part BIGINT
"""
"""Written out: what an applied migration did never changes."""
M008_CHECKS = "CHECK ((score IS NULL) = (status = 'failed')), CHECK (score BETWEEN 0 AND 1)"
