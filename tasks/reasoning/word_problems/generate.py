"""Word problems of several steps with numbers that do not matter, their answers exact by construction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

from whichmodel.domain import Item

from .kinds import KINDS, NAMES, Unfit

LEVELS = {1: "2-3 steps", 2: "4 steps", 3: "5-6 steps"}
FORMAT = (
    "Not every number above matters. Round nothing before the end. Work it out step by step and end with one "
    "last line of this form, the number alone without its unit:\n#### <number>"
)


def generate(seed: int, count: int) -> Iterable[Item]:
    """`count` different problems, the kinds in turn and the levels of each kind in turn."""
    kinds = list(KINDS.items())
    seen: set[str] = set()
    for number in range(count):
        kind, tell = kinds[number % len(kinds)]
        level = number // len(kinds) % len(LEVELS) + 1
        stories = _stories(f"{seed}/{number}", tell, level)
        text, story = next(found for found in stories if _nameless(found[0]) not in seen)
        seen.add(_nameless(text))
        yield Item(
            id=f"word_problems-s{seed}-{number:04d}",
            input=f"{text}\n\n{FORMAT}",
            target=story.answer,
            reference="\n".join([*story.lines, f"#### {story.answer}"]),
            stratum=f"{kind}/{LEVELS[level]}",
            metadata={"figures": story.figures},
        )


def _stories(key: str, tell: Any, level: int) -> Iterator[tuple[str, Any]]:
    """Stories of one kind and level without end, those with unfit numbers left out."""
    attempt = 0
    while True:
        try:
            story = tell(Random(f"{key}/{attempt}"), level)
        except Unfit:
            attempt += 1
            continue
        yield story.text(), story
        attempt += 1


def _nameless(text: str) -> str:
    """A text without the names in it: two that differ in names alone are the same problem."""
    return re.sub(rf"\b(?:{'|'.join(NAMES)})\b", "_", text)
