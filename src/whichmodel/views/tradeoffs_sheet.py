"""The models of one task as CSV, with what each figure is over and why a model is not the pick."""

from __future__ import annotations

import csv
import io

from whichmodel.views.sheet import field
from whichmodel.views.tradeoffs import Axis, Tradeoffs

COLUMNS = (
    "task",
    "number",
    "model",
    "vendor",
    "hosting",
    "decision",
    "tie",
    "n",
    "score",
    "low",
    "high",
    "interval",
    "cost_per_1k_usd",
    "cost_low_per_1k_usd",
    "cost_high_per_1k_usd",
    "cost_n",
    "p50_s",
    "p95_s",
    "p95_low_s",
    "p95_high_s",
    "p95_n",
    "ttft_p50_s",
    "ttft_p50_low_s",
    "ttft_p50_high_s",
    "ttft_n",
    "on_frontier_of",
    "reason",
    "why",
    "simulated",
    "run_ids",
)


def render(found: Tradeoffs) -> str:
    """The CSV; an empty field is unknown."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    on_it = {axis: {place.model for place in found.frontier(axis)} for axis in Axis}
    for row in found.rows:
        of = row.standing
        cost, p95, ttft = (row.figures[axis] for axis in Axis)
        cells = (
            *(found.task, row.number, row.model, row.vendor, row.hosting, str(row.mark), row.tied),
            *((of.n, of.score, of.low, of.high, of.interval) if of else (0, None, None, None, "")),
            *(cost.value, cost.low, cost.high, cost.n),
            *(of.p50_s if of else None, p95.value, p95.low, p95.high, p95.n),
            *(ttft.value, ttft.low, ttft.high, ttft.n),
            tuple(str(axis) for axis in Axis if row.model in on_it[axis]),
            *(row.reason, row.why),
            *((of.simulated, of.run_ids) if of else (None, ())),
        )
        writer.writerow([field(cell) for cell in cells])
    return text.getvalue()
