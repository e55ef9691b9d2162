"""Many small parts become few large ones, while others write and read.

The rows of a group of parts are written as one new part, and one commit puts that in the place of the group.
Before the commit the new object is nothing that anybody reads; after it the old ones are read by nobody who
comes anew, and stay until a time of grace is over (`prune`). A reader that has the rows of a group already
needs nothing of the part that was made of it (`Manifest.unread`).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

import pyarrow as pa

from whichmodel.domain import content_hash
from whichmodel.remote import commit, parts, shelf
from whichmodel.remote.manifest import Manifest, Part, Table
from whichmodel.remote.objects import Objects

MOST_ROWS = 400_000
MOST_BYTES = 64 * 2**20
"""Of the objects that are made one: what is in memory at a time is some five times that."""
FULL = 2
"""A part with one in so many of those rows or bytes is left as it is."""


@dataclass(frozen=True, slots=True)
class Compacted:
    """What it came to, in one space."""

    space: str
    parts_before: int
    parts_after: int
    rows: int
    """After it."""
    doubles: int
    """Rows that were there more than once, and now are once."""
    unreadable: tuple[str, ...] = ()
    """Why parts were left as they are."""


Group = tuple[Part, ...]


def groups(held: Sequence[Part], rows: int = MOST_ROWS, size: int = MOST_BYTES) -> Iterator[Group]:
    """Parts of one table that are to become one: small ones, in the order of their commits."""
    open_: list[Part] = []
    for part in held:
        if part.rows * FULL > rows or part.bytes * FULL > size:
            continue
        if open_ and (sum(p.rows for p in open_) + part.rows > rows or _bytes(open_) + part.bytes > size):
            yield from [tuple(open_)] if len(open_) > 1 else []
            open_ = []
        open_.append(part)
    if len(open_) > 1:
        yield tuple(open_)


def compact(objects: Objects, space: str, *, rows: int = MOST_ROWS, size: int = MOST_BYTES) -> Compacted:
    """Make one part of each group of small ones. Raises Away; cut off, the space is as before."""
    before = now = commit.head(objects, space)
    doubles, unreadable = 0, []
    for table in parts.SHAPES:
        for group in groups([part for part in before.parts if part.table == table], rows, size):
            try:
                merged = merge(objects, space, group)
            except parts.Unreadable as error:
                unreadable.append(str(error))
                continue
            now = commit.commit(objects, space, partial(_swap, merged, datetime.now(UTC)), now)
            if merged.key in now.keys:
                doubles += sum(part.rows for part in group) - merged.rows
    return Compacted(
        space, len(before.parts), len(now.parts), now.rows, doubles, tuple(dict.fromkeys(unreadable))
    )


def merge(objects: Objects, space: str, group: Group) -> Part:
    """The group's rows as a new object, each once; nobody reads it yet. Raises Unreadable, Away."""
    table = group[0].table
    batches = [batch for part in group for batch in shelf.get(objects, space, part)]
    rows = once(pa.Table.from_batches(batches, parts.SHAPES[table].columns))
    return put(objects, space, table, rows, (part.key for part in group))


def _swap(merged: Part, at: datetime, manifest: Manifest) -> Manifest:
    return manifest.compacted(merged, at)


def put(objects: Objects, space: str, table: Table, rows: pa.Table, made_of: Iterable[str]) -> Part:
    """Write rows that others hold already as a part of a name that nobody else comes to."""
    order = [name for name in ("task", "model", "key") if name in rows.schema.names]
    part, data = parts.made(table, rows, made_of, order)
    part = replace(part, key=content_hash([part.key, uuid.uuid4().hex], length=parts.NAME_DIGITS))
    objects.put(shelf.path(space, part), data)
    return part


def once(rows: pa.Table) -> pa.Table:
    """Each row once, where it came first."""
    places = pa.array(range(rows.num_rows), pa.int64())
    first = pa.table({"key": rows["key"], "place": places}).group_by("key").aggregate([("place", "min")])
    if first.num_rows == rows.num_rows:
        return rows
    return rows.take(first["place_min"].combine_chunks().sort())


def _bytes(held: Iterable[Part]) -> int:
    return sum(part.bytes for part in held)
