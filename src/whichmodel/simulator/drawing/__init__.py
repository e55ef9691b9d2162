"""The demo image model's hand: a spec drawn with flat icons and lettering, right or with flaws.

What was really drawn stands as JSON in the picture's own PNG text `drawn`:
`{"objects": [{"class", "color", "x", "y"}], "texts": [{"text", "on", "x", "y"}], "scene"}`, centres in shares
of the picture's sides.
"""

from __future__ import annotations

import io
import json
import random
from collections.abc import Mapping, Sequence

from whichmodel.domain import Json
from whichmodel.simulator.drawing.flaws import FLAWS, INKS, flawed, flaws
from whichmodel.simulator.drawing.lettering import BOARDS, Box, letter
from whichmodel.simulator.drawing.places import Thing, arranged, cells

__all__ = ["FLAWS", "INKS", "SIDE", "draw", "flaws"]

SIDE = 512
"""Pixels of each side, where the spec names no format."""
PAPERS = ((238, 242, 245), (245, 240, 230), (232, 243, 236), (240, 234, 244))


def draw(spec: Mapping[str, Json], *, seed: int, correct: bool | str = True) -> bytes:
    """The spec as PNG; the same arguments give the same bytes.

    spec: as the scorer `image` reads it. correct: True, the name of one of `flaws(spec)`, or False for half
    of them picked by the seed, one at least. Raises ValueError for a flaw that this spec does not allow.
    """
    rng = random.Random(f"drawing {seed} {json.dumps(dict(spec), sort_keys=True)}")
    possible = flaws(spec)
    if isinstance(correct, str) and correct not in possible:
        raise ValueError(f"this spec cannot be drawn wrong in '{correct}'; it can in: {', '.join(possible)}")
    if isinstance(correct, str):
        return _render(flawed(spec, correct, rng), rng)
    return _render(spec if correct else _spoilt(spec, max(1, len(possible) // 2), rng), rng)


def _spoilt(spec: Mapping[str, Json], number: int, rng: random.Random) -> Mapping[str, Json]:
    """The spec of what is drawn instead: so many demands broken, one after another, each in its own way."""
    made: list[str] = []
    for _ in range(number):
        left = [flaw for flaw in flaws(spec) if flaw not in made]
        if left:
            made.append(rng.choice(left))
            spec = flawed(spec, made[-1], rng)
    return spec


def _render(spec: Mapping[str, Json], rng: random.Random) -> bytes:
    from PIL import Image, ImageDraw
    from PIL.PngImagePlugin import PngInfo

    from whichmodel.simulator.drawing.icons import paint

    things, texts = arranged(spec.get("include") or (), rng), spec.get("texts") or ()
    width, height = _size(spec)
    ground = _rgb(spec["background"]["hex"]) if "background" in spec else rng.choice(PAPERS)
    image = Image.new("RGB", (width, height), ground)
    pen = ImageDraw.Draw(image)
    if "background" not in spec:
        pen.rectangle((0, height - 6, width, height), fill=(205, 210, 214))
    upper, lower = _shares(bool(things), bool(texts), bool(spec.get("palette")))
    scale = (width, height, width, height)
    paint(pen, things, _times(upper, scale), named=not texts)
    boxes = _boxes(texts, lower)
    for text, box in zip(texts, boxes, strict=True):
        letter(pen, text["text"], _times(box, scale), rng.choice(BOARDS[:1] if "palette" in spec else BOARDS))
    _bars(pen, spec.get("palette") or (), scale)
    drawn = {
        "objects": [_said(thing, upper) for thing in things],
        "texts": [
            {
                "text": text["text"],
                "on": text.get("on"),
                "x": round((x0 + x1) / 2, 4),
                "y": round((y0 + y1) / 2, 4),
            }
            for text, (x0, y0, x1, y1) in zip(texts, boxes, strict=True)
        ],
        "scene": spec.get("scene"),
    }
    info = PngInfo()
    info.add_text("drawn", json.dumps(drawn))
    target = io.BytesIO()
    image.save(target, "PNG", pnginfo=info, compress_level=1)
    return target.getvalue()


def _size(spec: Mapping[str, Json]) -> tuple[int, int]:
    if "format" not in spec:
        return SIDE, SIDE
    (across, down), longest = spec["format"]["ratio"], spec["format"].get("longest", 2 * SIDE)
    return round(longest * across / max(across, down)), round(longest * down / max(across, down))


def _rgb(code: str) -> tuple[int, int, int]:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def _shares(things: bool, texts: bool, palette: bool) -> tuple[Box, Box]:
    """Where objects and where texts stand, in shares of the sides; the palette has the foot."""
    foot = 0.82 if palette else 1.0
    cut = foot * (0.6 if things and texts else 1.0 if things else 0.0)
    return (0.0, 0.0, 1.0, cut), (0.04, cut, 0.96, foot)


def _boxes(texts: Sequence[Mapping[str, Json]], within: Box) -> list[Box]:
    """A box for each text, in shares of the sides, so that every asked relation holds."""
    if not texts:
        return []
    grid = cells(texts, beside="below")
    left, top, right, bottom = within
    columns, rows = [x for x, _ in grid.at], [y for _, y in grid.at]
    width = (right - left) / (1 + max(columns) - min(columns))
    height = (bottom - top) / (1 + max(rows) - min(rows))
    corners = [(left + (x - min(columns)) * width, top + (y - min(rows)) * height) for x, y in grid.at]
    return [(x, y, x + width, y + height) for x, y in corners]


def _bars(pen: Json, palette: Sequence[Mapping[str, Json]], scale: Box) -> None:
    """The brand's colours as bars over the foot of the picture, clear of its edges."""
    for number, colour in enumerate(palette):
        width = 0.84 / len(palette)
        bar = (0.08 + number * width, 0.84, 0.08 + (number + 1) * width, 0.94)
        pen.rectangle(_times(bar, scale), fill=_rgb(colour["hex"]))


def _times(box: Box, scale: Box) -> Box:
    return (box[0] * scale[0], box[1] * scale[1], box[2] * scale[2], box[3] * scale[3])


def _said(thing: Thing, within: Box) -> dict[str, Json]:
    left, top, right, bottom = within
    x, y = left + thing.x * (right - left), top + thing.y * (bottom - top)
    return {"class": thing.kind, "color": thing.colour, "x": round(x, 4), "y": round(y, 4)}
