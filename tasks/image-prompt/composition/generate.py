"""Pictures to compose: objects, counts, colours, positions, bound colours, and what must not be there.

The spec of an item is written as GenEval writes its metadata; objects and colours are among GenEval's.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

from whichmodel.domain import Item

Spec = dict[str, Any]

# fmt: off
OBJECTS = (
    "airplane", "apple", "backpack", "banana", "bear", "bed", "bench", "bicycle", "bird", "boat", "book",
    "bottle", "bowl", "broccoli", "bus", "cake", "car", "carrot", "cat", "chair", "clock", "couch", "cow",
    "cup", "dog", "donut", "elephant", "fork", "frisbee", "giraffe", "handbag", "horse", "kite", "knife",
    "laptop", "microwave", "motorcycle", "oven", "pizza", "refrigerator", "sandwich", "scissors", "sheep",
    "sink", "skateboard", "skis", "snowboard", "spoon", "suitcase", "surfboard", "tie", "toaster", "toilet",
    "toothbrush", "train", "truck", "umbrella", "vase", "zebra", "cell phone", "fire hydrant", "hot dog",
    "parking meter", "potted plant", "stop sign", "teddy bear",
)
# fmt: on
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white")
RELATIONS = {"left of": "to the left of", "right of": "to the right of", "above": "above", "below": "below"}
COUNTS = {2: "two", 3: "three", 4: "four"}
UNCOUNTABLE = {"broccoli", "scissors", "skis"}
"""Left out where objects are counted: one cannot tell one from two."""
PLURALS = {
    "knife": "knives",
    "sheep": "sheep",
    "bench": "benches",
    "couch": "couches",
    "toothbrush": "toothbrushes",
}
STYLES = (
    "a photo of",
    "an oil painting of",
    "a watercolour of",
    "a 3D render of",
    "a flat illustration of",
    "a studio photograph of",
)
GROUNDS = ("a plain wall", "a plain backdrop", "an empty room", "a sandy ground", "a paved yard", "a meadow")
LOOKS = tuple(product(STYLES, GROUNDS))

LANES = 211
"""Each seed draws from a lane of the combinations, so that banks of neighbouring seeds share no prompt."""


def generate(seed: int, count: int) -> Iterable[Item]:
    """Strata in turn; every prompt is asked once."""
    makers = list(MAKERS.items())
    rng = random.Random(f"composition {seed}")
    seen: set[str] = set()
    for number in range(count):
        tag, make = makers[number % len(makers)]
        spec = _fresh(tag, make, rng, seed, seen)
        yield Item(
            id=f"composition-s{seed}-{number:04d}",
            input=f"Draw {spec['prompt']}. Show nothing else that stands out, and no writing.",
            target=[spec["include"], spec.get("exclude", [])],
            stratum=tag,
            metadata={"spec": spec},
        )


def _fresh(
    tag: str, make: Callable[[random.Random], Spec], rng: random.Random, seed: int, seen: set[str]
) -> Spec:
    """A spec of this seed's lane that this bank does not hold yet."""
    while True:
        spec = make(rng)
        for style, ground in rng.sample(LOOKS, len(LOOKS)):
            picture = f"{style} {spec['prompt']}, against {ground}"
            if zlib.crc32(picture.encode()) % LANES == seed % LANES and picture not in seen:
                seen.add(picture)
                return {"tag": tag, **spec, "prompt": picture}


def _objects(rng: random.Random) -> Spec:
    kinds = rng.sample(OBJECTS, 3)
    return {"include": [_thing(kind) for kind in kinds], "prompt": _list([_a(kind) for kind in kinds])}


def _counting(rng: random.Random) -> Spec:
    kinds = rng.sample([kind for kind in OBJECTS if kind not in UNCOUNTABLE], 2)
    counts = [rng.choice(list(COUNTS)) for _ in kinds]
    pairs = list(zip(kinds, counts, strict=True))
    return {
        "include": [_thing(kind, count=number) for kind, number in pairs],
        "exclude": [_thing(kind, count=number + 1) for kind, number in pairs],
        "prompt": _list([f"exactly {COUNTS[number]} {_plural(kind)}" for kind, number in pairs]),
    }


def _colours(rng: random.Random) -> Spec:
    one, other = rng.sample(OBJECTS, 2)
    colour = rng.choice(COLOURS)
    return {
        "include": [_thing(one, color=colour), _thing(other)],
        "prompt": _list([_a(one, colour), _a(other)]),
    }


def _position(rng: random.Random) -> Spec:
    one, other = rng.sample(OBJECTS, 2)
    relation = rng.choice(list(RELATIONS))
    return {
        "include": [_thing(other), _thing(one, position=[relation, 0])],
        "prompt": f"{_a(one)} {RELATIONS[relation]} {_a(other)}",
    }


def _binding(rng: random.Random) -> Spec:
    kinds, colours = rng.sample(OBJECTS, 2), rng.sample(COLOURS, 2)
    pairs = list(zip(kinds, colours, strict=True))
    return {
        "include": [_thing(kind, color=colour) for kind, colour in pairs],
        "prompt": _list([_a(kind, colour) for kind, colour in pairs]),
    }


def _negation(rng: random.Random) -> Spec:
    one, other, absent = rng.sample(OBJECTS, 3)
    return {
        "include": [_thing(one), _thing(other)],
        "exclude": [_thing(absent)],
        "prompt": f"{_list([_a(one), _a(other)])} without any {absent}",
    }


MAKERS: dict[str, Callable[[random.Random], Spec]] = {
    "objects": _objects,
    "counting": _counting,
    "colors": _colours,
    "position": _position,
    "color_attr": _binding,
    "negation": _negation,
}


def _thing(kind: str, **more: Any) -> dict[str, Any]:
    return {"class": kind, "count": 1, **more}


def _a(kind: str, colour: str = "") -> str:
    words = f"{colour} {kind}".strip()
    if kind in {"scissors", "skis"}:
        return f"a pair of {words}"
    if kind == "broccoli":
        return f"a piece of {words}"
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _plural(kind: str) -> str:
    if kind.endswith("bus"):
        return f"{kind}es"
    return PLURALS.get(kind, f"{kind}s")


def _list(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
