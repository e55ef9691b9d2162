"""Slips in single values: a misread digit, a wrong day, a letter lost."""

from __future__ import annotations

import re
from random import Random

NUMBER = re.compile(r"(?<![\w.])-?\d+(?:[.,]\d+)*(?!\w)")
DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


def number(text: str, chance: Random) -> str:
    """A nearby number, written as the given one: same sign, same separators, one digit off."""
    places = [index for index, sign in enumerate(text) if sign.isdecimal()]
    if not places:
        return text
    place = chance.choice(places[-3:])
    digit = int(text[place])
    leading = place == places[0] and len(places) > 1
    choices = [d for d in range(1 if leading else 0, 10) if d != digit and abs(d - digit) <= 2]
    return f"{text[:place]}{chance.choice(choices)}{text[place + 1 :]}"


def date(text: str, chance: Random) -> str:
    """An ISO date with the day moved, or day and month mixed up where both readings exist."""
    found = DATE.search(text)
    if found is None:
        return text
    year, month, day = found.groups()
    if int(day) <= 12 and day != month and chance.random() < 0.5:
        month, day = day, month
    else:
        day = f"{int(day) % 28 + 1:02d}"
    return f"{text[: found.start()]}{year}-{month}-{day}{text[found.end() :]}"


def string(text: str, chance: Random) -> str:
    """A misread string: date, digit, lost word or lost letter, whichever it has."""
    if DATE.search(text):
        return date(text, chance)
    digits = [index for index, sign in enumerate(text) if sign.isdecimal()]
    if digits and chance.random() < 0.7:
        return number(text, chance)
    words = text.split(" ")
    if len(words) > 1:
        lost = chance.randrange(len(words))
        return " ".join(word for index, word in enumerate(words) if index != lost)
    if len(text) > 2:
        lost = chance.randrange(1, len(text))
        return text[:lost] + text[lost + 1 :]
    return "unknown"


def number_in(text: str, chance: Random, *, start: int = 0) -> str:
    """A text with one of its numbers changed; the text itself where it has none."""
    found = [match for match in NUMBER.finditer(text) if match.start() >= start]
    if not found:
        return text
    match = chance.choice(found)
    return text[: match.start()] + number(match.group(), chance) + text[match.end() :]
