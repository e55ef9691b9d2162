"""Reports to summarise: quarterly figures, incidents and projects, made from known facts."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

from whichmodel.domain import Item

from .kinds import KINDS

FOLDER = Path(__file__).parent
TWISTS = ("plain", "revised")


def generate(seed: int, count: int) -> Iterable[Item]:
    """The kinds and twists in turn; an item's stratum is both."""
    rng = random.Random(f"reports {seed}")
    kinds = list(KINDS)
    prompt = (FOLDER / "prompt.txt").read_text(encoding="utf-8")
    for number in range(count):
        kind = kinds[number % len(kinds)]
        twist = TWISTS[number // len(kinds) % len(TWISTS)]
        made = KINDS[kind](rng, twist == "revised")
        yield Item(
            id=f"reports-s{seed}-{number:04d}",
            input=prompt.format(limit=made.max_words, asked=made.asked, report=made.text).rstrip(),
            target={
                "facts": list(made.facts),
                "topics": made.topics,
                "names": list(made.names),
                "max_words": made.max_words,
            },
            reference="\n".join(f"- {line}" for line in made.lines),
            stratum=f"{kind}-{twist}",
        )
