"""Briefs for product pictures: brand, product, colours, words, setting, format, and what must not appear."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from whichmodel.domain import Item

Spec = dict[str, Any]

BRANDS: dict[str, Any] = json.loads((Path(__file__).parent / "brands.json").read_text(encoding="utf-8"))
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white")
NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four"}
RELATIONS = {"left of": "to the left of", "right of": "to the right of"}
FORMATS = {
    "packshot": ((1, 1), (4, 5)),
    "lifestyle": ((3, 2), (2, 3)),
    "social": ((4, 5), (9, 16), (1, 1)),
    "banner": ((16, 9), (2, 1)),
    "range": ((3, 2), (16, 9)),
}
LONGEST = 1024
"""Pixels of the long side that a brief asks for at least."""
KINDRED = {
    "red": {"coral", "brick", "raspberry", "burgundy", "magenta", "tangerine"},
    "orange": {"tangerine", "mustard", "coral", "gold", "brick"},
    "yellow": {"mustard", "gold", "lime"},
    "green": {"lime", "forest green", "olive", "teal", "turquoise"},
    "blue": {"cobalt", "sky blue", "navy", "petrol", "violet"},
    "purple": {"violet", "burgundy", "magenta", "cobalt"},
    "pink": {"magenta", "raspberry", "coral"},
    "brown": {"brick", "olive", "burgundy", "gold"},
    "black": {"navy", "petrol"},
    "white": set(),
}
"""Brand colours that a product of this colour could be taken for."""
UNLIKE = (
    ("teal", "coral"), ("teal", "mustard"), ("navy", "tangerine"), ("navy", "lime"), ("magenta", "turquoise"),
    ("lime", "violet"), ("sky blue", "burgundy"), ("sky blue", "gold"), ("burgundy", "mustard"),
    ("forest green", "coral"), ("forest green", "gold"), ("tangerine", "cobalt"), ("violet", "gold"),
    ("turquoise", "brick"), ("cobalt", "mustard"), ("raspberry", "petrol"), ("olive", "sky blue"),
    ("petrol", "tangerine"), ("brick", "sky blue"), ("raspberry", "lime"), ("magenta", "mustard"),
)  # fmt: skip
"""Pairs of brand colours that nobody mistakes for each other."""
LANES = 211
"""Each seed draws from a lane of the briefs, so that banks of neighbouring seeds share no prompt."""


def generate(seed: int, count: int) -> Iterable[Item]:
    """Strata in turn; every brief is given once."""
    rng = random.Random(f"brand_brief {seed}")
    makers = list(MAKERS.items())
    for number in range(count):
        stratum, make = makers[number % len(makers)]
        spec, lines = make(rng)
        spec = {"tag": stratum, **spec, "format": _format(stratum, rng)}
        yield Item(
            id=f"brand_brief-s{seed}-{number:04d}",
            input=_brief(spec, lines, rng, seed),
            target=[spec["include"], spec["exclude"], [text["text"] for text in spec["texts"]]],
            stratum=stratum,
            metadata={"spec": spec},
        )


def _brief(spec: Spec, lines: list[str], rng: random.Random, seed: int) -> str:
    """The brief in words, under a reference number of this seed's lane."""
    across, down = spec["format"]["ratio"]
    shape = "square" if across == down else "landscape" if across > down else "portrait"
    palette = " and ".join(f"{colour['name']} ({colour['hex']})" for colour in spec["palette"])
    banned = ", ".join(other["class"] for other in spec["exclude"] if other.get("banned"))
    rest = [
        f"Brand colours, each clearly visible: {palette}",
        f"Format: {shape} {across}:{down}, at least {LONGEST} pixels on the long side",
        f"Must not appear: {banned}; no writing beside what stands in quotation marks",
    ]
    if "background" in spec:
        ground = spec["background"]
        rest.append(f"Background: plain {ground['name']} ({ground['hex']}) up to all edges")
    if "scene" in spec:
        rest.append(f"Setting: {spec['scene']}")
    middle = [*lines[1:], *rng.sample(rest, len(rest))]
    while True:
        number = f"Brief {rng.choice('ABCDEFGHJKLM')}-{rng.randint(1000, 9999)}"
        text = "\n".join([f"Make one picture to this brief. ({number})", "", lines[0], *middle])
        if zlib.crc32(text.encode()) % LANES == seed % LANES:
            return text


def _packshot(rng: random.Random) -> tuple[Spec, list[str]]:
    kind, trade, brand = _product(rng)
    colour = rng.choice(COLOURS)
    text = f"{brand.upper()} {rng.choice(BRANDS['lines'])}"
    spec = {
        "include": [{"class": kind, "count": 1, "color": colour}],
        "exclude": [{"class": kind, "count": 2}, *_banned(rng, 2)],
        "texts": [{"text": text, "on": kind}],
        "palette": _palette(rng, [colour], 1),
        "background": _ground(rng),
    }
    return spec, [
        f"Brand: {brand} ({trade})",
        f"Product: exactly one {colour} {kind}",
        f'On the {kind}: "{text}"',
    ]


