"""The worked example in the README of each task of pictures: drawn right or wrong, it scores what it says.

A README holds, under `## A worked example`, `Item `<id>`` and blocks

    ~~~prompt                    lines of the item's prompt, `...` in place of any lines left out
    ~~~drawn <flaw> <score>      the demo image model's picture with this flaw, or `right`, and its score to
                                 three decimals; inside, the verdict's explanation
"""

from __future__ import annotations

import asyncio
import re

import pytest

from whichmodel.domain import Answer, Item, TaskCard
from whichmodel.registry import all_cards, bank
from whichmodel.scoring import scorer
from whichmodel.simulator import drawing, seeing

HEADING = "## A worked example"
BLOCK = re.compile(r"^~~~(\w+)[ ]?([^\n]*)\n(.*?)^~~~$", re.DOTALL | re.MULTILINE)
CARDS = {card.name: card for card in all_cards() if card.answers == "image"}


def example(card: TaskCard) -> str:
    readme = (card.folder / "README.md").read_text(encoding="utf-8")
    assert HEADING in readme, f"{card.name} has no worked example"
    return readme.partition(HEADING)[2].partition("\n## ")[0]


def item_of(card: TaskCard) -> Item:
    named = re.search(r"Item `([^`]+)`", example(card))
    assert named, f"{card.name}: the worked example names no item"
    return next(item for item in bank(card).items if item.id == named[1])


def blocks(card: TaskCard, kind: str) -> list[tuple[str, str]]:
    found = [(given, text) for name, given, text in BLOCK.findall(example(card)) if name == kind]
    assert found, f"{card.name}: the worked example has no block `{kind}`"
    return found


async def look(question: str, png: bytes) -> str:
    return seeing.answer(question, png)


@pytest.mark.parametrize("name", sorted(CARDS))
def test_the_prompt_is_the_items(name: str) -> None:
    (_, shown), *_ = blocks(CARDS[name], "prompt")
    pieces = [piece.strip("\n") for piece in re.split(r"^[ \t]*\.\.\.[ \t]*$", shown, flags=re.MULTILINE)]
    assert any(pieces)
    rest = item_of(CARDS[name]).input
    for piece in filter(None, pieces):
        assert piece in rest
        rest = rest.partition(piece)[2]


@pytest.mark.parametrize("name", sorted(CARDS))
def test_the_drawings_score_what_is_said(name: str) -> None:
    card = CARDS[name]
    item, drawn = item_of(card), blocks(card, "drawn")
    scores = {float(said.split()[1]) for said, _ in drawn}
    assert 1.0 in scores
    assert min(scores) < 1
    for said, explained in drawn:
        flaw, stated = said.split()
        picture = drawing.draw(item.metadata["spec"], seed=0, correct=True if flaw == "right" else flaw)
        verdict = asyncio.run(scorer(card.scorer)(Answer("", (picture,)), item, card.options, ask=look))
        assert round(verdict.score, 3) == float(stated), verdict.detail
        assert verdict.detail["explanation"] == " ".join(explained.split())
