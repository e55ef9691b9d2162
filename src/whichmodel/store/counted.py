"""The outcomes that count: of a task the bank measured last, of a cell the last attempt that has a score."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import duckdb
import pandas as pd
import pyarrow as pa

BATCH = 100_000
"""Rows read at a time."""


def frames(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Sequence[str],
    filters: Sequence[str],
    values: Sequence[object],
    named: Mapping[str, Collection[str] | None],
) -> Iterator[pd.DataFrame]:
    """A frame of them, texts as categories, rows in no order; none where nothing is found.

    table: as a query names it, no view. filters, values: what is seen at all, and so which bank counts.
    named: just these of it; None = all.
    """
    only = {name: sorted(those) for name, those in named.items() if those is not None}
    query = f"""
        WITH seen AS (
            SELECT rowid AS place, task, task_hash, model, item_id, cell_key, status, started_at, key
            FROM {table} WHERE {" AND ".join(filters)}),
        banks AS (SELECT task, arg_max(task_hash, started_at) AS task_hash FROM seen GROUP BY task),
        counted AS (
            SELECT arg_min(place, (status = 'failed', -epoch_us(started_at), key)) AS place
            FROM seen JOIN banks USING (task, task_hash)
            WHERE {" AND ".join(["true", *(f"{name} IN (SELECT unnest(?))" for name in only)])}
            GROUP BY cell_key)
        SELECT {", ".join(map(_as_float, columns))}
        FROM {table} WHERE rowid IN (SELECT place FROM counted)
    """
    rows = connection.sql(query, params=[*values, *only.values()]).to_arrow_reader(BATCH)
    if found := [_numbered(batch) for batch in rows]:
        yield pa.Table.from_batches(found).unify_dictionaries().to_pandas()


def _as_float(name: str) -> str:
    """A column as it is selected: costs are kept as decimals and shown as floats."""
    return f"{name}::DOUBLE AS {name}" if name.endswith("cost_usd") else name


def _numbered(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch with its texts numbered, each held once."""
    columns = [c.dictionary_encode() if pa.types.is_string(c.type) else c for c in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
