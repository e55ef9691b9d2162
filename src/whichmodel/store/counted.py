"""The outcomes that count: of a task the bank measured last, of a cell the last attempt that has a score."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import duckdb
import pandas as pd
import pyarrow as pa

from whichmodel.store.grouped import banks_sql
from whichmodel.store.repeated import passed_over

BATCH = 100_000
"""Rows read at a time."""


def query(select: str, filters: Sequence[str], only: Collection[str] = ()) -> str:
    """SQL of them. filters: what is visible at all, and so which bank counts; its parameters come thrice.

    only: columns of which certain values are wanted, each a list among the parameters that follow.
    """
    visible = " AND ".join(filters)
    wanted = [f"{name} IN (SELECT unnest(?))" for name in only]
    return f"""
        WITH {banks_sql(filters)}, passed_over AS ({passed_over(filters)})
        SELECT {select} FROM outcomes SEMI JOIN banks USING (task, task_hash)
            ANTI JOIN passed_over USING (key)
        WHERE {" AND ".join([visible, *wanted])}
    """


def frames(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[str],
    filters: Sequence[str],
    values: Sequence[object],
    parts: Sequence[Mapping[str, Collection[str] | None]],
) -> Iterator[pd.DataFrame]:
    """A frame of them, texts as categories, rows in no order; none where nothing is found.

    filters, values: what is seen at all, and so which bank counts. parts: of it just rows with these values
    of these columns, None = all; read one after the other, so no row may be in two.
    """
    found: list[pa.RecordBatch] = []
    for named in parts:
        only = {name: sorted(those) for name, those in named.items() if those is not None}
        sql = query(", ".join(map(_as_float, columns)), filters, only)
        rows = connection.sql(sql, params=[*values, *values, *values, *only.values()])
        found += [_numbered(batch) for batch in rows.to_arrow_reader(BATCH)]
    if found:
        yield pa.Table.from_batches(found).unify_dictionaries().to_pandas()


def _as_float(name: str) -> str:
    """A column as it is selected: costs are kept as decimals and shown as floats."""
    return f"{name}::DOUBLE AS {name}" if name.endswith("cost_usd") else name


def _numbered(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch with its texts numbered, each held once."""
    columns = [c.dictionary_encode() if pa.types.is_string(c.type) else c for c in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
