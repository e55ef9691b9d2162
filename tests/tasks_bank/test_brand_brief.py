"""The bank of briefs for product pictures."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
from pictures import score as pictures_score

from whichmodel import registry
from whichmodel.domain import Item
from whichmodel.scoring import image
from whichmodel.scoring.image.page import NEAR, lab
from whichmodel.simulator import drawing

CARD = registry.find(["brand_brief"])[0]
BANK = registry.bank(CARD)


def score(item: Item, *pictures: bytes, text: str = "") -> float:
    return pictures_score(CARD, item, *pictures, text=text)


def test_a_right_drawing_scores_one_and_a_wrong_one_less() -> None:
    for seed, item in enumerate(BANK.items[::21]):
        spec = item.metadata["spec"]
        assert score(item, drawing.draw(spec, seed=seed)) == 1.0, item.id
        assert score(item, drawing.draw(spec, seed=seed, correct=False)) < 1.0, item.id


def test_words_in_place_of_a_picture_score_zero() -> None:
    assert max(score(item, text="Here is a concept for your brief.") for item in BANK.items) == 0.0


def test_a_picture_of_another_brief_scores_under_a_half() -> None:
    for item, other in zip(BANK.items[:10], BANK.items[5:15], strict=True):
        assert score(item, drawing.draw(other.metadata["spec"], seed=0)) <= 0.6


def test_each_demand_stands_in_the_brief() -> None:
    for item in BANK.items:
        spec = item.metadata["spec"]
        assert all(f'"{text["text"]}"' in item.input for text in spec["texts"])
        assert all(f"{colour['name']} ({colour['hex']})" in item.input for colour in spec["palette"])
        assert all(other["class"] in item.input for other in spec["exclude"])
        assert "{}:{},".format(*spec["format"]["ratio"]) in item.input
        assert spec.get("scene", "") in item.input
        assert spec.get("background", {"hex": ""})["hex"] in item.input
        assert 8 <= len(image.demands(item.metadata)) <= 24


def test_colours_of_a_brief_are_too_far_apart_for_one_to_pass_for_another() -> None:
    for item in BANK.items:
        spec = item.metadata["spec"]
        grounds = [spec["background"]] if "background" in spec else []
        colours = [lab(colour["hex"]) for colour in (*spec["palette"], *grounds)]
        assert all(float(np.linalg.norm(a - b)) > 1.4 * NEAR for a, b in combinations(colours, 2)), item.id


def test_ids_and_prompts_are_unique_and_strata_balanced() -> None:
    assert len({item.id for item in BANK.items}) == len({item.input for item in BANK.items}) == CARD.count
    sizes = Counter(item.stratum for item in BANK.items)
    assert sizes == dict.fromkeys(("packshot", "lifestyle", "social", "banner", "range"), 80)
