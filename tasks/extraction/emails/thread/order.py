"""An order as it was first confirmed, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

from whichmodel.domain import Json

CODES = ("LMP", "BOX", "WHB", "CHR", "CST", "SHR", "CLK", "FAN", "CSH", "NTB", "BIN", "STP", "EXT", "LBL")
"""First part of an article's code, in the order of every language's goods."""


@cache
def words() -> Json:
    """Names, goods and turns of phrase by language."""
    found: Json = json.loads((Path(__file__).parents[1] / "words.json").read_text(encoding="utf-8"))
    return found


@dataclass(slots=True)
class Order:
    """An order and what became of it. Quantities by article code; None = as first confirmed."""

    rng: Random
    word: Mapping[str, Json]
    number: str
    contact: str
    confirmed: Mapping[str, int]
    goods: Mapping[str, str]
    """Names by code, of articles that were not ordered too."""
    home: str
    day: date
    """Of delivery."""
    placed: date
    now: dict[str, int] = field(default_factory=dict)
    address: str | None = None
    new_day: date | None = None
    shipping: str | None = None
    phone: str | None = None
    touched: set[str] = field(default_factory=set)
    """Codes that some request was about."""

    def say(self, kind: str, code: str = "", **values: Json) -> str:
        """A turn of phrase of a kind, filled in."""
        fillings = {"order": self.number, "good": self.goods.get(code, ""), "code": code, **values}
        return str(self.rng.choice(self.word[kind])).format(**fillings)

    def long_day(self, day: date) -> str:
        """A date in words; the year is now and then left to the reader."""
        month = self.word["months"][day.month - 1]
        joint = {"de": ". ", "es": " de "}.get(language_of(self.word), " ")
        year = f"{' de' if joint == ' de ' else ''} {day.year}" if self.rng.random() < 0.5 else ""
        weekday = f"{self.word['weekdays'][day.weekday()]} " if self.rng.random() < 0.4 else ""
        weekday = weekday.replace(" ", ", den ") if weekday and joint == ". " else weekday
        return f"{weekday}{day.day}{joint}{month}{year}"


def language_of(word: Mapping[str, Json]) -> str:
    """The language that a set of words is of."""
    return str(next(name for name, other in words().items() if other is word))


def draw(rng: Random, language: str) -> Order:
    """An order of a customer who writes in a language."""
    word = words()[language]
    codes = [f"{code}-{rng.randint(100, 989)}" for code in CODES]
    goods = dict(zip(codes, word["goods"], strict=True))
    ordered = rng.sample(codes, rng.randint(5, 7))
    quantities = rng.sample(range(2, 25), len(ordered))
    confirmed = dict(zip(ordered, quantities, strict=True))
    day = date(rng.randint(2023, 2026), rng.randint(3, 9), rng.randint(1, 28))
    return Order(
        rng=rng,
        word=word,
        number=f"{rng.choice(('SO', 'NL', 'A', 'W'))}-{rng.randint(10_000, 99_999)}",
        contact=rng.choice(word["customers"]),
        confirmed=confirmed,
        goods=goods,
        home=place(rng, word),
        day=day,
        placed=day - timedelta(days=13),
        now=dict(confirmed),
    )


def place(rng: Random, word: Mapping[str, Json], other: str | None = None) -> str:
    """An address in another street than an other one."""
    street = rng.choice([s for s in word["streets"] if not other or s not in other])
    return f"{street}, {rng.choice(word['towns'])}"


def phone(rng: Random, language: str) -> str:
    """A mobile number as it is written in the country of a language."""
    form = {"en": "07### ######", "de": "0151 ########", "fr": "06 ## ## ## ##", "es": "6## ## ## ##"}[
        language
    ]
    return "".join(str(rng.randint(0, 9)) if sign == "#" else sign for sign in form)
