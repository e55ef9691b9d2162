"""Normal form of durations: a sum of months, days, business days and hours.

A year is `12 months`, two weeks are `14 days`; months are not days, nor are business days.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from whichmodel.domain import Json
from whichmodel.scoring.time_forms import folded, written

_UNITS: Mapping[str, tuple[str, int]] = {
    word: (unit, factor)
    for words, unit, factor in (
        ("hour hours hr hrs h stunde stunden heure heures hora horas", "hours", 1),
        ("day days tag tage tagen jour jours dia dias giorno giorni", "days", 1),
        ("week weeks woche wochen semaine semaines semana semanas settimana settimane", "days", 7),
        ("fortnight fortnights", "days", 14),
        ("month months mo mos monat monate monaten mois mes meses mese mesi", "months", 1),
        ("quarter quarters quartal quartale trimestre trimestres", "months", 3),
        ("year years yr yrs jahr jahre jahren an ans annee annees ano anos anno anni", "months", 12),
    )
    for word in words.split()
}
_COUNTS: Mapping[str, int] = {
    word: count
    for count, words in {
        1: "one a an ein eine einem einen einer un une uno una",
        2: "two zwei deux dos due",
        3: "three drei trois tres tre",
        4: "four vier quatre cuatro quattro",
        5: "five funf fuenf cinq cinco cinque",
        6: "six sechs seis sei",
        7: "seven sieben sept siete sette",
        8: "eight acht huit ocho otto",
        9: "nine neun neuf nueve nove",
        10: "ten zehn dix diez dieci",
        12: "twelve zwolf zwoelf douze doce dodici",
        14: "fourteen vierzehn quatorze catorce quattordici",
        15: "fifteen funfzehn quinze quince quindici",
        18: "eighteen achtzehn dix-huit dieciocho diciotto",
        20: "twenty zwanzig vingt veinte venti",
        21: "twenty-one einundzwanzig",
        24: "twenty-four vierundzwanzig vingt-quatre veinticuatro",
        28: "twenty-eight achtundzwanzig",
        30: "thirty dreissig trente treinta trenta",
        36: "thirty-six sechsunddreissig trente-six",
        45: "forty-five funfundvierzig",
        48: "forty-eight achtundvierzig",
        60: "sixty sechzig soixante sesenta sessanta",
        90: "ninety neunzig noventa novanta",
    }.items()
    for word in words.split()
}
_ISO_DURATION = re.compile(
    r"p(?:(\d{1,4})y)?(?:(\d{1,4})m)?(?:(\d{1,4})w)?(?:(\d{1,5})d)?(?:t(?:(\d{1,5})h)?(?:0+[ms])*)?"
)
_BRACKETED = re.compile(r"\b[a-z]+(?:-[a-z]+)?\s*\((\d{1,4})\)")
"""`thirty (30)`: the figure counts."""
_HYPHEN = re.compile(r"-(?=(?:hour|day|week|month|quarter|year|business|working|calendar)s?\b)")
"""`six-month`, unlike `twenty-four`."""
_COUNTED = re.compile(
    r"(?P<count>\d{1,4}(?:[.,]5)?|[a-z]+(?:-[a-z]+)?)[ -]*"
    r"(?P<business>(?:business|working|werk|arbeits|bank|calendar|kalender)[ -]?)?(?P<unit>[a-z]+)"
    r"(?P<open> (?:ouvres|ouvrables|habiles|lavorativi)\b)?"
)
_JOINT = re.compile(r"(?:,| and| und| et| y| e)* *")


def duration(value: Json) -> str | None:
    """`30 days` of `P30D`, `thirty (30) days` or `30 days' written notice`; a year is `12 months`.

    A number without its unit is no duration, nor is a text with a second number that belongs to none.
    """
    plain = written(value)
    if plain is None:
        return None
    text = folded(plain).replace("’", "'")
    if found := _ISO_DURATION.fullmatch(text):
        years, months, weeks, days, hours = (int(part or 0) for part in found.groups())
        return _sum(Counter({"months": 12 * years + months, "days": 7 * weeks + days, "hours": hours}))
    return _counted(_HYPHEN.sub(" ", _BRACKETED.sub(r"\1", text)))


def _counted(text: str) -> str | None:
    """The first run of counted units, such as `1 year and 6 months`."""
    total: Counter[str] = Counter()
    start, position = 0, 0
    while found := _next_count(text, position, anywhere=not total):
        match, unit, halves = found
        start = start if total else match.start()
        if halves % 2:
            return None
        total[unit] += halves // 2
        position = match.end()
        joint = _JOINT.match(text, position)
        position = joint.end() if joint else position
    if re.search(r"\d", text[:start] + text[position:]):
        return None
    return _sum(total)


def _next_count(text: str, position: int, *, anywhere: bool) -> tuple[re.Match[str], str, int] | None:
    """A counted unit at a position, or the first behind it: the match, its unit, its count in halves."""
    while match := (_COUNTED.search if anywhere else _COUNTED.match)(text, position):
        word, kind = match["count"], match["business"] or ""
        unit, factor = _UNITS.get(match["unit"], ("", 0))
        count = _COUNTS[word] * 2 if word in _COUNTS else _halves(word)
        if unit and count:
            open_days = bool(match["open"]) or kind.startswith(("b", "w", "a"))
            return match, "business days" if unit == "days" and open_days else unit, count * factor
        if not anywhere:
            return None
        position = match.start() + max(1, len(word))
    return None


def _halves(digits: str) -> int:
    if not digits[0].isdigit():
        return 0
    return round(2 * float(digits.replace(",", ".")))


def _sum(parts: Counter[str]) -> str | None:
    named = [f"{parts[unit]} {unit}" for unit in ("months", "days", "business days", "hours") if parts[unit]]
    return " ".join(named) or None
