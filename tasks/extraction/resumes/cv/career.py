"""A person's career, drawn from the present backwards."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from whichmodel.domain import Json


@cache
def words() -> Json:
    """Names, employers, schools and fields of work."""
    return json.loads((Path(__file__).parents[1] / "words.json").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Month:
    """A month, or a year alone."""

    year: int
    month: int | None
    """None = only the year is given."""

    @property
    def iso(self) -> str:
        return f"{self.year}" if self.month is None else f"{self.year}-{self.month:02d}"


@dataclass(frozen=True, slots=True)
class Job:
    """A paid position. `end` None = it is still held."""

    title: str
    employer: str
    start: Month
    end: Month | None
    did: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Degree:
    """A course of study; neither awarded nor expected = it was left."""

    title: str
    school: str
    year: int
    awarded: bool
    expected: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """What a CV is written from. None = the CV does not give it."""

    rng: Random
    title: str
    first: str
    last: str
    email: str | None
    phone: str | None
    city: str | None
    street: str
    field: str
    jobs: tuple[Job, ...]
    """The latest first."""
    degrees: tuple[Degree, ...]
    languages: tuple[tuple[str, str], ...]
    skills: tuple[str, ...]


def draw(rng: Random) -> Person:
    """One person."""
    word = words()
    name = rng.choice(list(word["fields"]))
    field = word["fields"][name]
    first, last = rng.choice(word["first"]), rng.choice(word["last"])
    jobs = _jobs(rng, field)
    plain = unicodedata.normalize("NFKD", f"{first}.{last}".casefold().replace("ø", "o"))
    user = "".join(c for c in plain if c.isascii() and (c.isalnum() or c == "."))
    levels = ["native", *rng.choices(["fluent", "intermediate", "basic"], k=rng.randint(1, 3))]
    languages = zip(rng.sample(word["languages"], len(levels)), levels, strict=True)
    return Person(
        rng=rng,
        title=rng.choice(word["titles"]),
        first=first,
        last=last,
        email=f"{user}{rng.choice(('', '', rng.randint(2, 99)))}@{rng.choice(word['domains'])}",
        phone=phone(rng) if rng.random() < 0.8 else None,
        city=rng.choice(word["cities"]) if rng.random() < 0.85 else None,
        street=rng.choice(word["streets"]),
        field=name,
        jobs=jobs,
        degrees=_degrees(rng, field, jobs[-1].start.year),
        languages=tuple(languages),
        skills=tuple(rng.sample(field["skills"], rng.randint(4, 6))),
    )


def phone(rng: Random) -> str:
    """A mobile number in international notation."""
    digits = "".join(str(rng.randint(0, 9)) for _ in range(7))
    return f"+{rng.choice((44, 49, 33, 34, 48))} {rng.randint(151, 799)} {digits[:3]} {digits[3:]}"


def _jobs(rng: Random, field: Json) -> tuple[Job, ...]:
    """Three to five positions, two of them often at one employer; some dates are years alone."""
    employers = rng.sample(words()["employers"], 5)
    titles = rng.sample(field["roles"], rng.randint(3, 5))
    year, month = rng.randint(2021, 2025), rng.randint(1, 12)
    jobs: list[Job] = []
    end: Month | None = None if rng.random() < 0.7 else _after(year, month, rng.randint(2, 9))
    for number, title in enumerate(titles):
        promoted = number > 0 and rng.random() < 0.35
        employer = jobs[-1].employer if promoted else employers[number]
        bare = rng.random() < 0.15
        start = Month(year, None if bare else month)
        jobs.append(Job(title, employer, start, end, _did(rng, field)))
        gap = 0 if rng.random() < 0.6 else rng.randint(2, 8)
        before = _after(year, month, -1 - gap)
        end = Month(before.year, None) if rng.random() < 0.1 else before
        moved = _after(before.year, before.month or 1, -rng.randint(14, 48))
        year, month = moved.year, moved.month or 1
    return tuple(jobs)


def _after(year: int, month: int, months: int) -> Month:
    place = year * 12 + month - 1 + months
    return Month(place // 12, place % 12 + 1)


def _did(rng: Random, field: Json) -> tuple[str, ...]:
    return tuple(text.format(n=rng.randint(3, 40)) for text in rng.sample(field["did"], rng.randint(1, 2)))


def _degrees(rng: Random, field: Json, before: int) -> tuple[Degree, ...]:
    titles = rng.sample(field["degrees"], rng.randint(1, 3))
    schools = rng.sample(words()["schools"], len(titles))
    years = [before - 3 * place - rng.randint(0, 1) for place in range(len(titles))]
    left = rng.randrange(len(titles)) if len(titles) > 1 and rng.random() < 0.5 else None
    made = [
        Degree(title, school, year, awarded=place != left)
        for place, (title, school, year) in enumerate(zip(titles, schools, years, strict=True))
    ]
    if len(titles) < 3 and rng.random() < 0.3:
        title = rng.choice([t for t in field["degrees"] if t not in titles])
        school = rng.choice([s for s in words()["schools"] if s not in schools])
        made.insert(0, Degree(title, school, rng.randint(2027, 2029), awarded=False, expected=True))
    return tuple(made)
