"""The demo vision model: it answers from what a picture says of itself, and always the truth.

It knows these questions about a picture of `drawing`:

    Is there at least one "dog" in the image?
    Is at least one "dog" in the image red?
    Is at least one "dog" to the left of a "cat" in the image?   (to the right of, above, below)
    How many objects of the kind "dog" are in the image?
    How many red objects of the kind "dog" are in the image?
    Write down every text in the image ...
    Is the text "SALE" above the text "TODAY" in the image?      (to the left of, to the right of, below)
    Is the text "SALE" on a "bottle" in the image?
    Is the scene of the image in a kitchen?
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from difflib import get_close_matches

from whichmodel.domain import Json

_THERE = re.compile(r'^Is there at least one "(?P<kind>[^"]+)" in the image\?')
_COLOURED = re.compile(r'^Is at least one "(?P<kind>[^"]+)" in the image (?P<colour>[^?"]+)\?')
_PLACED = re.compile(
    r'^Is at least one "(?P<kind>[^"]+)" (?P<where>[^"]+) a "(?P<other>[^"]+)" in the image\?'
)
_COUNTED = re.compile(
    r'^How many (?:(?P<colour>[^"]+) )?objects of the kind "(?P<kind>[^"]+)" are in the image\?'
)

_LETTERED = re.compile(
    r'^Is the text "(?P<text>.+)" (?P<where>to the left of|to the right of|above|below) the text'
    r' "(?P<other>.+)" in the image\?'
)
_ON = re.compile(r'^Is the text "(?P<text>.+)" on a "(?P<kind>[^"]+)" in the image\?')
_SET = re.compile(r"^Is the scene of the image (?P<scene>[^?]+)\?")
_TRANSCRIBE = re.compile(r"^Write down every text in the image")

_WHERE: dict[str, Callable[[Json, Json], bool]] = {
    "to the left of": lambda one, other: one["x"] < other["x"] - 0.1,
    "to the right of": lambda one, other: one["x"] > other["x"] + 0.1,
    "above": lambda one, other: one["y"] < other["y"] - 0.1,
    "below": lambda one, other: one["y"] > other["y"] + 0.1,
}
"""Relations of two centres; a tenth of the side is too little to be one."""


def answer(question: str, png: bytes) -> str:
    """ "yes", "no" or a number; to anything else, a sentence that it cannot be told."""
    shown = drawn(png)
    if shown is None:
        return "I cannot tell what this picture shows."
    return _of_text(question, shown) or _of_objects(question, shown["objects"])


def _of_text(question: str, shown: Json) -> str:
    """The reply to a question about what is written, or about the scene; "" = it is about neither."""
    texts: list[Json] = shown.get("texts") or []
    if _TRANSCRIBE.match(question):
        return "\n".join(text["text"] for text in texts) or "none"
    if found := _SET.match(question):
        return _yes(shown.get("scene") == found["scene"])
    if found := _ON.match(question):
        held = any(text.get("on") == found["kind"] for text in _written(texts, found["text"]))
        return _yes(held)
    if found := _LETTERED.match(question):
        ones, others = _written(texts, found["text"]), _written(texts, found["other"])
        holds = _WHERE[found["where"]]
        return _yes(any(holds(one, other) for one in ones for other in others))
    return ""


def _written(texts: list[Json], text: str) -> list[Json]:
    """The text most like one: a misspelt word does not hide where it stands."""
    near = get_close_matches(text.casefold(), [one["text"].casefold() for one in texts], n=1, cutoff=0.4)
    return [one for one in texts if one["text"].casefold() in near]


def _of_objects(question: str, objects: list[Json]) -> str:
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


def drawn(png: bytes) -> Json | None:
    """What a picture says it shows, as `drawing` writes it. None = it does not say."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
            image.load()
            shown = json.loads(str(image.info["drawn"]))
    except (OSError, ValueError, KeyError, TypeError, SyntaxError):
        return None
    return shown if isinstance(shown, dict) and isinstance(shown.get("objects"), list) else None


def _matching(objects: list[Json], kind: str, colour: str | None = None) -> list[Json]:
    return [o for o in objects if o["class"] == kind and colour in (None, o["color"])]


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