def _lifestyle(rng: random.Random) -> tuple[Spec, list[str]]:
    kind, trade, brand = _product(rng)
    colour, prop, relation = rng.choice(COLOURS), rng.choice(BRANDS["props"]), rng.choice(list(RELATIONS))
    text = rng.choice((brand, brand.upper()))
    spec = {
        "include": [
            {"class": kind, "count": 1, "color": colour},
            {"class": prop, "count": 1, "position": [relation, 0]},
        ],
        "exclude": _banned(rng, 2),
        "texts": [{"text": text, "on": kind}],
        "palette": _palette(rng, [colour], 2),
        "scene": rng.choice(BRANDS["scenes"]),
    }
    beside = f"Beside it: one {prop} {RELATIONS[relation]} the {kind}"
    lines = [f"Brand: {brand} ({trade})", f"Product: one {colour} {kind}", f'On the {kind}: "{text}"', beside]
    return spec, lines


def _social(rng: random.Random) -> tuple[Spec, list[str]]:
    kind, trade, brand = _product(rng)
    number, headline = rng.randint(2, 4), _headline(rng)
    spec = {
        "include": [{"class": kind, "count": number}],
        "exclude": [{"class": kind, "count": number + 1}, *_banned(rng, 3)],
        "texts": [{"text": headline}],
        "palette": _palette(rng, [], 2),
        "scene": rng.choice(BRANDS["scenes"]),
    }
    product = f"Product: exactly {NUMBERS[number]} {_plural(kind)}"
    return spec, [f"Brand: {brand} ({trade})", product, f'Headline: "{headline}"']


def _banner(rng: random.Random) -> tuple[Spec, list[str]]:
    kind, trade, brand = _product(rng)
    colour, headline, call = rng.choice(COLOURS), _headline(rng), rng.choice(BRANDS["calls"])
    spec = {
        "include": [{"class": kind, "count": 1, "color": colour}],
        "exclude": _banned(rng, 2),
        "texts": [{"text": headline}, {"text": call, "position": ["below", 0]}],
        "palette": _palette(rng, [colour], 1),
        "background": _ground(rng),
    }
    words = [f'Headline: "{headline}"', f'Button, below the headline: "{call}"']
    return spec, [f"Brand: {brand} ({trade})", f"Product: one {colour} {kind}", *words]


def _range(rng: random.Random) -> tuple[Spec, list[str]]:
    kind, trade, brand = _product(rng)
    other = rng.choice([one for one in BRANDS["products"] if one not in kind and kind not in one])
    one, two = rng.sample(COLOURS, 2)
    number = rng.randint(2, 3)
    text = f"{brand} {rng.choice(BRANDS['lines'])}"
    spec = {
        "include": [
            {"class": kind, "count": number, "color": one},
            {"class": other, "count": 1, "color": two},
        ],
        "exclude": [{"class": kind, "count": number + 1}, {"class": other, "count": 2}, *_banned(rng, 2)],
        "texts": [{"text": text}],
        "palette": _palette(rng, [one, two], 1),
        "background": _ground(rng),
    }
    products = f"Products: exactly {NUMBERS[number]} {one} {_plural(kind)} and exactly one {two} {other}"
    return spec, [f"Brand: {brand} ({trade})", products, f'Line of text: "{text}"']


MAKERS: dict[str, Callable[[random.Random], tuple[Spec, list[str]]]] = {
    "packshot": _packshot,
    "lifestyle": _lifestyle,
    "social": _social,
    "banner": _banner,
    "range": _range,
}


def _product(rng: random.Random) -> tuple[str, str, str]:
    """Kind of pack, what is sold in it, and a brand that nobody owns."""
    kind = rng.choice(list(BRANDS["products"]))
    brand = rng.choice(BRANDS["heads"]) + rng.choice(BRANDS["middles"]) + rng.choice(BRANDS["tails"])
    return kind, rng.choice(BRANDS["products"][kind]), brand


def _palette(rng: random.Random, products: list[str], number: int) -> list[dict[str, str]]:
    """Brand colours that are neither like each other nor like a product."""
    taken = set().union(*(KINDRED[colour] for colour in products))
    pairs = [pair for pair in UNLIKE if not taken & set(pair)]
    names = rng.sample(rng.choice(pairs), number)
    return [{"name": name, "hex": BRANDS["palette"][name]} for name in names]


def _ground(rng: random.Random) -> dict[str, str]:
    name = rng.choice(list(BRANDS["grounds"]))
    return {"name": name, "hex": BRANDS["grounds"][name]}


def _format(stratum: str, rng: random.Random) -> dict[str, Any]:
    return {"ratio": list(rng.choice(FORMATS[stratum])), "longest": LONGEST}


def _banned(rng: random.Random, number: int) -> list[dict[str, Any]]:
    return [{"class": kind, "count": 1, "banned": True} for kind in rng.sample(BRANDS["forbidden"], number)]


def _headline(rng: random.Random) -> str:
    return str(rng.choice(BRANDS["headlines"])).format(year=rng.randint(1902, 1999))


def _plural(kind: str) -> str:
    return f"{kind}es" if kind.endswith(("x", "ch")) else f"{kind}s"
