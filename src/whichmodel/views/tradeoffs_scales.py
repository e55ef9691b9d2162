"""What a plot of quality against cost or time reaches over."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from whichmodel.views.tradeoffs import Axis, Row, Tradeoffs

HEIGHT = 430
"""Of the plot, in pixels."""
LEAST_SPAN = 2.5
"""Greatest over least value of the axis, at least: a narrow field of models is not blown up."""
FAR = 2.0
"""Times the slowest p95, or under the fastest: a latency objective beyond that is told and not drawn."""


@dataclass(frozen=True, slots=True)
class Scales:
    """What the plot reaches over, and where its lines stand."""

    left: float
    right: float
    """Of the horizontal axis, both above 0."""
    bottom: float
    top: float

    def x(self, value: float) -> float:
        """Share of the width, 0 to 1."""
        reach = math.log(self.right / self.left)
        return min(1.0, max(0.0, math.log(value / self.left) / reach))

    def y(self, score: float) -> float:
        """Pixels from the top."""
        return HEIGHT * (self.top - score) / (self.top - self.bottom)


def draws_limit(found: Tradeoffs, axis: Axis) -> bool:
    """Whether the latency objective has its line: not where the plot would have to reach far out for it."""
    scales, limit = scales_of(found, axis), found.p95_limit_s
    return axis is Axis.P95 and limit is not None and scales.left <= limit <= scales.right


def scales_of(found: Tradeoffs, axis: Axis) -> Scales:
    """Wide enough for every interval and line, with some room around them."""
    seen = found.on(axis)
    values = [value for row in seen for value in _ends(row, axis)]
    left, right = min(values), max(values)
    limit = found.p95_limit_s if axis is Axis.P95 else None
    if limit and left / FAR <= limit <= FAR * right:
        left, right = min(left, limit), max(right, limit)
    stretch = max(1.0, LEAST_SPAN / (right / left)) ** 0.5 * (right / left) ** 0.06
    scores = [score for row in seen for score in _scores(row)]
    if found.floor is not None:
        scores.append(found.floor)
    bottom, top = min(scores), max(scores)
    room = max(top - bottom, 0.05) * 0.07
    return Scales(left / stretch, right * stretch, bottom - room, top + room)


def _ends(row: Row, axis: Axis) -> Iterator[float]:
    figure = row.figures[axis]
    yield from (end for end in (figure.value, figure.low, figure.high) if end)


def _scores(row: Row) -> Iterator[float]:
    if row.standing:
        ends = (row.standing.score, row.standing.low, row.standing.high)
        yield from (end for end in ends if end is not None)
