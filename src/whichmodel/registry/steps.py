"""Named steps from a column of a data set to what an item needs, so that a card needs no code.

A step takes the value so far, its argument (None = none was given) and the row, and raises ValueError with
what is wrong in words.
"""

from __future__ import annotations

import json
import string
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from whichmodel.domain import Json

LETTERS = string.ascii_uppercase


class Row(Protocol):
    """What a step may ask of the row it works on."""

    def look(self, path: str) -> Json:
        """A column or an earlier value. Raises ValueError where there is none."""

    def class_names(self) -> Sequence[str]:
        """Names of the classes of the column that the value comes from; () = unknown."""


Step = Callable[[Json, Json, Row], Json]


def strip(value: Json, argument: Json, row: Row) -> Json:
    """Text without its outer white space."""
    return _text(value).strip()


def lower(value: Json, argument: Json, row: Row) -> Json:
    """Text in lower case."""
    return _text(value).lower()


def after(value: Json, argument: Json, row: Row) -> Json:
    """What follows the last `argument`, which must be there."""
    head, mark, tail = _text(value).rpartition(_argument(argument))
    if not mark:
        raise ValueError(f"the text {_short(head + tail)} holds no {argument!r}")
    return tail


def before(value: Json, argument: Json, row: Row) -> Json:
    """What stands before the first `argument`; the whole text where it is not there."""
    return _text(value).partition(_argument(argument))[0]


def remove(value: Json, argument: Json, row: Row) -> Json:
    """Text without any `argument`."""
    return _text(value).replace(_argument(argument), "")


def split(value: Json, argument: Json, row: Row) -> Json:
    """Text as the list of its parts between `argument`s, line breaks where none is given."""
    return _text(value).split("\n" if argument is None else _argument(argument))


def join(value: Json, argument: Json, row: Row) -> Json:
    """A list as text with `argument` between its parts, a space where none is given."""
    return (" " if argument is None else _argument(argument, empty=True)).join(map(_text, _list(value)))


def unique(value: Json, argument: Json, row: Row) -> Json:
    """A list with each part once, in the order of first appearance."""
    kept: list[Json] = []
    for part in _list(value):
        if part not in kept:
            kept.append(part)
    return kept


def as_json(value: Json, argument: Json, row: Row) -> Json:
    """Any value as JSON text; `argument` is the indent."""
    return json.dumps(value, ensure_ascii=False, indent=argument)


def parse(value: Json, argument: Json, row: Row) -> Json:
    """JSON text as the value it holds."""
    try:
        return json.loads(_text(value))
    except ValueError as error:
        raise ValueError(f"{_short(value)} is no JSON: {error}") from error


def letter(value: Json, argument: Json, row: Row) -> Json:
    """A position as its letter: 0 -> A; a position that is text is read as a number."""
    return LETTERS[_position(value, len(LETTERS))]


def letters(value: Json, argument: Json, row: Row) -> Json:
    """The letters of a list's parts: as many as it has, from A on."""
    parts = _list(value)
    if len(parts) > len(LETTERS):
        raise ValueError(f"{len(parts)} options are more than there are letters")
    return list(LETTERS[: len(parts)])


def lettered(value: Json, argument: Json, row: Row) -> Json:
    """A list as lines `A. ...`; with an argument, the labels of that column or value in place of A, B, C."""
    parts = _list(value)
    labels = letters(value, None, row) if argument is None else _list(row.look(_argument(argument)))
    if len(labels) != len(parts):
        raise ValueError(f"{len(parts)} options have {len(labels)} labels")
    return "\n".join(f"{label}. {_text(part)}" for label, part in zip(labels, parts, strict=True))


def position(value: Json, argument: Json, row: Row) -> Json:
    """The place of a value in the list `argument`, from 0 on."""
    parts = _list(row.look(_argument(argument)))
    if value not in parts:
        raise ValueError(f"{_short(value)} is none of {_short(parts)}")
    return parts.index(value)


def names(value: Json, argument: Json, row: Row) -> Json:
    """A class's number, or a list of them, as its name: of the list `argument`, else as the set says."""
    known = [str(name) for name in (row.class_names() if argument is None else _list(argument))]
    if not known:
        raise ValueError("the data set does not name this column's classes; give them: `names: [...]`")
    if isinstance(value, list):
        return [names(part, known, row) for part in value]
    return known[_position(value, len(known))]


def entities(value: Json, argument: Json, row: Row) -> Json:
    """BIO tags as a list of `{text, type}`; `argument` is the column of the tokens, joined by spaces."""
    tags = [_text(tag) for tag in _list(value)]
    tokens = [_text(token) for token in _list(row.look(_argument(argument)))]
    if len(tags) != len(tokens):
        raise ValueError(f"{len(tokens)} tokens have {len(tags)} tags")
    found: list[dict[str, Json]] = []
    before_it = ""
    for token, tag in zip(tokens, tags, strict=True):
        prefix, _, kind = tag.partition("-")
        if prefix == "I" and before_it == kind:
            found[-1]["text"] += f" {token}"
        elif prefix in {"B", "I"}:
            found.append({"text": token, "type": kind})
        before_it = kind
    return found


STEPS: Mapping[str, Step] = {
    "after": after,
    "before": before,
    "entities": entities,
    "join": join,
    "json": as_json,
    "letter": letter,
    "lettered": lettered,
    "letters": letters,
    "lower": lower,
    "names": names,
    "parse": parse,
    "position": position,
    "remove": remove,
    "split": split,
    "strip": strip,
    "unique": unique,
}


def named(step: Json) -> tuple[str, Json]:
    """A step as it is written, as its name and argument. Raises ValueError where it is none."""
    name, argument = step, None
    if isinstance(step, Mapping) and len(step) == 1:
        ((name, argument),) = step.items()
    if not isinstance(name, str):
        raise ValueError(f"{step!r} is no step: write a name, or one name with its argument")
    if name not in STEPS:
        raise ValueError(f"there is no step `{name}`; known: {', '.join(STEPS)}")
    return name, argument


def _text(value: Json) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{_short(value)} is no text")
    return str(value)


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise ValueError(f"{_short(value)} is no list")
    return value


def _argument(argument: Json, *, empty: bool = False) -> str:
    if not isinstance(argument, str) or not (argument or empty):
        raise ValueError(f"the step's argument is {argument!r}, not a text")
    return argument


def _position(value: Json, length: int) -> int:
    try:
        place = int(value)
    except (TypeError, ValueError):
        raise ValueError(f"{_short(value)} is no position") from None
    if not 0 <= place < length:
        raise ValueError(f"{place} is no position among {length}")
    return place


def _short(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
