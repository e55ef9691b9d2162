"""What a kind of policy is made of, before its clauses have numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

Facts = Mapping[str, Any]
"""What is true of a case, by name."""

SECTIONS = ("rules", "exceptions", "special")
HOLIDAYS = ((1, 1), (1, 6), (5, 1), (8, 15), (10, 3), (11, 1), (12, 25), (12, 26))
"""Month and day; a policy names three of them."""


Limits = SimpleNamespace
"""The numbers of one policy, by name; `{days}` in its text stands for `days`."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that decides a case to which it applies, if no other prevails."""

    text: str
    decision: str
    applies: Callable[[Facts], bool]


@dataclass(frozen=True, slots=True)
class Blueprint:
    """One policy. Of the rules exactly one applies to any case; of the others any number may."""

    title: str
    labels: Mapping[str, str]
    """Decision -> what it means."""
    definitions: tuple[str, ...]
    procedure: tuple[str, ...]
    """Clauses that decide nothing."""
    sections: Mapping[str, tuple[Clause, ...]]
    """rules, exceptions and special provisions."""
    draw: Callable[[Random], Facts]
    tell: Callable[[Facts, Random], list[str]]
    """The case in sentences, in no order but for the first."""

    @classmethod
    def drawn(cls, name: str, kind: Any, rng: Random) -> Blueprint:
        """A policy of a kind (a module of this package), its words from `texts/<name>.toml`."""
        words, limits = _words(name), kind.limits(rng)
        values = vars(limits)
        if "calendar" in values:
            values = {**values, "business_days": limits.calendar.definition()}
        return cls(
            title=words["title"],
            labels=words["labels"],
            definitions=tuple(text.format_map(values) for text in words["definitions"]),
            procedure=tuple(text.format_map(values) for text in words["procedure"]),
            sections={
                section: tuple(
                    Clause(c["text"].format_map(values), c["decision"], _bound(kind.APPLIES[key], limits))
                    for key, c in words[section].items()
                )
                for section in SECTIONS
            },
            draw=lambda rng: kind.draw(rng, limits),
            tell=lambda facts, rng: kind.tell(facts, limits, rng),
        )


def _bound(applies: Callable[[Facts, Limits], bool], limits: Limits) -> Callable[[Facts], bool]:
    return lambda facts: applies(facts, limits)


@cache
def _words(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parents[1] / "texts" / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Business days: Monday to Friday but for three holidays."""

    holidays: tuple[tuple[int, int], ...]

    @classmethod
    def drawn(cls, rng: Random) -> Calendar:
        """A calendar with three of the holidays."""
        return cls(tuple(sorted(rng.sample(HOLIDAYS, 3))))

    def definition(self) -> str:
        """The clause that defines business days."""
        first, second, third = (f"{day} {date(2025, month, day):%B}" for month, day in self.holidays)
        return (
            f'"Business day" means Monday to Friday, except {first}, {second} and {third}. '
            "The day from which a period runs is not counted; its last day is."
        )

    def between(self, start: date, end: date) -> int:
        """Business days after `start` up to and including `end`."""
        weeks, rest = divmod(max(0, (end - start).days), 7)
        weekdays = 5 * weeks + sum((start.weekday() + n) % 7 < 5 for n in range(1, rest + 1))
        free = (date(year, *day) for year in range(start.year, end.year + 1) for day in self.holidays)
        return weekdays - sum(start < day <= end and day.weekday() < 5 for day in free)

    def after(self, start: date, count: int) -> date:
        """The day that is `count` business days after `start`."""
        day = start
        while count > 0:
            day += timedelta(days=1)
            count -= day.weekday() < 5 and (day.month, day.day) not in self.holidays
        return day


def near(rng: Random, limit: int, least: int = 0) -> int:
    """A number at a limit, beside it or, less often, well away from it."""
    steps = (0, 0, 1, 1, -1, -1, rng.randint(2, 9), -rng.randint(2, 9))
    return max(least, limit + rng.choice(steps))


def some_day(rng: Random) -> date:
    """A day of 2025 from which periods run."""
    return date(2025, 1, 2) + timedelta(days=rng.randint(0, 330))


def written(day: date) -> str:
    """`Thursday, 3 April 2025`."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day where there is none."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def either(truth: bool, yes: str, no: str = "") -> list[str]:
    """One sentence for a fact that holds, another (or none) for one that does not."""
    said = yes if truth else no
    return [said] if said else []
