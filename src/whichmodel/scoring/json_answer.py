"""The JSON object in a model's answer.

Valid JSON (RFC 8259) counts as parsed, wherever it stands: plain, in a code fence, in prose, as the one
entry of a list, nested under one key (`{"result": {...}}`), with keys in another case (`invoiceNumber`).
All that is noted. Of several objects the last counts, since models restate before they answer. An object
without any asked key is passed over, so that a row inside a broken answer is not taken for the answer.

Where there is none, or one that holds fewer of the keys, the first object of almost-JSON is read instead
(`loose_json` says what that is); it is no parsed answer, and what was repaired is named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from whichmodel.domain import Json
from whichmodel.scoring import loose_json

Wrapping = Literal["plain", "fenced", "prose"]

_MOST_STARTS = 200
"""Braces tried as the start of an object, from the front; bounds the work on hostile text."""
_MOST_LOOSE_STARTS = 4
_MOST_NESTING = 3
"""Keys and lists that are opened to reach the object."""


_SURROGATE = re.compile(
    r"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)


@dataclass(frozen=True, slots=True)
class Found:
    """An object and how it was wrapped. Fractions are Decimal, so that money stays exact."""

    value: dict[str, Json]
    """By the asked keys, whatever their case in the answer."""
    wrapping: Wrapping
    objects: int
    """How many such objects the answer holds, one after another."""
    repaired: tuple[str, ...] = ()
    """What was put right to read it, in words. () = nothing."""
    valid: bool = True
    """Whether the object is JSON as it stands."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """An object with an asked key, and where it stands in the text."""

    start: int
    end: int
    value: dict[str, Json]
    notes: tuple[str, ...]


def find(text: str, keys: Collection[str]) -> Found | None:
    """The last JSON object of a text that has any of `keys`; None when there is none."""
    text = whole_escapes(text)
    pieces, spoilt = _valid(text, keys)
    loose = _loose(text, keys, spoilt)
    if loose and (not pieces or _held(loose, keys) > _held(pieces[-1], keys)):
        wrapping = _wrapping(text[: loose.start], text[loose.end :])
        return Found(loose.value, wrapping, 1, loose.notes, valid=False)
    if not pieces:
        return None
    first, last = pieces[0], pieces[-1]
    before, after, notes = text[: first.start], text[last.end :], last.notes
    if before.rstrip().endswith("[") and after.lstrip().startswith("]"):
        before, after = before.rstrip()[:-1], after.lstrip()[1:]
        notes = (*notes, "in a list")
    return Found(last.value, _wrapping(before, after), len(pieces), notes)


def whole_escapes(text: str) -> str:
    """A text in which no `\\ud83d` stands for half a character: JSON allows it, and nothing can store it."""
    return _SURROGATE.sub(lambda found: found[1] or r"\ufffd", text)


def renamed(value: Mapping[str, Json], keys: Collection[str]) -> tuple[dict[str, Json], tuple[str, ...]]:
    """An object by the asked keys, where its own differ from them in case, accents of style or separators
    alone (`invoiceNumber`, `Invoice Number`); and those of its keys that were renamed."""
    asked = {_bare(key): key for key in keys if key not in value}
    made, changed = dict[str, Json](), list[str]()
    for key, inner in value.items():
        wanted = None if key in keys else asked.pop(_bare(key), None)
        made[wanted or key] = inner
        if wanted:
            changed.append(key)
    return made, tuple(changed)


def _bare(key: str) -> str:
    return re.sub(r"[\W_]+", "", key).casefold()


def _valid(text: str, keys: Collection[str]) -> tuple[list[_Piece], list[int]]:
    """The valid objects with an asked key, and the braces before the last of them where none begins."""
    decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant)
    pieces, spoilt = list[_Piece](), list[int]()
    at = text.find("{")
    for _ in range(_MOST_STARTS):
        if at < 0:
            break
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            spoilt.append(at)
            end = at + 1
        else:
            if opened := _opened(value, keys):
                pieces.append(_Piece(at, end, *opened))
        at = text.find("{", end)
    return pieces, spoilt


def _loose(text: str, keys: Collection[str], starts: list[int]) -> _Piece | None:
    """The first object of almost-JSON with an asked key."""
    for start in starts[:_MOST_LOOSE_STARTS]:
        read = loose_json.read(text, start)
        if read is None:
            continue
        value, end, repairs = read
        if opened := _opened(value, keys):
            return _Piece(start, end, opened[0], (*(repairs or ("other notation",)), *opened[1]))
    return None


def _held(piece: _Piece, keys: Collection[str]) -> int:
    return sum(key in piece.value for key in keys)


def _opened(
    value: Json, keys: Collection[str], depth: int = 0
) -> tuple[dict[str, Json], tuple[str, ...]] | None:
    """The object with an asked key: a value itself, or the only one under its keys or in its list."""
    if depth > _MOST_NESTING or not isinstance(value, Mapping | list):
        return None
    if isinstance(value, Mapping):
        made, changed = renamed(value, keys)
        if not made.keys().isdisjoint(keys):
            return made, (f"keys renamed: {', '.join(changed)}",) if changed else ()
        inner = [(f"nested under `{key[:40]}`", part) for key, part in value.items()]
    else:
        inner = [("in a list", part) for part in value[:2]]
    found = [(how, opened) for how, part in inner if (opened := _opened(part, keys, depth + 1))]
    if len(found) != 1:
        return None
    how, (made, notes) = found[0]
    return made, (how, *notes)


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")


def _wrapping(before: str, after: str) -> Wrapping:
    before, after = before.strip(), after.strip()
    if not before and not after:
        return "plain"
    fence = re.fullmatch(r"```\w{0,10}", before) and after in ("```", "")
    return "fenced" if fence else "prose"
