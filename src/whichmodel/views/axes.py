"""Round values for the axes of charts, few enough that none covers another."""

from __future__ import annotations

import math

MOST_TICKS = 6
"""On an axis that may be as narrow as a phone."""
FINE = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9)


def ticks(left: float, right: float) -> list[float]:
    """Round values of a logarithmic axis, at most `MOST_TICKS` of them where that can be."""
    decades = range(math.floor(math.log10(left)), math.ceil(math.log10(right)) + 1)
    found: list[float] = []
    for every, steps in (
        (1, FINE),
        (1, (1, 2, 3, 5, 7)),
        (1, (1, 2, 5)),
        (1, (1, 3)),
        (1, (1,)),
        (2, (1,)),
        (3, (1,)),
    ):
        values = (float(f"{step}e{decade}") for decade in decades if not decade % every for step in steps)
        found = [value for value in values if left <= value <= right]
        if len(found) <= MOST_TICKS:
            break
    return found


def levels(bottom: float, top: float) -> list[float]:
    """Round scores of the upright axis, none outside 0 to 1."""
    step = next(s for s in (0.01, 0.02, 0.05, 0.1, 0.2) if (top - bottom) / s <= 8 or s == 0.2)
    first, last = math.ceil(max(bottom, 0.0) / step - 1e-9), math.floor(min(top, 1.0) / step + 1e-9)
    return [round(n * step, 2) for n in range(first, last + 1)]
