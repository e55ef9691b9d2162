"""Short texts with the named entities in them as gold.

A text is written from sentences with slots; what fills a slot is an entity of a known type, so the gold is
right by construction. One pool of names serves as people, companies, places and products at once, and names
hold other names, so that neither a list of names nor capital letters decide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import cycle
from pathlib import Path
from random import Random

from whichmodel.domain import Item, Json

FOLDER = Path(__file__).parent
_SLOT = re.compile(r"\{(\w+?)(\d?)\}")


@cache
def words() -> Json:
    """Names and sentences."""
    return json.loads((FOLDER / "words.json").read_text(encoding="utf-8"))


Entity = tuple[str, str]
"""Text and type."""


@dataclass(slots=True)
class Page:
    """A text in the making. A slot of the same name is filled the same way within one sentence."""

    rng: Random
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    """Names used before: no two slots of a text share one by chance."""

    def write(self, sentence: str, change: Callable[[str], str] = str) -> None:
        """Adds a sentence, its slots filled; `change` is what happens to its letters."""
        filled: dict[str, Entity] = {}
        parts, position = [], 0
        for slot in _SLOT.finditer(sentence):
            key = slot.group()
            if key not in filled:
                filled[key] = self.fresh(slot[1])
            text, kind = filled[key]
            parts += [change(sentence[position : slot.start()]), change(text)]
            self.entities.append((change(text), kind))
            position = slot.end()
        self.text += f"{' ' if self.text else ''}{''.join(parts)}{change(sentence[position:])}"

    def fresh(self, slot: str) -> Entity:
        """An entity of a slot whose name was not used before."""
        while True:
            text, kind = FILLERS[slot](self.rng)
            if text not in self.taken:
                self.taken.add(text)
                return text, kind


def generate(seed: int, count: int) -> Iterator[Item]:
    """Texts of a seed; each item depends on seed and place alone, strata alternate."""
    prompt = (FOLDER / "prompt.txt").read_text(encoding="utf-8").rstrip()
    for place, stratum in zip(range(count), cycle(STRATA), strict=False):
        page = Page(Random(f"entities-{seed}-{place}"))
        STRATA[stratum](page)
        gold = [{"text": text, "type": kind} for text, kind in page.entities]
        yield Item(
            id=f"entities-s{seed}-{place:04d}",
            input=prompt.replace("{text}", page.text),
            target=gold,
            reference=json.dumps(gold, ensure_ascii=False),
            stratum=stratum,
        )


def _person(rng: Random) -> Entity:
    return f"{rng.choice(words()['first'])} {rng.choice(words()['last'])}", "person"


def _organisation(rng: Random) -> Entity:
    stem = rng.choice(words()["stems"])
    return f"{stem} {rng.choice(words()['forms' if rng.random() < 0.5 else 'trades'])}", "organisation"


def _body(rng: Random) -> Entity:
    return rng.choice(words()["bodies"]).format(place=rng.choice(words()["places"])), "organisation"


def _club(rng: Random) -> Entity:
    form = rng.choice(("FC {}", "{} Rovers", "{} Rowing Club", "Real {}"))
    return form.format(rng.choice(words()["places"])), "organisation"


def _named_organisation(rng: Random) -> Entity:
    """A company that bears the name of a person or a place."""
    form = rng.choice(
        ("{last} & Sons", "{first} {last} Foundation", "{place} Gas Works", "Hotel {place}", "{last} {trade}")
    )
    return form.format(
        last=rng.choice(words()["last"]),
        first=rng.choice(words()["first"]),
        place=rng.choice(words()["places"]),
        trade=rng.choice(words()["trades"]),
    ), "organisation"


def _named_street(rng: Random) -> Entity:
    form = rng.choice(("{} Street", "{} Avenue", "{} Square", "{} Bridge"))
    return form.format(rng.choice([*words()["last"], *words()["double"]])), "place"


def _product(rng: Random) -> Entity:
    return f"{rng.choice(words()['models'])} {rng.choice(words()['marks'])}", "product"


def _place_product(rng: Random) -> Entity:
    return f"{rng.choice(words()['places'])} {rng.choice(words()['marks'])}", "product"


def _amount(rng: Random) -> Entity:
    number = rng.choice(
        (
            f"{rng.randint(2, 980)},{rng.randint(0, 9)}00",
            f"{rng.randint(2, 90)} million",
            f"{rng.randint(20, 990)}",
        )
    )
    return rng.choice(("€{}", "${}", "{} euros", "£{}", "CHF {}")).format(number), "amount"


def _percent(rng: Random) -> Entity:
    return rng.choice(("{} %", "{}%", "{} per cent", "{}.5 per cent")).format(rng.randint(2, 60)), "amount"


def _date(rng: Random) -> Entity:
    month, year, day = rng.choice(words()["months"]), rng.randint(2011, 2026), rng.randint(1, 28)
    numbers = f"{day:02d}/{rng.randint(1, 12):02d}/{year}"
    return rng.choice((f"{day} {month} {year}", f"{month} {day}, {year}", f"{day} {month}", numbers)), "date"


def _when(rng: Random) -> Entity:
    year = rng.randint(1988, 2026)
    forms = (
        f"{rng.choice(words()['months'])} {year}",
        f"{rng.choice(('spring', 'autumn'))} {year}",
        str(year),
    )
    return rng.choice(forms), "date"


def _double(rng: Random, form: str, kind: str) -> Entity:
    return form.format(rng.choice(words()["double"])), kind


FILLERS: Mapping[str, Callable[[Random], Entity]] = {
    "person": _person,
    "org": _organisation,
    "a": _organisation,
    "b": _organisation,
    "body": _body,
    "club": _club,
    "named_org": _named_organisation,
    "named_street": _named_street,
    "product": _product,
    "place_product": _place_product,
    "place": lambda rng: (rng.choice(words()["places"]), "place"),
    "street": lambda rng: (rng.choice(words()["streets"]), "place"),
    "acronym": lambda rng: (rng.choice(words()["acronyms"]), "organisation"),
    "amount": _amount,
    "percent": _percent,
    "date": _date,
    "when": _when,
    "double": lambda rng: _double(rng, "{}", "person"),
    "double_place": lambda rng: _double(rng, "{}", "place"),
    "double_org": lambda rng: _double(
        rng, rng.choice(("{} Motors", "{} Capital", "{}'s Bakery Ltd", "{} & Hale")), "organisation"
    ),
    "double_product": lambda rng: _double(rng, f"{{}} {rng.choice(words()['marks'])}", "product"),
    "person_double": lambda rng: _double(rng, f"{rng.choice(words()['first'])} {{}}", "person"),
}
"""Slot -> what fills it."""


def _several(kind: str, fewest: int, most: int) -> Callable[[Page], None]:
    """Some sentences of a kind, one after another."""

    def write(page: Page) -> None:
        for sentence in page.rng.sample(words()[kind], page.rng.randint(fewest, most)):
            page.write(sentence)

    return write


def _noisy(page: Page) -> None:
    """User text: small letters mostly, doubled or lost letters outside the names."""
    rng = page.rng
    lower = rng.random() < 0.6
    for sentence in rng.sample(words()["noisy"], rng.randint(2, 3)):
        page.write(sentence, str.lower if lower else str)
        if rng.random() < 0.5:
            page.text += f" {rng.choice(words()['fillers'])}"


def _traps(page: Page) -> None:
    """Words that look like names, with one sentence of real ones or none."""
    said = page.rng.sample(words()["traps"], page.rng.randint(2, 4))
    if page.rng.random() < 0.7:
        said.insert(page.rng.randint(0, len(said)), page.rng.choice(words()["prose"]))
    for sentence in said:
        page.write(sentence)
    page.text += f" {page.rng.choice(words()['closed']).format(n=page.rng.randint(100_000, 999_999))}"


STRATA: Mapping[str, Callable[[Page], None]] = {
    "prose": _several("prose", 3, 4),
    "ambiguous": _several("ambiguous", 3, 4),
    "nested": _several("nested", 3, 4),
    "noisy": _noisy,
    "repeated": _several("repeated", 2, 2),
    "traps": _traps,
}
"""Stratum -> what writes it."""
