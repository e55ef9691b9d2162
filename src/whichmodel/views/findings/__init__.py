"""What a scorer found in an answer, made to be shown: one file a shape of the stored detail.

A file's `read` gives None for a detail of another shape, and the next one is asked; logs of older versions
hold less, so nothing in a detail is taken for granted. A new kind is a new file in `READERS`.
"""

from __future__ import annotations

from collections.abc import Callable

from whichmodel.views.blocks import Block, Note, answer_blocks, visible
from whichmodel.views.findings import (
    code,
    demands,
    entities,
    facts,
    fields,
    judged,
    short,
    translation,
)
from whichmodel.views.findings.found import Found, Said

Read = Callable[[Said], Found | None]
READERS: tuple[Read, ...] = (
    code.read,
    demands.read,
    fields.read,
    facts.read,
    entities.read,
    translation.read,
    short.read,
)
__all__ = ["READERS", "Found", "Said", "found"]


def found(said: Said) -> Found:
    """The findings on one answer; of a shape that nobody knows, the scorer's own words."""
    known = next((made for read in READERS if (made := read(said)) is not None), None)
    made = known or Found()
    blocks: tuple[Block, ...] = made.blocks
    if not blocks and not made.fields and said.explanation:
        blocks = (Note(visible(said.explanation)),)
    answer = made.answer if made.answer is not None else answer_blocks(said.answer)
    return Found((*blocks, *judged.read(said)), answer, made.fields)
