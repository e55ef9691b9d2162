"""Where names stand on a plot, so that none covers another, a mark, or the plot's edge.

A page's width is not known where charts are made. So a placing is made for a width, and holds for every
greater one: boxes keep their size while marks move apart, and no name stands beyond another's mark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Align = Literal["left", "center", "right"]
SIZE = 12
"""Font size in pixels."""
LINE = 14
"""Height of a name."""
GAP = 2
"""Free pixels around a name."""
NARROW, WIDE = frozenset("iljtfrI.,:;'|!/-()[] "), frozenset("mwMW@%")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a name stands seen from its mark: -1, 0 or 1 to the right and down."""

    right: int
    down: int


AROUND = tuple(Spot(*at) for at in ((1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1), (0, -1), (0, 1)))
"""Every spot, the easiest to read first."""
BEFORE_END = (Spot(-1, -1), Spot(-1, 1))
"""Above or below the end of a line."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A mark on the plot, and what may be written at it."""

    key: str
    x: float
    """Share of the plot's width, 0 to 1."""
    y: float
    """Pixels from the plot's top."""
    radius: float
    texts: tuple[str, ...] = ()
    """The first that finds room is written. () = it is only in the way."""
    spots: tuple[Spot, ...] = AROUND


@dataclass(frozen=True, slots=True)
class Segment:
    """A level or upright line, better not written over: x as shares, y in pixels."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels that goes with an x of the plot: left and right are counted from there."""

    x: float
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Label:
    """A text and where it stands from its mark, in pixels."""

    key: str
    text: str
    dx: float
    dy: float
    align: Align
    box: Box


def text_width(text: str) -> float:
    """Pixels that a text takes in a common sans-serif, rather too many than too few."""
    ems = sum(0.34 if c in NARROW else 0.92 if c in WIDE else 0.7 if c.isupper() else 0.59 for c in text)
    return ems * SIZE


def short_names(models: Collection[str]) -> dict[str, str]:
    """Model -> the last part of its id where that names no other one, else its id."""
    last = {model: model.rpartition("/")[2] or model for model in models}
    times = Counter(last.values())
    return {model: name if times[name] == 1 else model for model, name in last.items()}


@lru_cache(maxsize=128)
def place(
    anchors: tuple[Anchor, ...], width: float, height: float, lines: tuple[Segment, ...] = ()
) -> tuple[Label, ...]:
    """Labels on a plot of a size in pixels, and of every greater width. Anchors: the most wanted first."""
    marks = {a.key: _mark(a) for a in anchors if a.radius > 0}
    found: dict[str, Label] = {}
    for choice in range(max((len(a.texts) for a in anchors), default=0)):
        for anchor in anchors:
            if anchor.key in found or choice >= len(anchor.texts):
                continue
            others = [box for key, box in marks.items() if key != anchor.key]
            taken = [*others, *(label.box for label in found.values())]
            label = _best(anchor, anchor.texts[choice], taken, lines, width, height)
            if label is not None:
                found[anchor.key] = label
    return tuple(found.values())


def _mark(anchor: Anchor) -> Box:
    r = anchor.radius
    return Box(anchor.x, -r, anchor.y - r, r, anchor.y + r)


def _best(
    anchor: Anchor, text: str, taken: Sequence[Box], lines: Iterable[Segment], width: float, height: float
) -> Label | None:
    """The free spot that crosses fewest lines; every spot keeps clear of the own mark, which is round."""
    free = [
        label
        for label in (_at(anchor, text, spot) for spot in anchor.spots)
        if _inside(label.box, width, height) and all(apart(label.box, box, width) for box in taken)
    ]
    return min(free, key=lambda label: sum(_crosses(label.box, line, width) for line in lines), default=None)


def _at(anchor: Anchor, text: str, spot: Spot) -> Label:
    away = anchor.radius + 3
    diagonal = 0.7 * away if spot.right and spot.down else away
    dx = spot.right * diagonal
    dy = spot.down * (diagonal + LINE / 2)
    wide = text_width(text)
    left = {1: dx, 0: -wide / 2, -1: dx - wide}[spot.right]
    aligns: dict[int, Align] = {1: "left", 0: "center", -1: "right"}
    middle = anchor.y + dy
    box = Box(anchor.x, left, middle - LINE / 2, left + wide, middle + LINE / 2)
    return Label(anchor.key, text, dx, dy, aligns[spot.right], box)


def _inside(box: Box, width: float, height: float) -> bool:
    at = box.x * width
    return at + box.left >= 0 and at + box.right <= width and box.top >= 0 and box.bottom <= height


def apart(a: Box, b: Box, width: float) -> bool:
    """Whether two boxes keep clear of each other at this width and every greater one."""
    if a.bottom + GAP <= b.top or b.bottom + GAP <= a.top:
        return True
    left, right = (a, b) if a.x <= b.x else (b, a)
    level = a.x == b.x and right.right + GAP <= left.left
    return level or (right.x - left.x) * width + right.left - left.right >= GAP


def _crosses(box: Box, line: Segment, width: float) -> bool:
    at = box.x * width
    across = line.left * width <= at + box.right and line.right * width >= at + box.left
    return across and line.top <= box.bottom and line.bottom >= box.top
