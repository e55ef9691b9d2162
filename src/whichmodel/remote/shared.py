"""What of a row everybody may see: an organisation's prices and its people's labels are not for others.

A cost is usage x price, and usage is there: whoever knows the usage and the cost knows the price. So a cost
by a price of one's own stays at home, and a reader prices the row by what holds for him (`bench reprice`).
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from whichmodel.pricing.public import LIST

COSTS = ("cost_usd", "price_source", "price_date")


def for_everybody(rows: pa.Table, own: Collection[str] = ()) -> pa.Table:
    """Outcomes or timings without what is one organisation's own; their keys and order stay.

    own: ids of the models that have a price of one's own, judges among them: what a judge cost names no
    source. Simulated rows and rules have made-up prices, which stay.
    """
    real = pc.invert(rows["simulated"])
    if "baseline" in rows.schema.names:
        real = pc.and_(real, pc.invert(rows["baseline"]))
    by_list = pc.fill_null(pc.starts_with(rows["price_source"], f"{LIST} "), True)
    private = pc.and_(real, pc.invert(by_list))
    for name in COSTS:
        rows = _emptied(rows, name, private)
    if "judge_cost_usd" in rows.schema.names:
        rows = _emptied(rows, "judge_cost_usd", pc.and_(pc.and_(real, _charged(rows)), _judged_by(rows, own)))
    if "human_score" in rows.schema.names:
        rows = _emptied(rows, "human_score", pc.is_valid(rows["human_score"]))
    return rows


def _charged(rows: pa.Table) -> pa.ChunkedArray:
    cost = rows["judge_cost_usd"]
    return pc.fill_null(pc.not_equal(cost, pa.scalar(Decimal(0), cost.type)), False)


def _judged_by(rows: pa.Table, own: Collection[str]) -> pa.ChunkedArray:
    """Whether one of these models may have been the judge: of several judges, no name is kept."""
    judge = rows["judge_model"]
    named = pc.is_in(judge, pa.array(sorted(own), pa.string()))
    return pc.or_(named, pc.is_null(judge)) if own else named


def _emptied(rows: pa.Table, name: str, where: pa.ChunkedArray) -> pa.Table:
    column = rows[name]
    kept = pc.if_else(where, pa.scalar(None, column.type), column)
    return rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), kept)
