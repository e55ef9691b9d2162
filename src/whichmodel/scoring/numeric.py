"""Numeric answers: the number after a marker equals the target.

A prompt asks for `#### <number>`. Many models answer rightly without the marker, so the last number
of the text is read instead: such an answer is `parsed=False` yet scored, which keeps the ranking true
to ability and the unparsed share in sight. `fallback: none` turns this off.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring.reading import spoken

NUMBER = (
    r"(?<!\w)(?<!\d\.)[-−]?[ ]?[$€£]?[ ]?[-−]?"
    r"(?:(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|(?<!\.)\.\d+)"
)
"""A sign, a currency, digits with or without thousands commas, a fraction; at least one digit."""

_NUMBER = re.compile(NUMBER)
_LONGEST = 40
"""Characters of a number that is an answer; a longer run of digits is noise."""

_ORNAMENT = re.compile(r"[\s$€£,]")
_FALLBACKS = ("last-number", "none")


def score(answer: Answer, item: Item, options: Mapping[str, Json]) -> Verdict:
    """1 when the answer's number equals the target, else 0.

    options: `marker`, the text before the number ("####"); `fallback`, "last-number" or "none".
    Of several markers the last counts, and of its line the first number. Raises ScoringFailed where
    the target is no number or an option is unknown.
    """
    target = _target(item)
    fallback = options.get("fallback", "last-number")
    if fallback not in _FALLBACKS:
        raise ScoringFailed(
            f"The numeric scorer has no fallback '{fallback}'.",
            where=item.id,
            remedy=f"Known: {', '.join(_FALLBACKS)}.",
        )
    marker = str(options.get("marker", "####"))
    text = spoken(answer.text)
    found = _marked(text, marker)
    parsed = found is not None
    if found is None and fallback == "last-number":
        found = _last(text)
    right = found is not None and found == target
    return Verdict(
        score=float(right),
        parsed=parsed,
        answer_norm="" if found is None else _plain(found),
        detail={
            "read": None if found is None else _plain(found),
            "read_from": marker if parsed else None if found is None else fallback,
            "explanation": _explain(found, target, marker if parsed else None),
        },
    )


def _target(item: Item) -> Decimal:
    try:
        return _decimal(str(item.target))
    except InvalidOperation as error:
        raise ScoringFailed(
            f"The target {item.target!r} is no number.",
            where=item.id,
            remedy="Write the item's target as a number.",
        ) from error


def _marked(text: str, marker: str) -> Decimal | None:
    """The number that follows the last marker with nothing but signs between them."""
    _, mark, rest = text.rpartition(marker)
    if not mark:
        return None
    line = rest.lstrip().partition("\n")[0]
    found = _NUMBER.search(line)
    if found is None or re.search(r"\w", line[: found.start()]):
        return None
    return _read(found.group())


def _last(text: str) -> Decimal | None:
    found = [match.group() for match in _NUMBER.finditer(text)]
    return _read(found[-1]) if found else None


def _read(text: str) -> Decimal | None:
    return _decimal(text) if len(text) <= _LONGEST else None


def _decimal(text: str) -> Decimal:
    return Decimal(_ORNAMENT.sub("", text).replace("−", "-"))


def _plain(value: Decimal) -> str:
    """18, 18.0 and 018 are the same string."""
    return format(value.normalize() + 0, "f")


def _explain(found: Decimal | None, target: Decimal, marker: str | None) -> str:
    if found is None:
        return "no number could be read"
    where = f"after {marker}" if marker else "as the last number, the asked marker being absent"
    verdict = "equals" if found == target else "differs from"
    return f"{_plain(found)}, read {where}, {verdict} the target {_plain(target)}"
