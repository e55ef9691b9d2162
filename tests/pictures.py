"""Pictures of the demo hand, looked at by the demo eye and scored by the real scorer."""

from __future__ import annotations

import asyncio

from whichmodel.domain import Answer, Item, TaskCard
from whichmodel.scoring import image
from whichmodel.simulator import seeing


async def look(question: str, png: bytes) -> str:
    """The demo vision model's answer."""
    return seeing.answer(question, png)


def score(card: TaskCard, item: Item, *pictures: bytes, text: str = "") -> float:
    """The score of an answer, its words read by the vision model alone."""
    options = {**card.options, "reader": "vision"}
    return asyncio.run(image.score(Answer(text, pictures), item, options, ask=look)).score
