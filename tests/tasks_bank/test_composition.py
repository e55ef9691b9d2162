"""The bank of pictures to compose."""

from __future__ import annotations

import asyncio
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from whichmodel import registry
from whichmodel.domain import Answer, Item
from whichmodel.scoring import image
from whichmodel.simulator import drawing, seeing

CARD = registry.find(["composition"])[0]
BANK = registry.bank(CARD)


async def look(question: str, png: bytes) -> str:
    return seeing.answer(question, png)


def score(item: Item, *pictures: bytes, text: str = "") -> float:
    return asyncio.run(image.score(Answer(text, pictures), item, CARD.options, ask=look)).score


def test_a_right_drawing_scores_one_and_a_wrong_one_less() -> None:
    for seed, item in enumerate(BANK.items[::7]):
        spec = item.metadata["spec"]
        assert score(item, drawing.draw(spec, seed=seed)) == 1.0, item.id
        assert score(item, drawing.draw(spec, seed=seed, correct=False)) < 1.0, item.id


def test_words_in_place_of_a_picture_score_zero() -> None:
    assert max(score(item, text="I cannot help with that.") for item in BANK.items) == 0.0


def test_a_picture_of_another_item_scores_less_than_one() -> None:
    for item, other in zip(BANK.items[::5], BANK.items[6::5], strict=False):
        assert score(item, drawing.draw(other.metadata["spec"], seed=0)) < 1.0


def test_ids_and_prompts_are_unique_and_strata_balanced() -> None:
    assert len({item.id for item in BANK.items}) == len({item.input for item in BANK.items}) == CARD.count
    sizes = Counter(item.stratum for item in BANK.items)
    assert CARD.count == 400
    assert max(sizes.values()) - min(sizes.values()) == 1
    assert set(sizes) == {"objects", "counting", "colors", "position", "color_attr", "negation"}


def test_a_spec_has_the_keys_of_geneval_and_stands_in_no_prompt() -> None:
    for item in BANK.items:
        spec = item.metadata["spec"]
        assert set(spec) - {"exclude"} == {"tag", "include", "prompt"}
        assert spec["tag"] == item.stratum
        assert "include" not in item.input


@given(st.sampled_from(BANK.items), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_the_same_picture_has_the_same_score(item: Item, seed: int) -> None:
    picture = drawing.draw(item.metadata["spec"], seed=seed, correct=False)
    first = score(item, picture)
    assert 0.0 <= first < 1.0
    assert first == score(item, picture)
