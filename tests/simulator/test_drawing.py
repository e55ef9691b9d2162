"""The demo image model draws what a spec asks, or is wrong in one demand; the demo vision model tells it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from whichmodel.simulator import drawing, seeing

SCENE: dict[str, Any] = {
    "include": [
        {"class": "cat", "count": 1, "color": "red"},
        {"class": "fire hydrant", "count": 1, "position": ["left of", 0]},
        {"class": "cup", "count": 3},
    ],
    "exclude": [{"class": "cup", "count": 4}, {"class": "dog", "count": 1}],
}
QUESTIONS = {
    'Is there at least one "cat" in the image?': "yes",
    'Is there at least one "dog" in the image? Answer with yes or no only.': "no",
    'Is at least one "cat" in the image red?': "yes",
    'Is at least one "cat" in the image blue?': "no",
    'Is at least one "fire hydrant" to the left of a "cat" in the image?': "yes",
    'Is at least one "fire hydrant" to the right of a "cat" in the image?': "no",
    'Is at least one "fire hydrant" below a "cat" in the image?': "no",
    'How many objects of the kind "cup" are in the image?': "3",
    'How many red objects of the kind "cup" are in the image?': "0",
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_truth_is_told_about_each_kind_of_question(question: str) -> None:
    assert seeing.answer(question, drawing.draw(SCENE, seed=1)) == QUESTIONS[question]


def test_what_it_cannot_know_it_says() -> None:
    picture = drawing.draw(SCENE, seed=1)
    assert "cannot tell" in seeing.answer("What is the mood of the image?", picture)
    assert "cannot tell" in seeing.answer('Is there at least one "cat" in the image?', b"no picture")


def test_a_drawing_is_a_picture_of_the_given_side_that_says_what_it_shows() -> None:
    with Image.open(io.BytesIO(drawing.draw(SCENE, seed=3))) as image:
        assert image.size == (drawing.SIDE, drawing.SIDE)
        assert len(json.loads(str(image.info["drawn"]))["objects"]) == 5


def test_the_flaws_of_a_spec_are_those_of_its_demands() -> None:
    assert drawing.flaws(SCENE) == ("missing", "count", "colour", "position", "forbidden")
    assert drawing.flaws({"include": [{"class": "cat", "count": 1}]}) == ("missing",)
    with pytest.raises(ValueError, match="cannot be drawn wrong in 'colour'"):
        drawing.draw({"include": [{"class": "cat", "count": 1}]}, seed=0, correct="colour")


@given(st.integers(), st.sampled_from([True, False, *drawing.flaws(SCENE)]))
@settings(max_examples=30, deadline=None)
def test_the_same_seed_draws_the_same_bytes(seed: int, correct: bool | str) -> None:
    assert drawing.draw(SCENE, seed=seed, correct=correct) == drawing.draw(SCENE, seed=seed, correct=correct)


def test_every_geneval_prompt_can_be_drawn(real_data: Path) -> None:
    rows = (real_data / "geneval" / "evaluation_metadata.jsonl").read_text().splitlines()
    specs = [json.loads(row) for row in rows]
    assert len(specs) == 553
    for number, spec in enumerate(specs[::7]):
        shown = seeing.drawn(drawing.draw(spec, seed=number))
        assert shown is not None
        assert len(shown["objects"]) == sum(thing["count"] for thing in spec["include"])
