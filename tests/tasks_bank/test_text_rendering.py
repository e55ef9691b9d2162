"""The bank of pictures with exact words."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from pictures import score as pictures_score

from whichmodel import registry
from whichmodel.domain import Item
from whichmodel.simulator import drawing

CARD = registry.find(["text_rendering"])[0]
BANK = registry.bank(CARD)
STRATA = {"short", "long", "digits", "punctuation", "capitals", "two-texts"}


def score(item: Item, *pictures: bytes, text: str = "") -> float:
    return pictures_score(CARD, item, *pictures, text=text)


def test_a_right_drawing_scores_one_and_a_wrong_one_less() -> None:
    for seed, item in enumerate(BANK.items[::17]):
        spec = item.metadata["spec"]
        assert score(item, drawing.draw(spec, seed=seed)) == 1.0, item.id
        for flaw in drawing.flaws(spec):
            assert score(item, drawing.draw(spec, seed=seed, correct=flaw)) < 1.0, (item.id, flaw)


def test_words_in_place_of_a_picture_score_zero() -> None:
    assert max(score(item, text=" ".join(item.target)) for item in BANK.items) == 0.0


def test_the_words_stand_in_the_prompt_as_they_must_in_the_picture() -> None:
    for item in BANK.items:
        assert all(f'"{text}"' in item.input for text in item.target), item.id
        assert not any('"' in text or "{" in text for text in item.target), item.id


def test_texts_have_one_to_eight_words_and_each_length_is_there() -> None:
    lengths = Counter(len(text.split()) for item in BANK.items for text in item.target)
    assert set(lengths) == set(range(1, 9))


def test_ids_prompts_and_texts_are_unique_and_strata_balanced() -> None:
    assert len({item.id for item in BANK.items}) == len({item.input for item in BANK.items}) == CARD.count
    assert len({tuple(item.target) for item in BANK.items}) == CARD.count
    assert Counter(item.stratum for item in BANK.items) == dict.fromkeys(STRATA, CARD.count // 6)


@pytest.mark.parametrize("stratum", sorted(STRATA))
def test_a_picture_of_another_item_scores_less_than_one(stratum: str) -> None:
    items = [item for item in BANK.items if item.stratum == stratum][:6]
    for item, other in pairwise(items):
        assert score(item, drawing.draw(other.metadata["spec"], seed=0)) < 0.7
