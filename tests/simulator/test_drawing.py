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


BRIEF: dict[str, Any] = {
    "include": [{"class": "bottle", "count": 1}],
    "texts": [{"text": "Norvelis No. 7", "on": "bottle"}, {"text": "OPEN", "position": ["below", 0]}],
    "format": {"ratio": [3, 2], "longest": 600},
    "palette": [{"name": "teal", "hex": "#0F7173"}],
    "background": {"name": "sand", "hex": "#E8DCC4"},
    "scene": "on a shelf",
}
OF_BRIEF = {
    "Write down every text in the image exactly as it is written.": "Norvelis No. 7\nOPEN",
    'Is the text "OPEN" below the text "Norvelis No. 7" in the image?': "yes",
    'Is the text "OPEN" above the text "Norvelis No. 7" in the image?': "no",
    'Is the text "Norvelis No. 7" on a "bottle" in the image?': "yes",
    'Is the text "OPEN" on a "bottle" in the image?': "no",
    "Is the scene of the image on a shelf? Answer with yes or no only.": "yes",
    "Is the scene of the image in a car?": "no",
    'Is there at least one "bottle" in the image?': "yes",
}


@pytest.mark.parametrize("question", OF_BRIEF)
def test_the_truth_is_told_about_texts_and_scenes(question: str) -> None:
    assert seeing.answer(question, drawing.draw(BRIEF, seed=1)) == OF_BRIEF[question]


def test_a_picture_without_text_has_none_to_write_down() -> None:
    assert seeing.answer("Write down every text in the image.", drawing.draw(SCENE, seed=1)) == "none"


def test_a_misspelt_text_is_still_where_it_stands() -> None:
    picture = drawing.draw(BRIEF, seed=1, correct="misspelt")
    assert seeing.answer("Write down every text in the image.", picture) != "Norvelis No. 7\nOPEN"
    assert seeing.answer('Is the text "Norvelis No. 7" on a "bottle" in the image?', picture) == "yes"


def test_a_picture_has_the_format_and_the_ground_of_its_spec() -> None:
    with Image.open(io.BytesIO(drawing.draw(BRIEF, seed=3))) as image:
        assert image.size == (600, 400)
        assert image.getpixel((2, 2)) == (0xE8, 0xDC, 0xC4)
    with Image.open(io.BytesIO(drawing.draw(BRIEF, seed=3, correct="format"))) as image:
        assert image.size == (400, 600)


def test_each_flaw_of_a_brief_draws_another_picture() -> None:
    right = drawing.draw(BRIEF, seed=5)
    found = drawing.flaws(BRIEF)
    assert set(found) == {"missing", *drawing.FLAWS[5:]}
    assert len({right, *(drawing.draw(BRIEF, seed=5, correct=flaw) for flaw in found)}) == len(found) + 1
