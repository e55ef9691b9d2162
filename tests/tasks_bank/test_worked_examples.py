"""The worked example in each task's README: its item stands in the bank, its answers score what it says.

A README holds, under `## A worked example`, `Item `<id>`` and blocks

    ~~~prompt          lines of the item's prompt, `...` in place of any lines left out
    ~~~answer 0.917    an answer and its score to three decimals
"""

from __future__ import annotations

import asyncio
import os
import re
from functools import cache

import pytest

from whichmodel import sandbox
from whichmodel.domain import Answer, Bank, Item, TaskCard
from whichmodel.registry import all_cards, bank
from whichmodel.scoring import scorer

HEADING = "## A worked example"
BLOCK = re.compile(r"^~~~(\w+)[ ]?([^\n]*)\n(.*?)^~~~$", re.DOTALL | re.MULTILINE)
CARDS = {
    card.name: card
    for card in all_cards()
    if card.answers == "text" and card.items in {"generate.py", "items.jsonl"}
}


def example(card: TaskCard) -> str:
    readme = (card.folder / "README.md").read_text(encoding="utf-8")
    assert HEADING in readme, f"{card.name} has no worked example"
    return readme.partition(HEADING)[2].partition("\n## ")[0]


@cache
def _bank(name: str) -> Bank:
    return bank(CARDS[name])


def item_of(card: TaskCard) -> Item:
    named = re.search(r"Item `([^`]+)`", example(card))
    assert named, f"{card.name}: the worked example names no item"
    return next(item for item in _bank(card.name).items if item.id == named[1])


def blocks(card: TaskCard, kind: str) -> list[tuple[str, str]]:
    found = [(given, text) for name, given, text in BLOCK.findall(example(card)) if name == kind]
    assert found, f"{card.name}: the worked example has no block `{kind}`"
    return found


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
