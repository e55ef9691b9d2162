"""Numbers, dates and people as running English text names them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from whichmodel.scoring import figures

# fmt: off
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)
_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
_TENS = (
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)
_TO_TWENTIETH = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth",
)
# fmt: on
_ORDINALS = (
    *_TO_TWENTIETH,
    *(f"twenty-{word}" for word in _TO_TWENTIETH[:9]),
    "thirtieth",
    "thirty-first",
)
_SCALES = {"hundred": 100, "thousand": 1000, "k": 1000, "million": 1_000_000, "m": 1_000_000}
_VALUES = {word: n for n, word in enumerate(_UNITS)} | {word: 10 * n for n, word in enumerate(_TENS, start=2)}
_MONTH = (
    r"(?P<month>" + "|".join(rf"{m[:3]}(?:{m[3:]}|{m[3:4]})?" if m != "may" else m for m in _MONTHS) + r")\.?"
)
_DAY = r"(?P<day>\d{1,2}(?:st|nd|rd|th)?|" + "|".join(sorted(_ORDINALS, key=len, reverse=True)) + ")"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}(?![a-z])(?:,?\s+(?P<year>\d{{4}})(?!-))?",
        rf"\b{_MONTH}\s+(?:the\s+)?{_DAY}(?![\da-z])(?:,?\s+(?P<year>\d{{4}})(?!-))?",
        r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b",
        r"(?<![\d.,/])(?P<day>\d{1,2})(?P<mark>[./])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})\b",
        r"(?<![\d.,/])(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\d/])",
    )
)
_VALUE = "|".join(_VALUES)
_WORDS = re.compile(
    rf"\b(?:{_VALUE})(?:[\s-]+(?:and[\s-]+)?(?:{_VALUE}|hundred|thousand|million))*\b", re.IGNORECASE
)


def dates(text: str) -> tuple[list[tuple[str, frozenset[tuple[int, int, int | None]]]], str]:
    """Each date as written, with what it may mean (month, day, year or None); and the text without them."""
    found = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            if readings := _date_readings(match):
                found.append((match[0], readings))
                text = text[: match.start()] + "\0" * len(match[0]) + text[match.end() :]
    return found, text.replace("\0", " ")


def _date_readings(match: re.Match[str]) -> frozenset[tuple[int, int, int | None]]:
    named = match.groupdict()
    year = int(named["year"]) if named.get("year") else None
    year = year + 2000 if year is not None and year < 100 else year
    raw = match["day"].casefold()
    day = _ORDINALS.index(raw) + 1 if raw in _ORDINALS else int(re.sub(r"\D", "", raw))
    if not match["month"].isdigit():
        month = [m[:3] for m in _MONTHS].index(match["month"][:3].casefold()) + 1
        pairs = {(month, day)}
    else:
        month = int(match["month"])
        iso = "-" in match[0]
        pairs = {(month, day)} if iso else {(month, day), (day, month)}
    return frozenset((m, d, year) for m, d in pairs if 1 <= m <= 12 and 1 <= d <= 31)


def means(readings: Iterable[tuple[int, int, int | None]], known: date) -> bool:
    """Whether a date as written may be this one; a year that is left out fits."""
    return any((m, d) == (known.month, known.day) and y in (None, known.year) for m, d, y in readings)


def numbers(text: str) -> Iterator[tuple[str, frozenset[Decimal]]]:
    """Each number in digits or words, with what it may mean: `48,000`, `48k`, `forty-eight thousand`."""
    for numeral in figures.numerals(text):
        tail = re.match(r"\s?(k|m)\b|\s(hundred|thousand|million)\b", text[numeral.end :], re.IGNORECASE)
        scale = _SCALES[(tail[1] or tail[2]).casefold()] if tail else 1
        written = text[numeral.start : numeral.end + (len(tail[0]) if tail else 0)]
        yield written, frozenset(value * scale for value in numeral.readings)
    for match in _WORDS.finditer(text):
        yield match[0], frozenset({Decimal(_spelt(match[0]))})


def _spelt(words: str) -> int:
    total = part = 0
    for word in re.split(r"[\s-]+", words.casefold()):
        if word in _VALUES:
            part += _VALUES[word]
        elif word == "hundred":
            part *= 100
        elif word in _SCALES:
            total, part = total + part * _SCALES[word], 0
    return total + part


def people(text: str, known: Iterable[str]) -> set[str]:
    """Which of the known people (`First Last`) a text names: in full, turned round, by one name."""
    found = set()
    for name in known:
        first, _, last = name.partition(" ")
        given, family = re.escape(first), re.escape(last)
        whole = rf"\b{given}\s+{family}\b|\b{family},?\s+{given}\b|\b{family}\b"
        forms = rf"(?i:{whole})|(?i:\b{given}\b)(?!\s+[A-Z][a-z])"
        if re.search(forms, text):
            found.add(name)
    return found
