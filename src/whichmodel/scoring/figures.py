"""Numbers in running text, as people of several languages write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_NUMERAL = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?(?!\d)|(?<![\w.,])\d+(?:[.,'’]\d+)*"
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number where it stands in a text; two readings where `1.500` may be either."""

    readings: frozenset[Decimal]
    start: int
    end: int


def numerals(text: str) -> Iterator[Numeral]:
    """Each number in digits, in order. Digits within a word (`Q3`, `v2`) are none."""
    for found in _NUMERAL.finditer(text):
        yield Numeral(readings(found[0]), found.start(), found.end())


def readings(numeral: str) -> frozenset[Decimal]:
    """What a numeral may mean: `1,500` is 1500 or 1.5, `1.500,25` is 1500.25, `12 000` is 12000."""
    plain = re.sub(r"[ \u00a0\u202f'’]", "", numeral)
    marks = [mark for mark in plain if mark in ".,"]
    if not marks:
        return frozenset({Decimal(plain)})
    digits = plain.replace(".", "").replace(",", "")
    whole, _, part = plain.rpartition(marks[-1])
    decimal = Decimal(f"{whole.replace('.', '').replace(',', '')}.{part}")
    if len(set(marks)) == 2:
        return frozenset({decimal})
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", plain) is not None
    if len(marks) > 1:
        return frozenset({Decimal(digits)})
    return frozenset({decimal, Decimal(digits)}) if grouped else frozenset({decimal})
