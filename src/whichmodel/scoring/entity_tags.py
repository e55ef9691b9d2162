"""Spans of token tags: BIO (and IOB1), IOBES, BILOU, and bare types, in one reading.

`B`, `I`, `O` as everywhere; `E` and `L` end a span, `S` and `U` are one of a single token. As in conlleval an
`I-`, `E-` or `L-` of another type than the open span's, or behind no span, opens one. The sign between
prefix and type is `-` or `_`; a tag without prefix is a type, and equal neighbours are one span.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Span = tuple[int, int, str]
"""First token, token after the last, type."""

_TAG = re.compile(r"([BIESLU])[-_](.+)", re.DOTALL)
OUTSIDE = frozenset({"O", "o", "", "_", "-", "0"})


def spans(tags: Sequence[str]) -> list[Span]:
    """The spans of one sentence's tags."""
    found: list[Span] = []
    start, kind = 0, ""
    for position, tag in enumerate([*tags, "O"]):
        prefix, label = _parts(tag)
        if kind and (prefix not in "IEL" or label != kind):
            found.append((start, position, kind))
            kind = ""
        if not label:
            continue
        if not kind:
            start, kind = position, label
        if prefix in "SUEL":
            found.append((start, position + 1, kind))
            kind = ""
    return found


def tagged(tokens: Sequence[str], tags: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Text and type of each entity of tokens with their tags; tokens are joined by spaces."""
    return tuple((" ".join(tokens[start:end]), kind) for start, end, kind in spans(tags))


def _parts(tag: str) -> tuple[str, str]:
    """Prefix and type; `O` has no type, and no prefix is `I`."""
    if tag in OUTSIDE:
        return "O", ""
    found = _TAG.fullmatch(tag)
    return (found[1], found[2]) if found else ("I", tag)
