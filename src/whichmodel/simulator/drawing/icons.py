"""Objects of a drawing as flat icons: each class has a shape and a mark of its own."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from whichmodel.simulator.drawing.flaws import INKS
from whichmodel.simulator.drawing.lettering import Box
from whichmodel.simulator.drawing.places import Thing

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont


def paint(pen: ImageDraw.ImageDraw, things: Sequence[Thing], box: Box, *, named: bool) -> None:
    """The objects in a box of the picture. named: each has its class written underneath."""
    from PIL import ImageFont

    left, top, right, bottom = box
    side = min(right - left, bottom - top)
    closest = min((_distance(a, b) for i, a in enumerate(things) for b in things[:i]), default=0.6)
    radius = max(10.0, min(side * 0.18, 0.34 * closest * side))
    font = ImageFont.load_default(size=max(10.0, min(18.0, radius / 2.6))) if named else None
    for thing in things:
        x, y = left + thing.x * (right - left), top + thing.y * (bottom - top)
        _icon(pen, thing, (x, y - radius * 0.15), radius * 0.82, font)


def _distance(a: Thing, b: Thing) -> float:
    return math.hypot(a.x - b.x, a.y - b.y)


def _icon(
    pen: ImageDraw.ImageDraw,
    thing: Thing,
    centre: tuple[float, float],
    r: float,
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont | None,
) -> None:
    """A shape and a mark of the class's own in its colour; with a font, its name underneath."""
    look = hashlib.sha256(thing.kind.encode()).digest()
    x, y = centre
    ink, edge = INKS.get(thing.colour, INKS["gray"]), (60, 64, 70)
    corners = look[0] % 6 + 2
    if corners == 2:
        pen.ellipse((x - r, y - r * 0.8, x + r, y + r * 0.8), fill=ink, outline=edge, width=3)
    elif corners == 3:
        pen.rounded_rectangle(
            (x - r, y - r * 0.7, x + r, y + r * 0.7), r / 3, fill=ink, outline=edge, width=3
        )
    else:
        pen.regular_polygon((x, y, r), corners, rotation=look[1] % 90, fill=ink, outline=edge, width=3)
    mark = (235, 238, 240) if sum(ink) < 420 else (40, 44, 50)
    m = r * (0.16 + look[2] % 4 * 0.05)
    if look[3] % 3 == 0:
        pen.ellipse((x - m, y - m, x + m, y + m), fill=mark)
    elif look[3] % 3 == 1:
        pen.rectangle((x - 1.6 * m, y - m / 2, x + 1.6 * m, y + m / 2), fill=mark)
    else:
        pen.polygon(((x, y - m), (x + m, y + m), (x - m, y + m)), fill=mark)
    if font is not None:
        under = (x, y + r + font.getbbox(thing.kind)[3] * 0.7)
        pen.text(under, thing.kind, fill=(30, 34, 40), font=font, anchor="mm")
