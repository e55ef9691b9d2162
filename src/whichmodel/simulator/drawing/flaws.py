"""What can be wrong in a drawing: a spec with one of its demands broken."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from whichmodel.domain import Json

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

OBJECTS = ("missing", "count", "colour", "position", "forbidden")
TEXTS = ("misspelt", "doubled", "shortened", "case", "extra", "swapped")
PAGE = ("format", "palette", "background", "scene")
FLAWS = (*OBJECTS, *TEXTS, *PAGE)
OPPOSITE = {"left of": "right of", "right of": "left of", "above": "below", "below": "above"}
OTHER_SCENES = ("in a car park", "in a dentist's waiting room", "on the deck of a ferry")
STRAY = ("SALE", "LOREM", "EST 1987", "NEW", "CAFE", "WELCOME")
"""Words that a picture may hold unasked."""


def flaws(spec: Mapping[str, Json]) -> tuple[str, ...]:
    """The ways a drawing of this spec can be wrong in one demand."""
    include, exclude, texts = (spec.get(key) or [] for key in ("include", "exclude", "texts"))
    own = {thing["class"] for thing in include}
    words = [word for text in texts for word in text["text"].split()]
    possible = {
        "missing": bool(include),
        "count": any(_counted(thing, exclude) for thing in include),
        "colour": any(thing.get("color") for thing in include),
        "position": any(thing.get("position") for thing in include),
        "forbidden": any(thing["class"] not in own for thing in exclude),
        "misspelt": any(_spelt(word) for word in words),
        "doubled": any(_spelt(word) for word in words),
        "shortened": any(len(text["text"].split()) > 1 for text in texts),
        "case": any(text["text"].swapcase() != text["text"] for text in texts),
        "extra": bool(texts),
        "swapped": any(text.get("position") for text in texts),
        "format": "format" in spec,
        "palette": bool(spec.get("palette")),
        "background": "background" in spec,
        "scene": "scene" in spec,
    }
    return tuple(flaw for flaw in FLAWS if possible[flaw])


def flawed(spec: Mapping[str, Json], flaw: str, rng: random.Random) -> dict[str, Json]:
    """The spec of what is drawn instead; "" = the spec itself."""
    broken = dict(spec)
    if flaw in OBJECTS:
        broken["include"] = _objects(spec, flaw, rng)
    elif flaw in TEXTS:
        broken["texts"] = _texts(spec, flaw, rng)
    elif flaw == "format":
        width, height = spec["format"]["ratio"]
        broken["format"] = {**spec["format"], "ratio": [height, width] if width != height else [3, 2]}
    elif flaw == "palette":
        lost = rng.randrange(len(spec["palette"]))
        broken["palette"] = [c for n, c in enumerate(spec["palette"]) if n != lost]
    elif flaw == "background":
        broken["background"] = {"hex": _far_from(spec["background"]["hex"])}
    elif flaw == "scene":
        broken["scene"] = rng.choice(OTHER_SCENES)
    return broken


def _far_from(code: str) -> str:
    """A colour that nobody takes for this one: the other half of each channel."""
    return "#" + "".join(f"{(int(code[n : n + 2], 16) + 128) % 256:02X}" for n in (1, 3, 5))


def _counted(thing: Mapping[str, Json], exclude: Sequence[Json]) -> bool:
    return thing["count"] > 1 or any(other["class"] == thing["class"] for other in exclude)


def _objects(spec: Mapping[str, Json], flaw: str, rng: random.Random) -> list[dict[str, Json]]:
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
        thing["position"] = [OPPOSITE[thing["position"][0]], thing["position"][1]]
    else:
        own = {thing["class"] for thing in things}
        other = rng.choice([other for other in exclude if other["class"] not in own])
        things.append({"class": other["class"], "count": other.get("count", 1)})
    return things


def _texts(spec: Mapping[str, Json], flaw: str, rng: random.Random) -> list[dict[str, Json]]:
    """The texts to letter, one of them wrong."""
    texts = [dict(text) for text in spec["texts"]]
    if flaw == "extra":
        used = " ".join(text["text"] for text in texts).casefold()
        return [*texts, {"text": rng.choice([w for w in STRAY if w.casefold() not in used])}]
    if flaw == "swapped":
        text = rng.choice([text for text in texts if text.get("position")])
        text["position"] = [OPPOSITE[text["position"][0]], text["position"][1]]
        return texts
    if flaw == "case":
        text = rng.choice([text for text in texts if text["text"].swapcase() != text["text"]])
        caps = text["text"].upper()
        text["text"] = caps if caps != text["text"] else text["text"].lower()
        return texts
    if flaw == "shortened":
        text = rng.choice([text for text in texts if len(text["text"].split()) > 1])
        words = text["text"].split()
        del words[rng.randrange(len(words))]
        text["text"] = " ".join(words)
        return texts
    text = rng.choice([text for text in texts if any(_spelt(word) for word in text["text"].split())])
    words = text["text"].split()
    place = rng.choice([n for n, word in enumerate(words) if _spelt(word)])
    words[place] = (_slip if flaw == "misspelt" else _stutter)(words[place], rng)
    text["text"] = " ".join(words)
    return texts


def _spelt(word: str) -> bool:
    """Whether a slip can sit in it: two neighbouring signs that differ, letters or digits both."""
    return bool(_pairs(word))


def _pairs(word: str) -> list[int]:
    return [
        n
        for n in range(len(word) - 1)
        if word[n] != word[n + 1] and word[n].isalnum() and word[n + 1].isalnum()
    ]


def _slip(word: str, rng: random.Random) -> str:
    """Two neighbouring signs exchanged."""
    n = rng.choice(_pairs(word))
    return word[:n] + word[n + 1] + word[n] + word[n + 2 :]


def _stutter(word: str, rng: random.Random) -> str:
    """One sign twice."""
    n = rng.choice(_pairs(word))
    return word[:n] + word[n] + word[n:]
