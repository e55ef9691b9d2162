"""Numbers in English words: `twenty-one`, `one hundred and five`, `minus three thousand`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {word: n for n, word in enumerate(_ONES)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_LARGE = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_WORD = "|".join(sorted([*_SMALL, "hundred", *_LARGE], key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?:(?P<minus>minus|negative) )?(?P<words>(?:{_WORD})(?:(?:[- ]|,? and )(?:{_WORD}))*)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Worded:
    """A number in words and where it stands."""

    value: int
    start: int
    end: int


def read(text: str) -> Worded | None:
    """The number in words that a text starts with, signs and decoration aside; None = it starts otherwise."""
    start = len(text) - len(text.lstrip(" *_`\"'“$("))
    found = _NUMBER.match(text, start)
    if found is None:
        return None
    value = _value(re.findall(_WORD, found["words"].lower()))
    if value is None:
        return None
    return Worded(-value if found["minus"] else value, found.start(), found.end())


def _value(words: list[str]) -> int | None:
    """None where the words make no number, as in `five six`."""
    total, group, room = 0, 0, 10**3
    for word in words:
        if word in _LARGE:
            total, group, room = total + max(group, 1) * _LARGE[word], 0, 10**3
        elif word == "hundred":
            group, room = max(group, 1) * 100, 100
        else:
            value = _SMALL[word]
            if value >= room or (room == 10 and value == 0):
                return None
            group += value
            room = 10 if value >= 20 else 1
    return total + group
