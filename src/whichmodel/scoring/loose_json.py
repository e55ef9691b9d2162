"""Values of almost-JSON: what models write who mean JSON and break its grammar.

Read beside JSON: single quotes and the literals of Python, trailing commas, comments, keys without quotes,
NaN and Infinity (as null), line breaks inside strings, and an end that is missing: open brackets are
closed where the text (or its code fence) ends, and a value that may be cut off, as it touches that end, is
left out. Each of these is named. Nothing is evaluated; the work is linear in the text and the depth bounded.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass, field
from decimal import Decimal

from whichmodel.domain import Json

_MOST_LETTERS = 200_000
"""Characters that are read of a text."""
_MOST_DEPTH = 40
_MOST_DIGITS = 400
_SPACE = re.compile(r"\s+")
_COMMENT = re.compile(r"//[^\n]*|#[^\n]*|/\*.*?\*/", re.DOTALL)
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,4})?(?![\w.])")
_WORD = re.compile(r"[^\W\d][\w-]*")
_PLAIN = re.compile(r'[^"\\\n]*')
_SINGLE = re.compile(r"[^'\\\n]*")
_LITERALS: dict[str, Json] = {"true": True, "false": False, "null": None}
_LOOSE_LITERALS: dict[str, Json] = {
    "True": True,
    "False": False,
    "None": None,
    "NaN": None,
    "nan": None,
    "Infinity": None,
    "undefined": None,
}
_CODED = {"u": 4, "x": 2, "U": 8}
"""Digits of a character's code; the last two are Python's."""
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": ""}


class _Broken(ValueError):
    """No reading at all from here."""


class _Ended(Exception):
    """The text is over inside a value."""


@dataclass(slots=True)
class _Reader:
    text: str
    at: int
    repairs: set[str] = field(default_factory=set)

    def value(self, depth: int) -> Json:
        """One value of any kind. Raises _Broken, or _Ended where a single value is cut off."""
        sign = self.peek()
        if depth > _MOST_DEPTH:
            raise _Broken("too deep")
        if sign == "{":
            return self.object(depth)
        if sign == "[":
            return self.list(depth)
        if sign in "\"'":
            return self.string(sign)
        return self.scalar()

    def object(self, depth: int) -> dict[str, Json]:
        """An object from its brace on; what is read of it where the text ends inside."""
        self.at += 1
        made: dict[str, Json] = {}
        try:
            while self.another("}", empty=not made):
                key = self.key()
                if self.peek() != ":":
                    raise _Broken("no colon")
                self.at += 1
                made[key] = self.value(depth + 1)
        except _Ended:
            self.repairs.add("cut off")
        return made

    def list(self, depth: int) -> list[Json]:
        """A list from its bracket on; what is read of it where the text ends inside."""
        self.at += 1
        made: list[Json] = []
        try:
            while self.another("]", empty=not made):
                made.append(self.value(depth + 1))
        except _Ended:
            self.repairs.add("cut off")
        return made

    def another(self, closing: str, *, empty: bool) -> bool:
        """Whether one more entry follows; takes the comma before it, or the closing bracket."""
        sign = self.peek()
        if sign == ",":
            if empty:
                raise _Broken("a comma before anything")
            self.at += 1
            sign = self.peek()
            if sign == closing:
                self.repairs.add("trailing comma")
        elif sign != closing and not empty:
            raise _Broken("no comma")
        if sign == closing:
            self.at += 1
        return sign != closing

    def key(self) -> str:
        sign = self.peek()
        if sign in "\"'":
            return self.string(sign)
        found = _WORD.match(self.text, self.at)
        if found is None:
            raise _Broken("no key")
        self.at = found.end()
        self.repairs.add("keys without quotes")
        return found.group()

    def string(self, quote: str) -> str:
        if quote == "'":
            self.repairs.add("single quotes")
        plain, parts = (_PLAIN if quote == '"' else _SINGLE), list[str]()
        self.at += 1
        while True:
            found = plain.match(self.text, self.at)
            parts.append(found.group() if found else "")
            self.at = found.end() if found else self.at
            if self.at >= len(self.text):
                raise _Ended
            sign = self.text[self.at]
            self.at += 1
            if sign == quote:
                return _paired("".join(parts))
            parts.append(self.escape() if sign == "\\" else self.line_break())

    def line_break(self) -> str:
        self.repairs.add("line break in a string")
        return "\n"

    def escape(self) -> str:
        if self.at >= len(self.text):
            raise _Ended
        sign = self.text[self.at]
        self.at += 1
        length = _CODED.get(sign, 0)
        code = self.text[self.at : self.at + length]
        if length and re.fullmatch(rf"[0-9a-fA-F]{{{length}}}", code) and int(code, 16) <= sys.maxunicode:
            self.at += length
            return chr(int(code, 16))
        return _ESCAPES.get(sign, sign)

    def scalar(self) -> Json:
        number = _NUMBER.match(self.text, self.at)
        found = number or _WORD.match(self.text, self.at)
        if found is None:
            raise _Broken("no value")
        self.at, word = found.end(), found.group()
        if self.at == len(self.text):
            raise _Ended
        if number:
            return _number(word)
        if word in _LITERALS:
            return _LITERALS[word]
        if word not in _LOOSE_LITERALS:
            raise _Broken(f"the bare word {word[:20]}")
        self.repairs.add(f"the literal {word}")
        return _LOOSE_LITERALS[word]

    def peek(self) -> str:
        """The next sign behind white space and comments. Raises _Ended at the end of the text."""
        while True:
            if found := _SPACE.match(self.text, self.at):
                self.at = found.end()
            if found := _COMMENT.match(self.text, self.at):
                self.at = found.end()
                self.repairs.add("comments")
                continue
            if self.at >= len(self.text):
                raise _Ended
            return self.text[self.at]


def read(text: str, start: int) -> tuple[Json, int, tuple[str, ...]] | None:
    """The object or list at a place of a text, where it ends, and what was repaired; None = there is none."""
    fence = text.find("\n```", start)
    reader = _Reader(text[: min(fence if fence >= 0 else len(text), start + _MOST_LETTERS)], start)
    try:
        value = reader.value(0)
    except (_Broken, _Ended):
        return None
    return value, reader.at, tuple(sorted(reader.repairs))


def _paired(text: str) -> str:
    """A text whose surrogates are put together, and replaced where one half is missing."""
    if text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _number(digits: str) -> Json:
    if len(digits) > _MOST_DIGITS:
        return None
    try:
        read_as: Json = json.loads(digits, parse_float=Decimal)
    except ValueError:
        read_as = Decimal(digits)
    return read_as
