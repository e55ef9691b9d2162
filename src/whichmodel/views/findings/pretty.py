"""JSON that a model wrote, one value a line, its numbers and the order of its keys as they stand there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from whichmodel.views.blocks import MOST_TEXT, Piece, visible

_FENCED = re.compile(r"\A\s*```[\w+-]*[ \t]*\n(.*?)\n?[ \t]*```\s*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Number:
    """A number as it was written."""

    text: str


@dataclass(frozen=True, slots=True)
class _Object:
    """Keys and values in order, keys that stand there twice among them."""

    pairs: list[tuple[str, object]]


def pieces(text: str, marks: Mapping[str, str]) -> tuple[Piece, ...] | None:
    """An answer that is one JSON object; None = it is none, or one too long to show.

    marks: field, such as `total` or `total.net` -> the word for it.
    """
    fenced = _FENCED.match(text)
    bare = fenced[1] if fenced else text.strip()
    if not bare.startswith("{") or len(bare) > MOST_TEXT:
        return None
    try:
        value = json.loads(
            bare, parse_float=_Number, parse_int=_Number, parse_constant=_Number, object_pairs_hook=_Object
        )
        known = {_key(name): word for name, word in marks.items()}
        return _merged([*_written(value, "", known, "")])
    except (ValueError, RecursionError):
        return None


def _written(value: object, path: str, marks: Mapping[str, str], indent: str) -> Iterator[Piece]:
    inner = indent + "  "
    if isinstance(value, _Object) and value.pairs:
        yield Piece("{\n")
        for number, (name, each) in enumerate(value.pairs, start=1):
            place = f"{path}.{name}" if path else name
            word = marks.get(_key(place), "")
            body = [Piece(f"{_text(name)}: "), *_written(each, place, {} if word else marks, inner)]
            yield Piece(inner)
            yield from [Piece("".join(piece.text for piece in body), word)] if word else body
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


def _key(name: str) -> str:
    """A key without case and separators within its parts."""
    return re.sub(r"[^\w.]|_", "", name).casefold()


def _merged(parts: list[Piece]) -> tuple[Piece, ...]:
    """Plain pieces in a row as one."""
    merged: list[Piece] = []
    for piece in parts:
        if merged and not piece.mark and not merged[-1].mark:
            merged[-1] = Piece(merged[-1].text + piece.text)
        else:
            merged.append(piece)
    return tuple(merged)
