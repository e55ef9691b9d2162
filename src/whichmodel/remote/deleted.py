"""Which rows were deleted."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from whichmodel.remote.manifest import Deletion, Table
from whichmodel.remote.parts import SHAPES


def going(
    table: Table, rows: pa.Table, deletions: Iterable[Deletion], outcomes: Iterable[str] = ()
) -> pa.ChunkedArray:
    """Whether each row is one of those that were deleted; a run by when it ended.

    outcomes: keys of deleted ones, by which labels are known that were given before the deletion.
    """
    moment = SHAPES[table].moment
    gone = pa.chunked_array([pa.array([False] * rows.num_rows)])
    for one in deletions:
        if moment is not None:
            until = pa.scalar(one.until.replace(tzinfo=None), pa.timestamp("us"))
            at = pc.coalesce(rows["ended_at"], rows[moment]) if table == "runs" else rows[moment]
            mine = pc.less(at, until)
        elif one.until >= one.at:
            mine = pc.is_valid(rows["key"])
        else:
            mine = pc.is_in(rows["outcome"], pa.array(sorted(outcomes), pa.string()))
        if one.task is not None:
            of_it = (
                pc.equal(rows["task"], one.task) if "task" in rows.schema.names else pc.is_null(rows["key"])
            )
            mine = pc.and_(mine, of_it)
        gone = pc.or_(gone, pc.fill_null(mine, False))
    return gone
