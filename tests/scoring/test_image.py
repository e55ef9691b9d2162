"""Pictures are checked as files first, then demand by demand through a vision model."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scoring.looking import Eye, bomb, encoded, judge

from whichmodel.errors import ScoringFailed
from whichmodel.scoring import image
from whichmodel.simulator import drawing

SCENE: dict[str, Any] = {
    "tag": "scene",
    "include": [
        {"class": "cat", "count": 1, "color": "red"},
        {"class": "dog", "count": 1, "position": ["left of", 0]},
        {"class": "cup", "count": 3},
    ],
    "exclude": [{"class": "cup", "count": 4}, {"class": "bench", "count": 1}],
    "prompt": "a red cat, a dog to its left, three cups and no bench",
}


def test_a_spec_becomes_one_question_a_demand() -> None:
    assert [demand.name for demand in image.demands({"spec": SCENE})] == [
        "object: cat",
        "object: dog",
        "object: cup",
        "colour: red cat",
        "position: dog left of cat",
        "count: 3 cup",
        "absent: bench",
    ]


def test_all_553_prompts_of_geneval_are_read(real_data: Path) -> None:
    rows = (real_data / "geneval" / "evaluation_metadata.jsonl").read_text().splitlines()
    specs = [json.loads(row) for row in rows]
    assert len(specs) == 553
    for spec in specs:
        made = image.demands({"spec": spec})
        counted = sum(demand.name.startswith("count") for demand in made)
        placed = sum(demand.name.startswith("position") for demand in made)
        coloured = sum(demand.name.startswith("colour") for demand in made)
        expected = {
            "single_object": (1, 0, 0, 0),
            "two_object": (2, 0, 0, 0),
            "counting": (2, 1, 0, 0),
            "colors": (2, 0, 0, 1),
            "position": (3, 0, 1, 0),
            "color_attr": (4, 0, 0, 2),
        }[spec["tag"]]
        assert (len(made), counted, placed, coloured) == expected


def test_a_right_drawing_scores_one_and_each_kind_of_wrong_one_less() -> None:
    right = judge(SCENE, drawing.draw(SCENE, seed=1))
    assert (right.score, right.parsed, right.detail["accepted"]) == (1.0, True, True)
    for flaw in drawing.flaws(SCENE):
        for seed in range(12):
            wrong = judge(SCENE, drawing.draw(SCENE, seed=seed, correct=flaw))
            assert 0.0 < wrong.score < 1.0, flaw
            assert wrong.detail["accepted"] is False


def test_drawings_of_geneval_prompts_score_one_when_right_and_less_when_wrong(real_data: Path) -> None:
    rows = (real_data / "geneval" / "evaluation_metadata.jsonl").read_text().splitlines()
    for number, row in enumerate(rows[::9]):
        spec = json.loads(row)
        assert judge(spec, drawing.draw(spec, seed=number)).score == 1.0, spec
        assert judge(spec, drawing.draw(spec, seed=number, correct=False)).score < 1.0, spec


def test_what_depends_on_a_missing_object_fails_unasked() -> None:
    eye = Eye()
    without_cat = {**SCENE, "include": [{"class": "dog", "count": 1}, {"class": "cup", "count": 3}]}
    verdict = judge(SCENE, drawing.draw(without_cat, seed=0), ask=eye)
    assert verdict.score == pytest.approx(4 / 7)
    assert not any("red" in question or "left" in question for question in eye.asked)


@pytest.mark.parametrize(
    ("pictures", "parsed"),
    [
        ([], False),
        ([b""], False),
        ([b"\x89PNG\r\n\x1a\n"], False),
        ([b"<svg xmlns='http://www.w3.org/2000/svg'/>"], False),
        ([drawing.draw(SCENE, seed=1)[:900]], False),
        ([bomb(5_700)], False),
        ([bomb(60_000)], False),
        ([b"\0" * (image.MAX_BYTES + 1)], False),
        ([encoded(Image.new("RGB", (64, 64), "teal"))], True),
        ([encoded(Image.new("RGBA", (64, 64)), "WEBP")], True),
    ],
)
def test_a_picture_that_cannot_be_looked_at_scores_0_unasked(pictures: list[bytes], parsed: bool) -> None:
    eye = Eye()
    verdict = judge(SCENE, *pictures, ask=eye)
    assert (verdict.score, verdict.parsed, eye.asked) == (0.0, parsed, [])


@pytest.mark.parametrize("form", ["JPEG", "WEBP"])
def test_other_formats_reach_the_vision_model_as_png(form: str) -> None:
    seen: list[str | None] = []

    async def ask(question: str, png: bytes) -> str:
        with Image.open(io.BytesIO(png)) as picture:
            seen.append(picture.format)
        return "yes"

    spec = {"include": [{"class": "cat", "count": 1}]}
    picture = Image.effect_mandelbrot((32, 32), (-2, -1, 1, 1), 50).convert("RGB")
    assert judge(spec, encoded(picture, form), ask=ask).score == 1.0
    assert seen == ["PNG"]


@pytest.mark.parametrize("reply", ["", "maybe", "I cannot tell.", "yes and no", "3", "Yes, there is a cat."])
def test_an_unreadable_reply_of_the_judge_is_a_failure_and_no_score(reply: str) -> None:
    async def ask(question: str, png: bytes) -> str:
        return reply

    with pytest.raises(ScoringFailed, match="vision model"):
        judge({"include": [{"class": "cat", "count": 1}]}, drawing.draw(SCENE, seed=0), ask=ask)


@pytest.mark.parametrize(("reply", "score"), [("3", 1.0), (" Three. ", 1.0), ("**3**", 1.0), ("4", 0.5)])
def test_counts_are_read_as_digits_or_words(reply: str, score: float) -> None:
    async def ask(question: str, png: bytes) -> str:
        return reply if question.startswith("How many") else "Yes."

    spec = {"include": [{"class": "cup", "count": 3}], "exclude": [{"class": "cup", "count": 4}]}
    assert judge(spec, drawing.draw(SCENE, seed=0), ask=ask).score == score


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"include": []},
        {"include": [], "texts": []},
        {"include": 3},
        {"include": [{"count": 1}]},
        {"include": [{"class": "a"}]},
    ],
)
def test_a_spec_that_cannot_be_read_is_a_failure(spec: dict[str, Any]) -> None:
    with pytest.raises(ScoringFailed, match="spec"):
        judge(spec, drawing.draw(SCENE, seed=0))


@given(
    st.binary(max_size=200)
    | st.binary(max_size=60).map(lambda tail: drawing.draw(SCENE, seed=2)[:300] + tail)
)
@settings(max_examples=60, deadline=None)
def test_no_bytes_break_the_scorer(data: bytes) -> None:
    verdict = judge(SCENE, data)
    assert 0.0 <= verdict.score <= 1.0
    assert verdict == judge(SCENE, data)
