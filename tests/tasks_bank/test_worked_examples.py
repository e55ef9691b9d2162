"""The worked example in each task's README: its item stands in the bank, its answers score what it says.

A README holds, under `## A worked example`, `Item `<id>`` and blocks

    ~~~prompt          lines of the item's prompt, `...` in place of any lines left out
    ~~~answer 0.917    an answer and its score to three decimals
"""

from __future__ import annotations

import asyncio
import os

import pytest
from worked import blocks, holds_the_prompt, item_of

from whichmodel import sandbox
from whichmodel.domain import Answer
from whichmodel.registry import all_cards
from whichmodel.scoring import scorer

CARDS = {
    card.name: card
    for card in all_cards()
    if card.answers == "text" and card.items in {"generate.py", "items.jsonl"}
}


@pytest.mark.parametrize("name", sorted(CARDS))
def test_the_prompt_is_the_items(name: str) -> None:
    assert holds_the_prompt(CARDS[name], item_of(CARDS[name]).input)


@pytest.mark.parametrize("name", sorted(CARDS))
def test_the_answers_score_what_is_said(name: str) -> None:
    card = CARDS[name]
    if card.sandbox and not (found := sandbox.available()).ok:
        pytest.fail(found.reason) if os.environ.get("CI") == "true" else pytest.skip(found.reason)
    item, answers = item_of(card), blocks(card, "answer")
    scores = {float(said) for said, _ in answers}
    assert 1.0 in scores
    assert min(scores) < 1
    for said, text in answers:
        verdict = scorer(card.scorer)(Answer(text.rstrip("\n")), item, card.options)
        verdict = asyncio.run(verdict) if asyncio.iscoroutine(verdict) else verdict
        assert round(verdict.score, 3) == float(said), verdict.detail
