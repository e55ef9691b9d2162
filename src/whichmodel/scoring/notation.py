"""One number, in the notations people and models write it in.

Thousands are grouped by commas, apostrophes, underscores, spaces or, with a decimal comma, dots. `1,234`
is 1234 and `1.234` is 1.234, as the prompts are English; `1,5` and `1.234,50` leave no choice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from whichmodel.scoring import number_words

_CURRENCY = r"(?:US|CA|AU|NZ|HK|[AC])?[$]|[€£¥₹]|(?:EUR|USD|GBP|CHF|JPY|INR|CAD|AUD|Rs)\b\.?"
_SIGN = r"[-−–+]"
_LEAD = rf"(?:{_SIGN}[ ]?)?(?:{_CURRENCY})?[ ]?(?:{_SIGN})?"
_INDIAN = r"\d{1,2}(?:,\d{2})+,\d{3}(?!\d)"
_ENGLISH = (
    rf"(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|{_INDIAN}|\d{{1,3}}(?:['’_]\d{{3}})+(?!\d)|\d+)(?:\.\d+)?"
    r"|(?<!\.)\.\d+"
)
_EUROPEAN = (
    r"\d{1,3}(?:\.\d{3})+,\d+(?!,?\d)|\d{1,3}(?:\.\d{3}){2,}(?![.,]?\d)|\d+,(?:\d{1,2}|\d{4,})(?![\d,])"
)
_SPACED = r"\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?:[.,]\d+)?(?![\d,.]*\d)"
_FRACTION = r"(?:\d+[ ]+)?\d+[ ]?[/⁄][ ]?\d+(?![\d/])"
_POWER = r"(?:[eE][+-]?\d+|[ ]?[×x*·][ ]?10(?:\^|\*\*)[{(]?[-−+]?\d+[)}]?|[ ]?[×x*·][ ]?10[⁻⁺]?[⁰¹²³⁴-⁹]+)"
_VULGAR = "".join(chr(code) for code in (*range(0xBC, 0xBF), *range(0x2150, 0x215F)))

RUNNING = re.compile(rf"(?<!\w)(?<!\d\.)(?P<lead>{_LEAD})(?P<body>{_ENGLISH})(?P<power>{_POWER})?")
"""A number in running text: English and no fraction, as signs there belong to the sentence or the sum."""
ALONE = re.compile(
    rf"(?P<lead>{_LEAD})(?P<body>{_FRACTION}|{_SPACED}|{_EUROPEAN}|{_ENGLISH})(?P<power>{_POWER})?"
)
"""A number that stands where the answer is asked for: every notation."""
_LONGEST = 40
"""Characters of a number that is an answer; a longer run of digits is noise."""
_LARGEST_POWER = 300
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}


@dataclass(frozen=True, slots=True)
class Number:
    """A number read from a text."""

    value: Fraction
    start: int
    end: int
    percent: bool = False
    """A percent sign stands behind it; `value` is the number as written."""


def alone(text: str) -> Number | None:
    """The first number of a text, in digits or, at its start, in words. None = it has none."""
    text = _whole(text)
    found = ALONE.search(text)
    worded = number_words.read(text)
    if worded is not None and (found is None or worded.end <= found.start()):
        return Number(Fraction(worded.value), worded.start, worded.end, _percent(text, worded.end))
    return _number(found, text) if found else None


def last(text: str) -> Number | None:
    """The last number in running text; None = there is none, or it is noise."""
    found = list(RUNNING.finditer(text))
    return _number(found[-1], text) if found else None


def plain(value: Fraction) -> str:
    """18, 18.0 and 36/2 are the same string; what has no end as a decimal stays a fraction."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1 or value.denominator > 10**_LONGEST:
        return str(value)
    digits = Decimal(value.numerator) / Decimal(value.denominator)
    return format(digits.normalize() + 0, "f")


def _number(found: re.Match[str], text: str) -> Number | None:
    if len(found[0]) > _LONGEST:
        return None
    value = _body(found["body"])
    power = _exponent(found["power"])
    if value is None or abs(power) > _LARGEST_POWER:
        return None
    scaled = re.match(r"[ ](thousand|million|billion|trillion)\b", text[found.end() :], re.IGNORECASE)
    power += _SCALES[scaled[1].lower()] if scaled else 0
    negative = sum(found["lead"].count(sign) for sign in "-−–") % 2
    value *= Fraction(10) ** power * (-1 if negative else 1)
    return Number(value, found.start(), found.end(), _percent(text, found.end()))


def _body(written: str) -> Fraction | None:
    if "/" in written or "⁄" in written:
        *whole, above, below = re.findall(r"\d+", written)
        if int(below) == 0:
            return None
        return Fraction(int(above), int(below)) + (int(whole[0]) if whole else 0)
    digits = re.sub(r"['’_\s\u00a0\u202f\u2009]", "", written)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}", digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d+,\d+", digits) and not re.fullmatch(r"\d{1,3},\d{3}", digits):
        digits = digits.replace(",", ".")
    return Fraction(digits.replace(",", ""))


def _exponent(written: str | None) -> int:
    if not written:
        return 0
    raised = re.sub(r"^.*10(?:\^|\*\*)?", "", written.translate(_RAISED)) if "10" in written else written[1:]
    return int(raised.strip("{}()").replace("−", "-"))


def _percent(text: str, end: int) -> bool:
    return re.match(r"[ ]?(?:%|percent\b|per cent\b|pct\b)", text[end:]) is not None


def _whole(text: str) -> str:
    """Vulgar fractions written out: `1½` is `1 1/2`."""
    return re.sub(f"[{_VULGAR}]", lambda sign: f" {_written_out(sign[0])}", text)


def _written_out(sign: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFKC", sign).replace("⁄", "/")
