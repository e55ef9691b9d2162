"""Normal forms of extracted values: equal values become equal strings, whatever their notation.

Each function takes a JSON value and gives its normal form, or None where the value cannot be read as
that type. `TYPES` names them as task cards do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from whichmodel.domain import Json

_LARGEST_EXPONENT = 18
"""Amounts and numbers beyond 10**18, or finer than 10**-18, are noise."""

_CURRENCY = re.compile(
    r"(?<![a-z])(?:EUR|USD|GBP|CHF|MYR|RM|SEK|NOK|DKK|PLN|CZK|JPY|CAD|AUD|SGD|INR|kr|zł|kč|fr)(?![a-z])\.?"
    r"|(?<![a-z])(?:US|CA|HK|NZ|A|C|R|S)?\$|[€£¥₹]",
    re.IGNORECASE,
)
_GROUPING_SPACE = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")
_AMOUNT = re.compile(r"\d[\d.,]*|[.,]\d+")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = r"(?:[T ,]+\d{1,2}:\d{2}.*)?"
_ISO_DATE = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}")
_COMPACT_DATE = re.compile(r"(20\d{2})(\d{2})(\d{2})")
_NUMERIC_DATE = re.compile(rf"(\d{{1,2}})[-/. ](\d{{1,2}})[-/. ](\d{{4}}|\d{{2}}){_TIME}")
_DAY_MONTH = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?[-/. ]*(?:of )?([a-z]{{3,9}})[-/., ]*(\d{{4}}|\d{{2}}){_TIME}",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(rf"([a-z]{{3,9}})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}}){_TIME}", re.IGNORECASE)


def text(value: Json) -> str | None:
    """Words as written but for case, runs of white space and punctuation at the ends."""
    if not isinstance(value, str):
        return None
    folded = unicodedata.normalize("NFKC", value).casefold()
    return " ".join(folded.split()).strip(" .,;:'\"") or None


def name(value: Json) -> str | None:
    """Letters and digits alone, without accents; `&` is `and`: `J. Doe & Co.` is `j doe and co`."""
    if not isinstance(value, str):
        return None
    folded = unicodedata.normalize("NFKD", value.replace("&", " and ")).casefold()
    return "".join(character for character in folded if character.isalnum()) or None


def identifier(value: Json) -> str | None:
    """Upper case without white space or a leading `#`; a whole JSON number is read as its digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        return None
    return "".join(value.split()).lstrip("#").rstrip(".").upper() or None


def number(value: Json) -> str | None:
    """A plain decimal: `1,5` and 1.50 are `1.5`; a percent sign is dropped."""
    if isinstance(value, str):
        return _amount(value.replace("%", ""), thousands=False)
    return _decimal(value)


def money(value: Json) -> str | None:
    """An amount without its currency: `1.234,50 EUR`, `$1,234.5` and 1234.5 are `1234.5`.

    Of a dot and a comma the later one is the decimal sign. A lone sign before exactly three digits
    groups thousands, as amounts have at most two decimals. Brackets or a minus on either side negate.
    """
    if isinstance(value, str):
        return _amount(_CURRENCY.sub("", value), thousands=True)
    return _decimal(value)


def iso_date(value: Json) -> str | None:
    """`2024-03-09`; other notations only where they leave no choice of day and month."""
    return _date(value, day_first=False)


def day_first_date(value: Json) -> str | None:
    """As `iso_date`, but 03/04/2018 is the third of April, and 03/04/18 is in 2018."""
    return _date(value, day_first=True)


TYPES: Mapping[str, Callable[[Json], str | None]] = {
    "text": text,
    "name": name,
    "address": name,
    "id": identifier,
    "number": number,
    "money": money,
    "date": iso_date,
    "day-first-date": day_first_date,
}


def _decimal(value: Json) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite() or abs(exact.adjusted()) > _LARGEST_EXPONENT:
        return None
    return format(exact.normalize() + 0, "f")


def _amount(written: str, *, thousands: bool) -> str | None:
    plain = _GROUPING_SPACE.sub("", written).replace("−", "-").strip()
    negative = plain.startswith(("-", "(")) or plain.endswith("-")
    digits = plain.strip("-+() ")
    if not _AMOUNT.fullmatch(digits):
        return None
    pointed = _decimal_point(digits.rstrip(".,"), thousands=thousands)
    try:
        return _decimal(Decimal(f"-{pointed}" if negative else pointed))
    except InvalidOperation:
        return None


def _decimal_point(digits: str, *, thousands: bool) -> str:
    """Digits with a dot as the only sign; what cannot be an amount stays unreadable."""
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return digits
    sign = digits[last]
    other = "," if sign == "." else "."
    whole, fraction = digits[:last], digits[last + 1 :]
    grouped = digits.count(sign) > 1
    lone = other not in digits and not grouped
    if grouped or (thousands and lone and len(fraction) == 3 and whole.strip("0")):
        return digits.replace(sign, "") if _groups(digits.split(sign)) else digits + "?"
    if lone:
        return f"{whole}.{fraction}"
    return f"{whole.replace(other, '')}.{fraction}" if _groups(whole.split(other)) else digits + "?"


def _groups(parts: list[str]) -> bool:
    return 1 <= len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:])


def _date(value: Json, *, day_first: bool) -> str | None:
    if not isinstance(value, str):
        return None
    written = " ".join(value.split()).strip(" .,()")
    if found := _COMPACT_DATE.fullmatch(written):
        year, month, day = found.groups()
        return _iso(int(year), int(month), int(day))
    if found := _ISO_DATE.fullmatch(written):
        return _iso(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_MONTH.fullmatch(written):
        return _iso(_year(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_DAY.fullmatch(written):
        return _iso(_year(found[3]), _month(found[1]), int(found[2]))
    if found := _NUMERIC_DATE.fullmatch(written):
        first, second, year = int(found[1]), int(found[2]), _year(found[3])
        if second > 12:
            return _iso(year, first, second)
        return _iso(year, second, first) if day_first or first > 12 or first == second else None
    return None


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _month(word: str) -> int:
    short = word[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
