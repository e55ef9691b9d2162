"""Normal forms of extracted values: equal values become equal strings, whatever their notation.

Each function takes a JSON value and gives its normal form, or None where the value cannot be read as
that type. `TYPES` names them as task cards do. Dates stand in `time_forms`, durations in
`duration_forms`, people, companies and their addresses in `party_forms`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from whichmodel.domain import Json
from whichmodel.scoring import duration_forms, party_forms, time_forms

_LARGEST_EXPONENT = 18
"""Amounts and numbers beyond 10**18, or finer than 10**-18, are noise."""

_MOST_LETTERS = 200
"""Characters of a value that can be a number; more are prose."""
_CURRENCY = re.compile(
    r"(?<![a-z])(?:EUR|USD|GBP|CHF|MYR|RM|SEK|NOK|DKK|PLN|CZK|JPY|CAD|AUD|SGD|INR|IDR|Rp"
    r"|euros?|dollars?|kr|zł|kč|fr)(?![a-z])\.?"
    r"|(?<![a-z])(?:US|CA|HK|NZ|A|C|R|S)?\$|[€£¥₹₩₺₽]",
    re.IGNORECASE,
)
_GROUPING_SPACE = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")
_NO_CENTS = re.compile(r"(?<=\d)[.,][-–—]{1,2}$")
"""`60,-`: sixty and no cents."""
_AMOUNT = re.compile(r"\d[\d.,]*|[.,]\d+")
_PERCENT = re.compile(r"%|per ?cent|percent|prozent|pour ?cent|por ciento|v\.? ?h\.?", re.IGNORECASE)
_YES = frozenset({"true", "yes", "y", "ja", "oui", "sí", "si", "sì", "1", "x", "✓"})
_NO = frozenset({"false", "no", "n", "nein", "non", "0"})


def text(value: Json) -> str | None:
    """Words as written but for case, runs of white space and punctuation at the ends."""
    if not isinstance(value, str):
        return None
    folded = unicodedata.normalize("NFKC", value).casefold()
    return " ".join(folded.split()).strip(" .,;:'\"") or None


def passage(value: Json) -> str | None:
    """Words of letters and digits in small letters: what is compared by its share of words (`field_rows`)."""
    if not isinstance(value, str):
        return None
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", value).casefold())) or None


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
    if isinstance(value, str) and len(value) <= _MOST_LETTERS:
        return _amount(value.replace("%", ""), thousands=False)
    return _decimal(value)


def money(value: Json) -> str | None:
    """An amount without its currency: `1.234,50 EUR`, `$1,234.5` and 1234.5 are `1234.5`.

    Of a dot and a comma the later one is the decimal sign. A lone sign before exactly three digits
    groups thousands, as amounts have at most two decimals. Brackets or a minus on either side negate.
    """
    if isinstance(value, str) and len(value) <= _MOST_LETTERS:
        return _amount(_CURRENCY.sub("", value), thousands=True)
    return _decimal(value)


def percent(value: Json) -> str | None:
    """A plain decimal, 19 for 19 %: `19%`, `19,0 percent` and 19 are `19`; 0.19 is 0.19 %."""
    if isinstance(value, str) and len(value) <= _MOST_LETTERS:
        return _amount(_PERCENT.sub("", value), thousands=False)
    return _decimal(value)


def boolean(value: Json) -> str | None:
    """`true` or `false`: JSON's own, 1 and 0, and yes and no in a few languages."""
    if isinstance(value, bool | int | Decimal):
        return {0: "false", 1: "true"}.get(int(value)) if value == int(value) else None
    word = text(value)
    if word in _YES:
        return "true"
    return "false" if word in _NO else None


TYPES: Mapping[str, Callable[[Json], str | None]] = {
    "text": text,
    "passage": passage,
    "name": name,
    "person": party_forms.person,
    "company": party_forms.company,
    "address": party_forms.address,
    "phone": party_forms.phone,
    "email": party_forms.email,
    "url": party_forms.url,
    "id": identifier,
    "number": number,
    "money": money,
    "percent": percent,
    "boolean": boolean,
    "date": time_forms.iso_date,
    "day-first-date": time_forms.day_first_date,
    "month-first-date": time_forms.month_first_date,
    "month": time_forms.month,
    "duration": duration_forms.duration,
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
    plain = _NO_CENTS.sub("", plain)
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
