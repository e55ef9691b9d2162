"""The bank of puzzles."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel import registry
from whichmodel.domain import Answer, Item
from whichmodel.scoring import verifier

CARD = registry.find(["puzzles"])[0]
BANK = registry.bank(CARD)
REFUSAL = "I cannot help with that."


def score(text: str, item: Item) -> float:
    return verifier.score(Answer(text), item, CARD.options).score


def test_every_reference_scores_one() -> None:
    assert [item.id for item in BANK.items if score(item.reference, item) != 1.0] == []


@pytest.mark.parametrize("text", ["", REFUSAL, f"ANSWER: {REFUSAL}", "ANSWER: N/A"])
def test_no_answer_scores_zero(text: str) -> None:
    assert max(score(text, item) for item in BANK.items) == 0.0


def test_no_gold_stands_in_a_prompt() -> None:
    assert [item.id for item in BANK.items if item.reference in item.input] == []


def test_ids_and_prompts_are_unique_and_strata_balanced() -> None:
    assert len({item.id for item in BANK.items}) == len({item.input for item in BANK.items}) == CARD.count
    sizes = Counter(item.stratum for item in BANK.items)
    assert len(sizes) == 18
    assert set(Counter(name.partition("/")[0] for name in sizes).values()) == {3}
    assert max(sizes.values()) - min(sizes.values()) <= 1


def test_the_answer_of_the_next_puzzle_of_the_family_is_wrong_unless_it_is_the_same() -> None:
    pairs = zip(BANK.items, BANK.items[18:], strict=False)
    assert [
        one.id for one, other in pairs if one.target != other.target and score(other.reference, one)
    ] == []


def test_the_families_are_those_whose_verifiers_are_safe() -> None:
    assert {item.metadata["dataset"] for item in BANK.items} <= verifier.FAMILIES


def test_no_family_yields_to_one_answer_given_always() -> None:
    by_family: dict[str, list[Item]] = {}
    for item in registry.bank(CARD, count=900).items:
        by_family.setdefault(item.stratum, []).append(item)
    for family, items in by_family.items():
        constant = Counter(item.target for item in items).most_common(1)[0][0]
        assert sum(item.target == constant for item in items) <= 0.35 * len(items), family


def test_a_bank_is_the_same_tomorrow() -> None:
    today = date.today().isoformat()
    assert not any(today in json.dumps(dict(item.metadata)) for item in BANK.items)


@given(st.sampled_from(BANK.items), st.sampled_from(BANK.items))
def test_the_answer_of_another_puzzle_is_right_only_where_the_verifier_says_so(
    one: Item, other: Item
) -> None:
    verdict = verifier.score(Answer(other.reference), one, CARD.options)
    assert verdict.score in {0.0, 1.0}
    assert verdict.parsed
    if one.target == other.target:
        assert verdict.score == 1.0
