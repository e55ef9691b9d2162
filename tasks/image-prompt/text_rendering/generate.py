"""Pictures with exact words: on signs, labels and posters, from one word to eight.

The texts are filled from patterns, and names are made up of syllables, so that no model has met them all.
"""

from __future__ import annotations

import json
import random
import string
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from whichmodel.domain import Item

WORDS: dict[str, list[str]] = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
PLACES = [(style, surface) for style in WORDS["styles"] for surface in WORDS["surfaces"]]
RELATIONS = {"above": "above it", "below": "below it", "left of": "to its left", "right of": "to its right"}
LANES = 211
"""Each seed draws from a lane of the prompts, so that banks of neighbouring seeds share no prompt."""
LISTS = {
    "noun": "nouns",
    "adj": "adjectives",
    "verb": "verbs",
    "day": "days",
    "month": "months",
}
NUMBERS = {
    "h": (6, 11),
    "hh": (14, 22),
    "n": (2, 9),
    "mm": (10, 59),
    "p": (11, 79),
    "nn": (12, 98),
    "nnn": (102, 987),
    "nnnn": (1023, 9876),
    "year": (1871, 1998),
}
LETTERS = {"letter": 1, "code": 2}
RULE = (
    "The text must be exactly as written here, capitals and punctuation included, easy to read, and the only "
    "text in the picture."
)


def generate(seed: int, count: int) -> Iterable[Item]:
    """Strata in turn; no text is asked for twice in a bank."""
    rng = random.Random(f"text_rendering {seed}")
    makers = list(MAKERS.items())
    seen: set[str] = set()
    for number in range(count):
        stratum, make = makers[number % len(makers)]
        texts, prompt = _fresh(make, rng, seed, seen)
        yield Item(
            id=f"text_rendering-s{seed}-{number:04d}",
            input=prompt,
            target=[text["text"] for text in texts],
            stratum=stratum,
            metadata={"spec": {"tag": stratum, "include": [], "texts": texts}},
        )


def _fresh(
    make: Callable[[random.Random], list[dict[str, Any]]], rng: random.Random, seed: int, seen: set[str]
) -> tuple[list[dict[str, Any]], str]:
    """Texts that this bank does not hold yet, and a prompt for them of this seed's lane."""
    while True:
        texts = make(rng)
        key = " / ".join(text["text"] for text in texts)
        if key in seen:
            continue
        for style, surface in rng.sample(PLACES, len(PLACES)):
            prompt = _prompt(f"{style} {surface}", texts)
            if zlib.crc32(prompt.encode()) % LANES == seed % LANES:
                seen.add(key)
                return texts, prompt


def _prompt(what: str, texts: list[dict[str, Any]]) -> str:
    if len(texts) == 1:
        return f'{what} that reads "{texts[0]["text"]}". {RULE}'
    where = RELATIONS[texts[1]["position"][0]]
    return f'{what} with two texts: "{texts[0]["text"]}" and, {where}, "{texts[1]["text"]}". {RULE}'


def _short(rng: random.Random) -> list[dict[str, Any]]:
    """One or two words: hard to spell, or made up."""
    first = rng.choice((rng.choice(WORDS["hard"]), _name(rng), _name(rng)))
    second = rng.choice(("", rng.choice(WORDS["nouns"]).title(), rng.choice(WORDS["hard"])))
    text = f"{first} {second}".strip()
    return [{"text": text.upper() if rng.random() < 0.5 else text}]


def _two(rng: random.Random) -> list[dict[str, Any]]:
    """Two texts of one to three words, one beside the other."""
    one = f"{rng.choice(WORDS['adjectives'])} {rng.choice(WORDS['nouns'])}".title()
    other = f"{rng.choice(WORDS['verbs'])} the {rng.choice(WORDS['nouns'])}".upper()
    names = [_name(rng), rng.choice(WORDS["hard"])]
    texts = rng.sample([one, other, *names], 2)
    return [{"text": texts[0]}, {"text": texts[1], "position": [rng.choice(list(RELATIONS)), 0]}]


def _pattern(kind: str) -> Callable[[random.Random], list[dict[str, Any]]]:
    def make(rng: random.Random) -> list[dict[str, Any]]:
        text = rng.choice(WORDS[kind]).format_map(Slots(rng))
        if kind in {"long", "punctuation", "digits"}:
            text = text[0].upper() + text[1:]
        return [{"text": text.upper() if kind in {"long", "digits"} and rng.random() < 0.3 else text}]

    return make


class Slots(dict[str, str]):
    """The words of one text, each drawn when a pattern first asks for it: `noun2` differs from `noun`."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self._rng = rng

    def __missing__(self, slot: str) -> str:
        self[slot] = word = self._drawn(slot)
        return word

    def _drawn(self, slot: str) -> str:
        kind = slot.lower().rstrip("23")
        if kind in NUMBERS:
            return str(self._rng.randint(*NUMBERS[kind]))
        if kind == "camel":
            return self["name"].lower() + self["Name"]
        if kind in LETTERS:
            return "".join(self._rng.sample(string.ascii_uppercase, LETTERS[kind]))
        word = _name(self._rng)
        while kind in LISTS and ((word := self._rng.choice(WORDS[LISTS[kind]])) in self.values()):
            pass
        return word.upper() if slot.isupper() else word.title() if slot[0].isupper() else word


def _name(rng: random.Random) -> str:
    """A name that nobody bears: two or three syllables and an end."""
    middle = "".join(rng.choice(WORDS["middles"]) for _ in range(rng.randint(1, 2)))
    return f"{rng.choice(WORDS['heads'])}{middle}{rng.choice(WORDS['tails'])}".title()


MAKERS: dict[str, Callable[[random.Random], list[dict[str, Any]]]] = {
    "short": _short,
    "long": _pattern("long"),
    "digits": _pattern("digits"),
    "punctuation": _pattern("punctuation"),
    "capitals": _pattern("capitals"),
    "two-texts": _two,
}
