"""JSON that a model wrote, one value a line, its numbers and the order of its keys as they stand there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from whichmodel.views.blocks import MOST_TEXT, Piece, visible

_FENCED = re.compile(r"```[\w+-]*[ \t]*\n([^`]*)```")


@dataclass(frozen=True, slots=True)
class _Number:
    """A number as it was written."""

    text: str


@dataclass(frozen=True, slots=True)
class _Object:
    """Keys and values in order, keys that stand there twice among them."""

    pairs: list[tuple[str, object]]


def pieces(text: str, marks: Mapping[str, str]) -> tuple[Piece, ...] | None:
    """An answer that is one JSON object or list; None = it is none, or one too long to show.

    marks: field, such as `total` or `total.net` -> the word for it.
    """
    try:
        value = _parsed(text)
        known = {key(name): word for name, word in marks.items()}
        return None if value is None else _merged([*_written(value, "", known, "")])
    except RecursionError:
        return None


def values(text: str) -> dict[str, str]:
    """`key` of each field of such an answer, those within objects too -> its value in short."""
    found: dict[str, str] = {}
    try:
        value = _parsed(text)
        if isinstance(value, _Object):
            _collect(value, "", found)
    except RecursionError:
        return {}
    return found


def key(name: str) -> str:
    """A field's name without case and separators within its parts."""
    return re.sub(r"[^\w.]|_", "", name).casefold()


def _parsed(text: str) -> object:
    """The value; None = there is none."""
    text = text.strip()
    fenced = _FENCED.fullmatch(text)
    bare = fenced[1].strip() if fenced else text
    if bare[:1] not in ("{", "[") or len(bare) > MOST_TEXT:
        return None
    try:
        return json.loads(
            bare, parse_float=_Number, parse_int=_Number, parse_constant=_Number, object_pairs_hook=_Object
        )
    except ValueError:
        return None


def _collect(value: _Object, path: str, found: dict[str, str]) -> None:
    for name, each in value.pairs:
        place = f"{path}.{name}" if path else name
        found[key(place)] = _line(each)
        if isinstance(each, _Object):
            _collect(each, place, found)


def _line(value: object) -> str:
    """A value on one line, rows on one each, a text without its quotation marks."""
    if isinstance(value, _Object):
        return ", ".join(f"{visible(name)}: {_line(each)}" for name, each in value.pairs)
    if isinstance(value, list):
        rows = any(isinstance(each, _Object | list) for each in value)
        return "\n".join(map(_line, value)) if rows else "[" + ", ".join(map(_line, value)) + "]"
    return visible(value) if isinstance(value, str) else _scalar(value)


def _written(value: object, path: str, marks: Mapping[str, str], indent: str) -> Iterator[Piece]:
    inner = indent + "  "
    if isinstance(value, _Object) and value.pairs:
        yield Piece("{\n")
        for number, (name, each) in enumerate(value.pairs, start=1):
            place = f"{path}.{name}" if path else name
            word = marks.get(key(place), "")
            nested = isinstance(each, _Object | list)
            body = [*_written(each, place, {} if word else marks, inner)]
            yield Piece(inner)
            if word and not nested:
                yield Piece(f"{_text(name)}: {''.join(piece.text for piece in body)}", word)
            else:
                yield from (Piece(_text(name), word), Piece(": "), *body)
            yield Piece("\n" if number == len(value.pairs) else ",\n")
        yield Piece(f"{indent}}}")
    elif isinstance(value, list) and value:
        yield Piece("[\n")
        for number, each in enumerate(value, start=1):
            yield Piece(inner)
            yield from _written(each, path, {}, inner)
            yield Piece("\n" if number == len(value) else ",\n")
        yield Piece(f"{indent}]")
    else:
        yield Piece(_scalar(value))


def _scalar(value: object) -> str:
    if isinstance(value, _Number):
        return value.text
    if isinstance(value, _Object):
        return "{}"
    return "[]" if isinstance(value, list) else _text(value)


def _text(value: object) -> str:
    return visible(json.dumps(value, ensure_ascii=False))


def _merged(parts: list[Piece]) -> tuple[Piece, ...]:
    """Plain pieces in a row as one."""
    merged: list[Piece] = []
    for piece in parts:
        if merged and not piece.mark and not merged[-1].mark:
            merged[-1] = Piece(merged[-1].text + piece.text)
        else:
            merged.append(piece)
    return tuple(merged)
