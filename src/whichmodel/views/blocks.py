"""What an answer and its findings are drawn from: a few kinds of block, each plain text all through.

Whatever a model wrote is text here and stays text; what would be invisible in it, or turn the text around it,
is shown as a sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from whichmodel.domain import Json

MOST_TEXT = 100_000
"""Characters of one text that a page shows."""
MOST_PARTS = 60
"""Parts that an answer is taken apart into."""
_FENCE = re.compile(
    r"^[ \t]*```[ \t]*([\w+#.-]*)[^\n]*\n(.*?)(?:^[ \t]*```[ \t]*$\n?|\Z)", re.DOTALL | re.MULTILINE
)
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Control characters, marks that turn the direction of what follows, halves of a character."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and in a word what is said of it."""

    text: str
    mark: str = ""
    """"" = nothing."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text; it scrolls within its own box where it is long."""

    label: str
    pieces: tuple[Piece, ...]
    code: bool = False
    note: str = ""
    """What was left out. "" = nothing."""
    kind: Literal["text"] = field(default="text", init=False)


@dataclass(frozen=True, slots=True)
class Check:
    """Something that an answer had to do, or should not have done."""

    holds: bool
    word: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Checks:
    """Several of them, what does not hold first."""

    label: str
    entries: tuple[Check, ...]
    kind: Literal["checks"] = field(default="checks", init=False)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Named values."""

    label: str
    entries: tuple[tuple[str, str], ...]
    code: bool = False
    """Set in a fixed width, as values of a program are."""
    kind: Literal["pairs"] = field(default="pairs", init=False)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture."""

    source: str
    """A data URI of our own making."""
    alt: str
    note: str = ""
    kind: Literal["image"] = field(default="image", init=False)


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence of ours."""

    text: str
    kind: Literal["note"] = field(default="note", init=False)


Block = Text | Checks | Pairs | Image | Note


def visible(text: str) -> str:
    """A text with a sign for each character that cannot be seen, or would disturb the page's own text."""
    return _UNSEEN.sub(_sign, text.replace("\r\n", "\n"))


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "�" if 0xD800 <= code <= 0xDFFF else f"⟦U+{code:04X}⟧"


def cut(text: str, most: int = MOST_TEXT) -> tuple[str, str]:
    """The beginning of a text as it is shown, and what is said of the rest; "" = it is shown whole."""
    if len(text) <= most:
        return visible(text), ""
    left = len(text) - most
    return visible(
        text[:most]
    ), f"{left:,} of {len(text):,} characters are left out here; the log holds them."


def text_block(label: str, text: str, *, code: bool = False, most: int = MOST_TEXT) -> Text:
    """A text as one block."""
    shown, note = cut(text, most)
    return Text(label, (Piece(shown),), code, note)


def answer_blocks(text: str, *, code: bool = False) -> tuple[Block, ...]:
    """An answer as prose and code, in order. code: one without any ``` is code as a whole."""
    shown, note = cut(text)
    parts = [part for part in _parts(shown, code) if "".join(piece.text for piece in part.pieces).strip()]
    if len(parts) > MOST_PARTS:
        parts = [Text("Answer", (Piece(shown),))]
    return (*parts, *([Note(note)] if note else []))


def _parts(text: str, code: bool) -> Iterator[Text]:
    at = 0
    for fence in _FENCE.finditer(text):
        yield Text("Answer", (Piece(text[at : fence.start()].strip("\n")),))
        language = fence[1]
        yield Text(f"Code ({language})" if language else "Code", (Piece(fence[2].rstrip("\n")),), code=True)
        at = fence.end()
    rest = text[at:].strip("\n")
    yield Text("Code" if code and not at else "Answer", (Piece(rest),), code=code and not at)


def marked(text: str, marks: Iterable[tuple[int, int, str]]) -> tuple[Piece, ...]:
    """A text in pieces. marks: start, end and word; of two that overlap the first one counts."""
    pieces, at = list[Piece](), 0
    for start, end, word in sorted(marks):
        if start >= at and end > start:
            pieces += [Piece(text[at:start]), Piece(text[start:end], word)]
            at = end
    return tuple(piece for piece in (*pieces, Piece(text[at:])) if piece.text)


def texts(value: Json) -> tuple[str, ...]:
    """A list of values as texts; () for what is no list."""
    return tuple(map(plain, value)) if isinstance(value, Sequence) and not isinstance(value, str) else ()


def plain(value: Json) -> str:
    """A value as a line of text."""
    if isinstance(value, Mapping):
        return visible("; ".join(f"{name}: {plain(each)}" for name, each in value.items()))
    if isinstance(value, list | tuple):
        return visible("[" + ", ".join(map(plain, value)) + "]")
    return "null" if value is None else visible(str(value).lower() if isinstance(value, bool) else str(value))
