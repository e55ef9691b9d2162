"""Numbers, dates, durations, directions, codes and people as running English text names them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache

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
_SCALES |= {"mn": 1_000_000, "mio": 1_000_000, "bn": 1_000_000_000, "billion": 1_000_000_000}
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
_TAIL = re.compile(r"\s?(k|m|mn|mio|bn)\b|[\s-](hundred|thousand|million|billion)\b", re.IGNORECASE)
_VALUE = "|".join(_VALUES)
_WORDS = re.compile(
    rf"\b(?:{_VALUE})(?:[\s-]+(?:and[\s-]+)?(?:{_VALUE}|hundred|thousand|million))*\b", re.IGNORECASE
)


@lru_cache(maxsize=1024)
def dates(text: str) -> tuple[tuple[tuple[str, frozenset[tuple[int, int, int | None]]], ...], str]:
    """Each date as written, with what it may mean (month, day, year or None); and the text without them."""
    found = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            if readings := _date_readings(match):
                found.append((match[0], readings))
                text = text[: match.start()] + "\0" * len(match[0]) + text[match.end() :]
    return tuple(found), text.replace("\0", " ")


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
        tail = _TAIL.match(text[numeral.end :])
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
        if _person(name).search(text):
            found.add(name)
    return found


@lru_cache(maxsize=20_000)
def _person(name: str) -> re.Pattern[str]:
    first, _, last = name.partition(" ")
    given, family = re.escape(first), re.escape(last)
    whole = rf"\b{given}\s+{family}\b|\b{family},?\s+{given}\b|\b{family}\b"
    return re.compile(rf"(?i:{whole})|(?i:\b{given}\b)(?!\s+[A-Z][a-z])")


_CODE = re.compile(r"(?<![\w.,])#?(?:[A-Z]{1,5}[-#/ ]?\d{4,}|[A-Z]{1,5}[-#/]\d{2,}|#\d{3,})(?:-[A-Z0-9]+)?\b")
_SHORT = r"hours?|hrs?|h|minutes?|mins?|min|days?|weeks?|fortnights?"
_PART = re.compile(
    rf"(?:(?<![\w.,])|(?<=\dh))(?P<n>\d+(?:[.,]\d+)?|half an?|an?|(?:{_VALUE})(?:[\s-](?:{_VALUE}))?)"
    rf"[\s-]?(?P<unit>{_SHORT})"
    r"(?=$|[^a-z]|\d)(?P<half>\s+and\s+a\s+half\b)?",
    re.IGNORECASE,
)
_MINUTES = {"h": 60, "m": 1, "d": 1440, "w": 10080, "f": 20160}
_SIGN = re.compile(r"(?P<up>[+▲↑⬆])\s?[€$£]?\d|(?<![\w.,)%-])(?P<down>[-−–](?=[€$£]?\d)|[▼↓⬇]\s?[€$£]?\d)")
_BESIDE = (
    r"(?=\s*(?:by|from|on|against|versus|vs|year|quarter|to|compared|slightly|sharply|in\sthe|"
    r"\(?[+€$£]?\d|\||$|[,.;:)]))"
)
_RISE = re.compile(
    r"\b(?:rose|rises?|risen|rising|grew|grows?|grown|growing|growth|increas\w+|climb\w*|gain(?:s|ed)?|"
    r"higher|jump\w*|went up|added)\b|\bup\b" + _BESIDE,
    re.IGNORECASE,
)
_FALL = re.compile(
    r"\b(?:fell|falls?|fallen|falling|drop(?:s|ped|ping)?|declin\w+|decreas\w+|lower(?:ed)?|shr[aiu]nk\w*|"
    r"reduc\w+|slip(?:s|ped|ping)?|dipp?(?:s|ed)?|sank|went down|lost|cut)\b|\bdown\b" + _BESIDE,
    re.IGNORECASE,
)


def codes(text: str) -> tuple[list[str], str]:
    """Order numbers and the like (`HB-482917`, `INC 20417`, `#5512`), and the text without them."""
    return _CODE.findall(text), _CODE.sub(lambda found: " " * len(found[0]), text)


def code(written: str) -> str:
    """A code's normal form: its letters and digits."""
    return re.sub(r"[\W_]", "", written).upper()


def durations(text: str) -> Iterator[tuple[str, str]]:
    """Each span of time as written and in minutes, parts in a row as one: `1 h 35 min` is `95`."""
    start, total, end = 0, Decimal(0), None
    for part in _PART.finditer(text):
        if end is not None and not re.fullmatch(r"[\s,]*(?:and)?\s*", text[end : part.start()]):
            yield text[start:end], f"{total.normalize():f}"
            end = None
        if end is None:
            start, total = part.start(), Decimal(0)
        total += _minutes(part)
        end = part.end()
    if end is not None:
        yield text[start:end], f"{total.normalize():f}"


def _minutes(part: re.Match[str]) -> Decimal:
    unit, word = part["unit"].casefold(), part["n"].casefold()
    if word[0].isdigit():
        number = Decimal(word.replace(",", "."))
    elif word.startswith("half"):
        number = Decimal("0.5")
    else:
        number = Decimal(1) if word in ("a", "an") else Decimal(_spelt(word))
    return (number + (Decimal("0.5") if part["half"] else 0)) * _MINUTES[unit[0]]


def directions(text: str) -> set[str]:
    """`up`, `down`: what a text says has risen or fallen, in words or by a sign before a number."""
    signs = list(_SIGN.finditer(text))
    up = _RISE.search(text) or any(sign["up"] for sign in signs)
    down = _FALL.search(text) or any(sign["down"] for sign in signs)
    return {name for name, met in (("up", up), ("down", down)) if met}
