"""Where things of a drawing stand: a cell for each, so that every asked relation holds."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from whichmodel.domain import Json

STEPS = {"left of": (-1, 0), "right of": (1, 0), "above": (0, -1), "below": (0, 1)}


@dataclass(frozen=True, slots=True)
class Cells:
    """One cell for each thing, on a square grid."""

    at: tuple[tuple[float, float], ...]
    """Column and row of each, the grid's own corner at 0, 0."""
    span: int
    """Columns, and rows, of the grid."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One object of a picture, its centre in shares of the sides."""

    kind: str
    colour: str
    x: float
    y: float


def cells(things: Sequence[Mapping[str, Json]], *, beside: str = "right of") -> Cells:
    """A cell for each thing: where its `position` wants it, else `beside` the one before it."""
    taken: list[tuple[int, int]] = []
    for thing in things:
        relation, other = thing.get("position") or (beside, max(0, len(taken) - 1))
        dx, dy = STEPS[relation]
        x, y = taken[other] if taken else (-dx, -dy)
        x, y = x + dx, y + dy
        while (x, y) in taken:
            x, y = x + dx, y + dy
        taken.append((x, y))
    columns, rows = [x for x, _ in taken], [y for _, y in taken]
    width, height = 1 + max(columns) - min(columns), 1 + max(rows) - min(rows)
    span = max(width, height)
    left, top = min(columns) - (span - width) / 2, min(rows) - (span - height) / 2
    return Cells(tuple((x - left, y - top) for x, y in taken), span)


def arranged(things: Sequence[Mapping[str, Json]], rng: random.Random) -> list[Thing]:
    """Every single object in the cell of its kind."""
    if not things:
        return []
    grid = cells(things)
    made = []
    for thing, (column, row) in zip(things, grid.at, strict=True):
        colour = thing.get("color") or "gray"
        for across, down in _spread(thing["count"]):
            shake = rng.uniform(-0.03, 0.03)
            place = ((column + across + shake) / grid.span, (row + down + shake) / grid.span)
            made.append(Thing(thing["class"], colour, *place))
    return made


def _spread(count: int) -> list[tuple[float, float]]:
    """Centres of `count` objects in a cell of side 1, row by row."""
    side = max(1, math.ceil(math.sqrt(count)))
    rows = max(1, math.ceil(count / side))
    return [((n % side + 0.5) / side, (n // side + 0.5) / rows) for n in range(count)]
