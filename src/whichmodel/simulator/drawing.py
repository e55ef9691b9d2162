"""The demo image model's hand: a composition spec drawn with flat icons, right or wrong in one demand.

What was really drawn stands as JSON in the picture's own PNG text `drawn`:
`{"objects": [{"class", "color", "x", "y"}]}`, centres in shares of the picture's sides.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from whichmodel.domain import Json

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

SIDE = 512
"""Pixels of each side."""

INKS = {
    "red": (214, 40, 40),
    "orange": (244, 140, 6),
    "yellow": (250, 210, 30),
    "green": (56, 142, 60),
    "blue": (30, 100, 210),
    "purple": (123, 44, 191),
    "pink": (255, 120, 180),
    "brown": (121, 85, 61),
    "black": (25, 25, 28),
    "white": (250, 250, 250),
    "gray": (140, 145, 150),
}
"""The colours GenEval names, and gray for what has none."""

PAPERS = ((238, 242, 245), (245, 240, 230), (232, 243, 236), (240, 234, 244))
STEPS = {"left of": (-1, 0), "right of": (1, 0), "above": (0, -1), "below": (0, 1)}
FLAWS = ("missing", "count", "colour", "position", "forbidden")


@dataclass(frozen=True, slots=True)
class Thing:
    """One object of a picture; its place in columns and rows, then in shares of the sides."""

    kind: str
    colour: str
    x: float
    y: float


def flaws(spec: Mapping[str, Json]) -> tuple[str, ...]:
    """The ways a drawing of this spec can be wrong in one demand."""
    include, exclude = spec["include"], spec.get("exclude") or []
    own = {thing["class"] for thing in include}
    possible = {
        "missing": bool(include),
        "count": any(_counted(thing, exclude) for thing in include),
        "colour": any(thing.get("color") for thing in include),
        "position": any(thing.get("position") for thing in include),
        "forbidden": any(thing["class"] not in own for thing in exclude),
    }
    return tuple(flaw for flaw in FLAWS if possible[flaw])


def draw(spec: Mapping[str, Json], *, seed: int, correct: bool | str = True) -> bytes:
    """The spec as PNG; the same arguments give the same bytes.

    spec: as in GenEval. correct: True, False for one of `flaws(spec)` picked by the seed, or its name.
    Raises ValueError for a flaw that this spec does not allow.
    """
    rng = random.Random(f"drawing {seed} {json.dumps(dict(spec), sort_keys=True)}")
    flaw = rng.choice(flaws(spec)) if correct is False else "" if correct is True else correct
    if flaw and flaw not in flaws(spec):
        raise ValueError(f"this spec cannot be drawn wrong in '{flaw}'; it can in: {', '.join(flaws(spec))}")
    return _render(_arrange(_flawed(spec, flaw, rng), rng), rng)


def _counted(thing: Mapping[str, Json], exclude: Sequence[Json]) -> bool:
    return thing["count"] > 1 or any(other["class"] == thing["class"] for other in exclude)


def _flawed(spec: Mapping[str, Json], flaw: str, rng: random.Random) -> list[dict[str, Json]]:
    """The objects to draw, one demand broken."""
    things = [dict(thing) for thing in spec["include"]]
    exclude = spec.get("exclude") or []
    if flaw == "missing":
        rng.choice(things)["count"] = 0
    elif flaw == "count":
        thing = rng.choice([t for t in things if _counted(t, exclude)])
        too_many = [other["count"] for other in exclude if other["class"] == thing["class"]]
        too_few = [thing["count"] - 1] if thing["count"] > 1 else []
        thing["count"] = rng.choice(sorted(too_many)[:1] + too_few)
    elif flaw == "colour":
        thing = rng.choice([t for t in things if t.get("color")])
        thing["color"] = rng.choice([ink for ink in INKS if ink not in {thing["color"], "gray"}])
    elif flaw == "position":
        thing = rng.choice([t for t in things if t.get("position")])
        opposite = {"left of": "right of", "right of": "left of", "above": "below", "below": "above"}
        thing["position"] = [opposite[thing["position"][0]], thing["position"][1]]
    elif flaw == "forbidden":
        own = {thing["class"] for thing in things}
        other = rng.choice([other for other in exclude if other["class"] not in own])
        things.append({"class": other["class"], "count": other.get("count", 1)})
    return things


def _arrange(things: Sequence[Mapping[str, Json]], rng: random.Random) -> list[Thing]:
    """A cell for each kind, so that every asked relation holds, and a place in it for each object."""
    cells: list[tuple[int, int]] = []
    for thing in things:
        relation, other = thing.get("position") or ("right of", max(0, len(cells) - 1))
        dx, dy = STEPS[relation]
        x, y = cells[other] if cells else (-1, 0)
        x, y = x + dx, y + dy
        while (x, y) in cells:
            x, y = x + dx, y + dy
        cells.append((x, y))
    columns, rows = [x for x, _ in cells], [y for _, y in cells]
    width, height = 1 + max(columns) - min(columns), 1 + max(rows) - min(rows)
    span = max(width, height)
    left, top = min(columns) - (span - width) / 2, min(rows) - (span - height) / 2
    made = []
    for thing, (column, row) in zip(things, cells, strict=True):
        colour = thing.get("color") or "gray"
        for across, down in _places(thing["count"]):
            shake = rng.uniform(-0.03, 0.03)
            place = ((column - left + across + shake) / span, (row - top + down + shake) / span)
            made.append(Thing(thing["class"], colour, *place))
    return made


def _places(count: int) -> list[tuple[float, float]]:
    """Centres of `count` objects in a cell of side 1, row by row."""
    side = max(1, math.ceil(math.sqrt(count)))
    rows = max(1, math.ceil(count / side))
    return [((n % side + 0.5) / side, (n // side + 0.5) / rows) for n in range(count)]


def _render(things: Sequence[Thing], rng: random.Random) -> bytes:
    from PIL import Image, ImageDraw, ImageFont
    from PIL.PngImagePlugin import PngInfo

    image = Image.new("RGB", (SIDE, SIDE), rng.choice(PAPERS))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, SIDE - 6, SIDE, SIDE), fill=(205, 210, 214))
    closest = min((_distance(a, b) for i, a in enumerate(things) for b in things[:i]), default=0.6)
    radius = max(10.0, min(90.0, 0.34 * closest * SIDE))
    font = ImageFont.load_default(size=max(10.0, min(18.0, radius / 2.6)))
    for thing in things:
        _icon(pen, thing, radius, font)
    drawn = [{"class": t.kind, "color": t.colour, "x": round(t.x, 4), "y": round(t.y, 4)} for t in things]
    text = PngInfo()
    text.add_text("drawn", json.dumps({"objects": drawn}))
    target = io.BytesIO()
    image.save(target, "PNG", pnginfo=text)
    return target.getvalue()


def _distance(a: Thing, b: Thing) -> float:
    return math.hypot(a.x - b.x, a.y - b.y)


def _icon(
    pen: ImageDraw.ImageDraw, thing: Thing, radius: float, font: ImageFont.ImageFont | ImageFont.FreeTypeFont
) -> None:
    """A shape and a mark of the class's own, filled with its colour, its name underneath."""
    look = hashlib.sha256(thing.kind.encode()).digest()
    x, y, r = thing.x * SIDE, thing.y * SIDE - radius * 0.15, radius * 0.82
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
    pen.text(
        (x, y + r + font.getbbox(thing.kind)[3] * 0.7), thing.kind, fill=(30, 34, 40), font=font, anchor="mm"
    )
