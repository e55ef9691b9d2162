"""Rows as Parquet objects: what a part holds, how it is named, and how it is read again.

A part is written once and never changed. Its name is a hash of its rows' keys; its digest stands in the
manifest, so that a torn or changed object is seen before a row of it is taken.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from whichmodel.domain import Outcome, Timing
from whichmodel.errors import StoreError
from whichmodel.remote.manifest import Part, Table
from whichmodel.store import schema

MOST_ROWS = 200_000
MOST_BYTES = 64 * 2**20
"""In memory, of the rows of a part that is made from a database; a compacted one may be larger."""
BATCH = 50_000
"""Rows of a part that are handed on at a time."""
NAME_DIGITS = 40
"""Hex digits of a part's key: 160 bits of the hash."""

_TEXT, _INT, _TIME = pa.string(), pa.int64(), pa.timestamp("us")
_TEXTS = pa.list_(pa.string())
_FLAG = pa.bool_()
_RUNS = {
    **dict.fromkeys(["key", "run_id"], _TEXT),
    **dict.fromkeys(["started_at", "ended_at"], _TIME),
    "simulated": _FLAG,
    "command": _TEXT,
    **dict.fromkeys(["planned", "done", "failed"], _INT),
    "reason": _TEXT,
}
_RACES = {
    **dict.fromkeys(["key", "race_id", "organisation"], _TEXT),
    "simulated": _FLAG,
    **dict.fromkeys(["task", "task_hash"], _TEXT),
    "order_seed": _INT,
    **dict.fromkeys(["items", "models", "settings"], _TEXTS),
    **dict.fromkeys(["incumbent", "kind", "rule"], _TEXT),
    **dict.fromkeys(["started_at", "looked_at", "ended_at"], _TIME),
    "look": _INT,
    **dict.fromkeys(["why", "model", "status"], _TEXT),
    "withdrawn": _TEXTS,
}
_LABELS = {
    **dict.fromkeys(["key", "outcome", "task", "model", "item_id"], _TEXT),
    "epoch": _INT,
    "labeller": _TEXT,
    "score": pa.float64(),
    "place": _INT,
}


class Unreadable(StoreError):
    """A part that cannot be taken; the others can."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of a table's parts."""

    columns: pa.Schema
    """`key` is among them: equal for equal rows, and only for those."""
    version: int
    """One more with every column that is added; columns are never renamed or removed."""
    moment: str | None
    """Column of the time by which a row grows old. None = it does not."""


SHAPES: Mapping[Table, Shape] = {
    "outcomes": Shape(schema.arrow_schema(Outcome), 1, "started_at"),
    "timings": Shape(schema.arrow_schema(Timing), 1, "started_at"),
    "runs": Shape(pa.schema(_RUNS), 1, "started_at"),
    "races": Shape(pa.schema(_RACES), 1, "started_at"),
    "labels": Shape(pa.schema(_LABELS), 1, None),
}


def made(
    table: Table, rows: pa.Table, made_of: Iterable[str] = (), order: Sequence[str] = ("key",)
) -> tuple[Part, bytes]:
    """Rows as a part and its object. rows: the columns of the table's shape, in any order; not empty.

    The same rows give the same part, in whatever order they come. order: columns that it is sorted by.
    """
    shape = SHAPES[table]
    by = [(name, "ascending") for name in order]
    ordered = rows.select(shape.columns.names).cast(shape.columns).sort_by(by).combine_chunks()
    sink = pa.BufferOutputStream()
    pq.write_table(
        ordered.replace_schema_metadata({"whichmodel": f"{table} {shape.version}"}),
        sink,
        compression="zstd",
        row_group_size=BATCH,
    )
    data = sink.getvalue().to_pybytes()
    first, last = _span(ordered, shape.moment)
    part = Part(
        table=table,
        key=content_key(table, ordered["key"]),
        rows=ordered.num_rows,
        bytes=len(data),
        digest=hashlib.sha256(data).hexdigest(),
        schema=shape.version,
        tasks=_tasks(ordered),
        first=first,
        last=last,
        made_of=tuple(made_of),
    )
    return part, data


def content_key(table: Table, keys: pa.ChunkedArray) -> str:
    """The name of the part with the rows of these keys, which are in order."""
    hashed = hashlib.sha256(f"{table}\n".encode())
    for chunk in keys.chunks:
        hashed.update("\n".join([*chunk.to_pylist(), ""]).encode())
    return hashed.hexdigest()[:NAME_DIGITS]


def read(part: Part, data: bytes, where: str) -> Iterator[pa.RecordBatch]:
    """The rows of a part, in the columns of its table as this program knows them.

    A column that is younger than the part is empty (and false, for `from_cache`). where: the object's
    address, for errors. Raises Unreadable before the first row for an object that is torn or was changed,
    and for one of a newer program.
    """
    shape = SHAPES[part.table]
    if part.schema > shape.version:
        raise Unreadable(
            f"The part was written by a newer whichmodel ({part.table} in schema {part.schema}, known here: "
            f"{shape.version}).",
            where=where,
            remedy="Update whichmodel; the other parts are taken meanwhile.",
        )
    if len(data) != part.bytes or hashlib.sha256(data).hexdigest() != part.digest:
        raise damaged(where, f"{len(data):,} bytes lie there, not the {part.bytes:,} that were committed")
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        for batch in file.iter_batches(batch_size=BATCH):
            yield _shaped(batch, shape.columns)
    except (pa.ArrowException, OSError) as error:
        raise damaged(where, str(error).splitlines()[0]) from error


def damaged(where: str, how: str) -> Unreadable:
    """The error of a part whose object is not what was committed."""
    return Unreadable(
        f"The part is damaged: {how}.",
        where=where,
        remedy="Whoever measured its rows brings them again with `bench store push --again`.",
    )


def _shaped(batch: pa.RecordBatch, columns: pa.Schema) -> pa.RecordBatch:
    have = set(batch.schema.names)
    arrays = [
        batch.column(field.name).cast(field.type) if field.name in have else _empty(field, len(batch))
        for field in columns
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=columns)


def _empty(field: pa.Field, rows: int) -> pa.Array:
    if field.name == "from_cache":
        return pa.array([False] * rows, type=field.type)
    return pa.nulls(rows, type=field.type)


def _tasks(rows: pa.Table) -> tuple[str, ...]:
    return tuple(sorted(rows["task"].unique().to_pylist())) if "task" in rows.schema.names else ()


def _span(rows: pa.Table, moment: str | None) -> tuple[datetime | None, datetime | None]:
    """When its rows are of, the earliest and the latest, in UTC."""
    if moment is None:
        return None, None
    ends: dict[str, Any] = pc.min_max(rows[moment]).as_py()
    first, last = ends["min"], ends["max"]
    return (first.replace(tzinfo=UTC), last.replace(tzinfo=UTC)) if first else (None, None)
