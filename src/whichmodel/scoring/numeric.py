"""Numeric answers: the number after a marker equals the target.

A prompt asks for `#### <number>`. Many models answer rightly without the marker, so a number in a box, one
behind "the answer is" or the last one of the text is read instead, in this order: such an answer is
`parsed=False` yet scored, which keeps the ranking true to ability and the unparsed share in sight.
`fallback: none` turns this off.

Notations are those of `notation`, with LaTeX made plain; units before and behind do not count. A range
(`10-15`) is no number, and where a marker ends the text no other number is taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import latex, notation, stated
from whichmodel.scoring.reading import spoken

_FALLBACKS = ("last-number", "none")
_PERCENT = ("as-written", "share")
_TOLERANCES = ("absolute", "relative", "decimals")

_WORDY = 4
"""Letters of a marker from which on its case does not matter."""
_SHORT = 25
"""Characters of an answer that is a number and its unit."""
_LEADING_WORDS = re.compile(
    r"(?:the|final|answer|result|total|is|are|equals|about|approximately|approx|roughly|around|between|from|minus|negative"
    r"|usd|eur|gbp|chf|jpy|inr|cad|aud|rs|us|[a-z](?= ?[=≈]))(?!\w)",
    re.IGNORECASE,
)
"""Words that may stand between a marker and its number."""
_SUM = re.compile(r"^[^A-Za-z=≈]*(?:\b[A-Za-z]\b[^A-Za-z=≈]*)*[=≈]")
"""A sum or a variable before its result: `12 x 3 = 36`, `x = 36`."""
_MORE = re.compile(r"[ ]?(?:[-−–—~]|to|\.\.)[ ]?[$€£]?\d|/\d|\^|\*\*\d")
"""What makes a number a part of something else: a range, a date, a power."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How a number is read and compared; the card's options."""

    marker: str
    fallback: str
    share: bool
    """50% is read as 0.5."""
    tolerances: Mapping[str, Fraction]


def score(answer: Answer, item: Item, options: Mapping[str, Json]) -> Verdict:
    """1 when the answer's number equals the target, else 0.

    options: `marker`, the text before the number ("####"); `fallback`, "last-number" or "none"; `percent`,
    "as-written" (50% is 50) or "share" (50% is 0.5); `absolute`, `relative` (to the target), `decimals`
    (both rounded): each a distance that is forgiven. Of several markers the last counts, and of its line the
    first number, or the one behind a sum's `=`. Raises ScoringFailed where the target is no number or an
    option cannot be used.
    """
    rules, target = _rules(options, item), _target(item)
    text = spoken(answer.text)
    found, closed = _marked(text, rules.marker)
    parsed = found is not None
    place = rules.marker
    if not closed and rules.fallback == "last-number":
        found, place = _unmarked(text)
    value = None if found is None else found.value / 100 if found.percent and rules.share else found.value
    right = value is not None and _near(value, target, rules.tolerances)
    read = None if value is None else notation.plain(value)
    return Verdict(
        score=float(right),
        parsed=parsed,
        answer_norm=read or "",
        detail={
            "read": read,
            "read_from": None if read is None else place,
            "explanation": _explain(read, place, right, notation.plain(target), parsed=parsed),
        },
    )


def _rules(options: Mapping[str, Json], item: Item) -> Rules:
    fallback, percent = options.get("fallback", "last-number"), options.get("percent", "as-written")
    for name, given, known in (("fallback", fallback, _FALLBACKS), ("percent", percent, _PERCENT)):
        if given not in known:
            raise ScoringFailed(
                f"The numeric scorer has no {name} '{given}'.",
                where=item.id,
                remedy=f"Known: {', '.join(known)}.",
            )
    tolerances = {name: Fraction(str(options[name])) for name in _TOLERANCES if name in options}
    return Rules(str(options.get("marker", "####")), fallback, percent == "share", tolerances)


def _target(item: Item) -> Fraction:
    found = notation.alone(str(item.target)) if re.match(r"[\s\W]*\d", str(item.target)) else None
    if found is None:
        raise ScoringFailed(
            f"The target {item.target!r} is no number.",
            where=item.id,
            remedy="Write the item's target as a number.",
        )
    return found.value


def _marked(text: str, marker: str) -> tuple[notation.Number | None, bool]:
    """The number behind the last marker, and whether no other may be read.

    None may where one is there already, or where nothing follows the marker.
    """
    any_case = re.IGNORECASE if len(marker) >= _WORDY else 0
    marks = list(re.finditer(re.escape(marker), text, any_case)) if marker else []
    if not marks:
        return None, False
    line, _, after = text[marks[-1].end() :].lstrip().partition("\n")
    found, closed = _behind(line)
    return found, not after.strip() if closed is None else closed


def _behind(line: str) -> tuple[notation.Number | None, bool | None]:
    """The number that a line behind a marker gives, and whether no other may be read; None = it has none."""
    plain = latex.plain(line)
    if summed := _SUM.match(plain):
        while further := _SUM.match(plain[summed.end() :]):
            plain, summed = plain[summed.end() :], further
        plain = plain[summed.end() :]
    found = notation.alone(plain)
    if found is None:
        return None, None
    before = plain[: found.start]
    if re.search(r"\w", _LEADING_WORDS.sub("", before)):
        return None, False
    if _MORE.match(plain[found.end :]) or "between" in before:
        return None, True
    if re.search(r"\b(?:minus|negative)\W*$", before, re.IGNORECASE):
        found = notation.Number(-found.value, found.start, found.end, found.percent)
    return found, True


def _unmarked(text: str) -> tuple[notation.Number | None, str]:
    """The number in a box, behind "the answer is", or that is a short answer, else the last; and where."""
    if box := latex.boxed(text):
        return notation.alone(latex.plain(box.inner)), "box"
    if (line := stated.announced(text)) is not None:
        found, closed = _behind(line.strip())
        if closed:
            return found, "answer"
    text = latex.plain(text).strip()
    if len(text) <= _SHORT and "\n" not in text and re.match(r"\W*\d", text):
        return notation.alone(text), "whole"
    return notation.last(text), "last-number"


def _near(value: Fraction, target: Fraction, tolerances: Mapping[str, Fraction]) -> bool:
    apart = abs(value - target)
    if apart == 0:
        return True
    return (
        apart <= tolerances.get("absolute", 0)
        or apart <= tolerances.get("relative", 0) * abs(target)
        or ("decimals" in tolerances and _rounded(value, tolerances) == _rounded(target, tolerances))
    )


def _rounded(value: Fraction, tolerances: Mapping[str, Fraction]) -> int:
    """Half away from zero, as prices are rounded, in units of the last decimal kept."""
    scaled = abs(value) * 10 ** int(tolerances["decimals"])
    whole = int(scaled + Fraction(1, 2))
    return -whole if value < 0 else whole


_PLACES = {
    "box": "in a box",
    "answer": "as the answer that is announced",
    "whole": "as the whole answer",
    "last-number": "as the last number",
}


def _explain(read: str | None, place: str, right: bool, target: str, *, parsed: bool) -> str:
    if read is None:
        return "no number could be read"
    where = f"after {place}" if parsed else f"{_PLACES[place]}, the asked marker being absent"
    return f"{read}, read {where}, {'equals' if right else 'differs from'} the target {target}"
