"""What a source holds: the people, numbers, dates and codes that a summary of it may name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from whichmodel.scoring import mentions

SMALL = 10
"""Whole numbers up to this are counts in prose ("four decisions"), never inventions."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_PERSON = re.compile(r"\b[A-ZÀ-Þ][a-zß-ÿ'’-]+ (?:(?:van|de|von|der|den) )*[A-ZÀ-Þ][a-zß-ÿ'’-]+\b")


@dataclass(frozen=True, slots=True)
class Source:
    """What the source holds."""

    names: Sequence[str]
    numbers: frozenset[Decimal]
    dates: Sequence[date]
    codes: frozenset[str] | None = None
    """Order numbers and the like, in normal form. None = a source without them: their digits are numbers."""
    durations: frozenset[str] = frozenset()
    """Spans of time in minutes."""

    def values(self, kind: str, text: str) -> set[str]:
        """The values of one kind in a text, in normal form; those the source lacks as they are written."""
        if kind == "name":
            return mentions.people(text, self.names)
        if kind == "duration":
            return {minutes for _, minutes in mentions.durations(text)}
        if kind == "direction":
            return mentions.directions(text)
        if self.codes is not None:
            coded, text = self._coded(text, self.codes)
            if kind == "code":
                return coded
        dated, rest = mentions.dates(text)
        if kind == "date":
            return {self._date(written, readings) for written, readings in dated}
        return {self._number(written, readings) for written, readings in mentions.numbers(rest)}

    def holds(self, value: str) -> bool:
        """Whether a number or a date that `values` gave stands in the source; "" is a small count."""
        known = {day.isoformat() for day in self.dates} | {plain(number) for number in self.numbers}
        return not value or value in known

    def without_durations(self, text: str) -> str:
        """A text without the spans of time that the source holds, in whatever units they are written."""
        for written, minutes in mentions.durations(text):
            if minutes in self.durations:
                text = text.replace(written, " ")
        return text

    def _coded(self, text: str, known: frozenset[str]) -> tuple[set[str], str]:
        """Codes in a text, with or without their letters; and the text without them."""
        found, rest = mentions.codes(text)
        bare = {re.sub(r"\D", "", code): code for code in known}
        plain = [digits for digits in re.findall(r"(?<![\d.,])\d{4,}(?![\d.,]*\d)", rest) if digits in bare]
        for digits in plain:
            rest = re.sub(rf"(?<!\d){digits}(?!\d)", " ", rest)
        return {mentions.code(written) for written in found} | {bare[digits] for digits in plain}, rest

    def _date(self, written: str, readings: frozenset[tuple[int, int, int | None]]) -> str:
        return next(
            (day.isoformat() for day in self.dates if mentions.means(readings, day)), written.rstrip(".")
        )

    def _number(self, written: str, readings: frozenset[Decimal]) -> str:
        known = sorted(readings & self.numbers)
        if known:
            return plain(known[-1])
        # In a source that was read, and so is known whole, a fraction is no count.
        counted = min(readings) <= SMALL and len(readings) == 1
        if self.codes is not None and any(value % 1 for value in readings):
            counted = False
        return "" if counted else written


def plain(number: Decimal) -> str:
    """A number's normal form."""
    return f"{number.normalize():f}"


def read(
    text: str, *, names: Iterable[str] = (), numbers: Iterable[str] = (), dates: Iterable[str] = ()
) -> Source:
    """What a text holds, and what is given beside it: people in full, numbers, ISO dates.

    A date without a year is a given one, else of the first year that the text names.
    """
    coded, rest = mentions.codes(text)
    dated, rest = mentions.dates(rest)
    years = [int(year) for year in _YEAR.findall(text)]
    days = [date.fromisoformat(day) for day in dates]
    for _, readings in dated:
        days += _days(readings, years[0] if years else 2000)
    found = {value for _, readings in mentions.numbers(rest) for value in readings}
    given = {Decimal(number) for number in numbers}
    counted = {value for value in found if value <= SMALL and value % 1 == 0} - given
    return Source(
        names=tuple(dict.fromkeys([*names, *_PERSON.findall(text)])),
        numbers=frozenset((found - counted) | given | {Decimal(year) for year in years}),
        dates=tuple(dict.fromkeys(days)),
        codes=frozenset(mentions.code(written) for written in coded),
        durations=frozenset(minutes for _, minutes in mentions.durations(text)),
    )


def _days(readings: Iterable[tuple[int, int, int | None]], year: int) -> Iterator[date]:
    for month, day, named in readings:
        try:
            yield date(named or year, month, day)
        except ValueError:
            continue
