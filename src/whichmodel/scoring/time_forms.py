"""Normal forms of dates and months, in the notations of English and its neighbours.

A date is `2024-03-09`, a month `2024-03` or, where no month is given, `2024`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from whichmodel.domain import Json

_MOST_LETTERS = 300
"""Characters of a value that can be a date; more are prose."""
_MONTHS = (
    "january januar janvier enero gennaio januari janeiro",
    "february februar fevrier febrero febbraio februari fevereiro",
    "march marz maerz mars marzo maart marco",
    "april avril abril aprile",
    "may mai mayo maggio mei maio",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august aout agosto augustus",
    "september septembre septiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember decembre diciembre dicembre dezembro",
)
"""Names without accents, in English, German, French, Spanish, Italian, Dutch and Portuguese."""
_LETTERS = r"[^\W\d_]{3,10}"
_TIME = r"(?:[T ,]+\d{1,2}:\d{2}.*)?"
_ISO_DATE = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}")
_COMPACT_DATE = re.compile(r"(20\d{2})(\d{2})(\d{2})")
_COMPACT_DAY_FIRST = re.compile(r"(\d{2})(\d{2})(20\d{2})")
_NUMERIC_DATE = re.compile(rf"(\d{{1,2}})[-/. ](\d{{1,2}})[-/. ](\d{{4}}|\d{{2}}){_TIME}")
_DAY_MONTH = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th|er|º|ª)?[-/. ]*(?:of |de |di )?({_LETTERS})[-/., ]*(?:de |of )?"
    rf"(\d{{4}}|\d{{2}}){_TIME}",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(rf"({_LETTERS})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}}){_TIME}", re.IGNORECASE)
_WEEKDAY = re.compile(r"[^\W\d_]{2,10}[.,]? (?:the |le |den |el )?", re.IGNORECASE)
_ISO_MONTH = re.compile(r"(\d{4})[-/. ](\d{1,2})")
_NUMERIC_MONTH = re.compile(r"(\d{1,2})[-/. ](\d{4}|\d{2})")
_NAMED_MONTH = re.compile(rf"({_LETTERS})[-/., ]*(?:de |of )?['’]?(\d{{4}}|\d{{2}})", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d{2}")


def iso_date(value: Json) -> str | None:
    """`2024-03-09`; other notations only where they leave no choice of day and month."""
    return _date(value)


def day_first_date(value: Json) -> str | None:
    """As `iso_date`, but 03/04/2018 is the third of April, and 03/04/18 is in 2018."""
    return _date(value, day_first=True)


def month_first_date(value: Json) -> str | None:
    """As `iso_date`, but 03/04/2018 is the fourth of March, and 03/04/18 is in 2018."""
    return _date(value, month_first=True)


def month(value: Json) -> str | None:
    """`2021-03` of `March 2021`, `03/2021` or a whole date; `2021` where only the year is given."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    plain = written(value)
    if plain is None:
        return None
    if _YEAR.fullmatch(plain):
        return plain
    if found := _ISO_MONTH.fullmatch(plain):
        return _year_month(int(found[1]), int(found[2]))
    if found := _NUMERIC_MONTH.fullmatch(plain):
        return _year_month(_year(found[2]), int(found[1]))
    if found := _NAMED_MONTH.fullmatch(plain):
        return _year_month(_year(found[2]), _month(found[1]))
    whole = _date(value, day_first=True)
    return whole[:7] if whole else None


def written(value: Json) -> str | None:
    """A short text without runs of white space and outer punctuation; None = it is none."""
    if not isinstance(value, str) or len(value) > _MOST_LETTERS:
        return None
    return " ".join(value.split()).strip(" .,()")


def _date(value: Json, *, day_first: bool = False, month_first: bool = False) -> str | None:
    plain = written(value)
    if plain is None:
        return None
    order = "day" if day_first else "month" if month_first else ""
    read = _plain_date(plain, order)
    weekday = None if read else _WEEKDAY.match(plain)
    return _plain_date(plain[weekday.end() :], order) if weekday else read


def _plain_date(written: str, first: str) -> str | None:
    """first: which of day and month stands first in numbers; "" = not known."""
    if found := _COMPACT_DATE.fullmatch(written):
        return _iso(int(found[1]), int(found[2]), int(found[3])) or _compact_day_first(written, first)
    if found := _COMPACT_DAY_FIRST.fullmatch(written):
        return _compact_day_first(written, first)
    if found := _ISO_DATE.fullmatch(written):
        return _iso(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_MONTH.fullmatch(written):
        return _iso(_year(found[3]), _month(found[2]), int(found[1]))
    if found := _MONTH_DAY.fullmatch(written):
        return _iso(_year(found[3]), _month(found[1]), int(found[2]))
    if found := _NUMERIC_DATE.fullmatch(written):
        return _numeric(int(found[1]), int(found[2]), _year(found[3]), first)
    return None


def _numeric(one: int, two: int, year: int, first: str) -> str | None:
    """A date of three numbers, where it is clear or said which of the first two is the month."""
    if two > 12 or (first == "month" and one <= 12):
        return _iso(year, one, two)
    return _iso(year, two, one) if first == "day" or one > 12 or one == two else None


def _compact_day_first(digits: str, first: str) -> str | None:
    """`25032018`, where the day is known to stand first."""
    found = _COMPACT_DAY_FIRST.fullmatch(digits) if first == "day" else None
    return _iso(int(found[3]), int(found[2]), int(found[1])) if found else None


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _month(word: str) -> int:
    """The month that a name or its beginning means; 0 = none, or more than one."""
    short = folded(word)
    meant = {n for n, names in enumerate(_MONTHS, 1) if any(m.startswith(short) for m in names.split())}
    return meant.pop() if len(meant) == 1 else 0


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _year_month(year: int, month: int) -> str | None:
    return f"{year:04d}-{month:02d}" if 1 <= month <= 12 and 1900 <= year < 2100 else None


def folded(text: str) -> str:
    """A text without case and accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(c))
