"""The demo vision model: it answers from what a picture says of itself, and always the truth.

It knows five kinds of question about a picture of `drawing`:

    Is there at least one "dog" in the image?
    Is at least one "dog" in the image red?
    Is at least one "dog" to the left of a "cat" in the image?   (to the right of, above, below)
    How many objects of the kind "dog" are in the image?
    How many red objects of the kind "dog" are in the image?
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable

from whichmodel.domain import Json

_THERE = re.compile(r'^Is there at least one "(?P<kind>[^"]+)" in the image\?')
_COLOURED = re.compile(r'^Is at least one "(?P<kind>[^"]+)" in the image (?P<colour>[^?"]+)\?')
_PLACED = re.compile(
    r'^Is at least one "(?P<kind>[^"]+)" (?P<where>[^"]+) a "(?P<other>[^"]+)" in the image\?'
)
_COUNTED = re.compile(
    r'^How many (?:(?P<colour>[^"]+) )?objects of the kind "(?P<kind>[^"]+)" are in the image\?'
)

_WHERE: dict[str, Callable[[Json, Json], bool]] = {
    "to the left of": lambda one, other: one["x"] < other["x"] - 0.1,
    "to the right of": lambda one, other: one["x"] > other["x"] + 0.1,
    "above": lambda one, other: one["y"] < other["y"] - 0.1,
    "below": lambda one, other: one["y"] > other["y"] + 0.1,
}
"""Relations of two centres; a tenth of the side is too little to be one."""


def answer(question: str, png: bytes) -> str:
    """ "yes", "no" or a number; to anything else, a sentence that it cannot be told."""
    objects = drawn(png)
    if objects is None:
        return "I cannot tell what this picture shows."
    if found := _COUNTED.match(question):
        return str(len(_matching(objects, found["kind"], found["colour"])))
    if found := _THERE.match(question):
        return _yes(bool(_matching(objects, found["kind"])))
    if found := _COLOURED.match(question):
        return _yes(bool(_matching(objects, found["kind"], found["colour"])))
    if (found := _PLACED.match(question)) and (holds := _WHERE.get(found["where"])):
        ones, others = _matching(objects, found["kind"]), _matching(objects, found["other"])
        return _yes(any(holds(one, other) for one in ones for other in others))
    return "I cannot tell that from the picture."


def drawn(png: bytes) -> list[Json] | None:
    """The objects a picture says it shows. None = it does not say."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
            image.load()
            objects = json.loads(str(image.info["drawn"]))["objects"]
    except (OSError, ValueError, KeyError, TypeError, SyntaxError):
        return None
    return objects if isinstance(objects, list) else None


def _matching(objects: list[Json], kind: str, colour: str | None = None) -> list[Json]:
    return [o for o in objects if o["class"] == kind and colour in (None, o["color"])]


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
