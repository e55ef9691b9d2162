"""The worked example in the README of each task of pictures: drawn right or wrong, it scores what it says.

A README holds, under `## A worked example`, `Item `<id>`` and blocks

    ~~~prompt                    lines of the item's prompt, `...` in place of any lines left out
    ~~~drawn <flaw> <score>      the demo image model's picture with this flaw, or `right`, and its score to
                                 three decimals; inside, the verdict's explanation
"""

from __future__ import annotations

import asyncio

import pytest
from pictures import look
from worked import blocks, holds_the_prompt, item_of

from whichmodel.domain import Answer
from whichmodel.registry import all_cards
from whichmodel.scoring import scorer
from whichmodel.simulator import drawing

CARDS = {card.name: card for card in all_cards() if card.answers == "image"}


@pytest.mark.parametrize("name", sorted(CARDS))
def test_the_prompt_is_the_items(name: str) -> None:
    assert holds_the_prompt(CARDS[name], item_of(CARDS[name]).input)


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
