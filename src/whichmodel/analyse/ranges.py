"""What a request costs and how long it takes, model by model, with intervals.

A decision needs these of the models it names; who looks at one task wants them of all, so they are found
there and not for every standing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from whichmodel.analyse.costs import cost_interval
from whichmodel.analyse.evidence import Evidence
from whichmodel.analyse.latency import known
from whichmodel.analyse.timing import percentile


@dataclass(frozen=True, slots=True)
class Ranges:
    """95% intervals of one model's standing on one task."""

    cost_low_per_1k_usd: float | None
    cost_high_per_1k_usd: float | None
    """By bootstrap over the items. None = the cost is unknown."""
    p95_low_s: float | None
    p95_high_s: float | None
    """Between two order statistics. None = too few answers bound that end."""
    p95_n: int
    """Answers whose latency is known and not bent."""


def ranges(evidence: Evidence) -> Mapping[str, Ranges]:
    """Model -> its intervals, over the whole bank, as its standing."""
    return {measured.model: _ranges(evidence, column) for column, measured in enumerate(evidence.measured)}


def _ranges(evidence: Evidence, column: int) -> Ranges:
    cost = cost_interval(evidence, column)
    seen = known(evidence.steady_s(column))
    p95 = percentile(seen, 0.95)
    return Ranges(
        cost_low_per_1k_usd=cost[0] * 1000 if cost else None,
        cost_high_per_1k_usd=cost[1] * 1000 if cost else None,
        p95_low_s=p95.low,
        p95_high_s=p95.high,
        p95_n=len(seen),
    )
