"""Lists of questions with expected answers, and people in the place of the vision model."""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from scoring.looking import judge, judged

from whichmodel.errors import ScoringFailed
from whichmodel.scoring import image
from whichmodel.simulator import drawing

PICTURE = drawing.draw({"include": [{"class": "cat", "count": 1}]}, seed=0)
DSG = [
    {"id": 1, "question": "Is there a motorcycle?", "answer": "yes", "depends_on": [0]},
    {"id": 2, "question": "Is the motorcycle blue?", "answer": "yes", "depends_on": [1]},
    {"id": 3, "question": "How many riders are there?", "answer": "2", "depends_on": [1]},
    {"id": 4, "question": "Is there a dog?", "answer": "no", "depends_on": [0]},
]
TIFA = [
    {"question": "what animal is this?", "choices": ["dog", "cat", "hot dog"], "answer": "dog"},
    {"question": "where is it?", "answer": "on a sofa", "depends_on": 0},
]


class Said:
    """A vision model with prepared replies; it keeps what it was asked."""

    def __init__(self, replies: Mapping[str, str]) -> None:
        self.replies = replies
        self.asked: list[str] = []

    async def __call__(self, question: str, png: bytes) -> str:
        self.asked.append(question)
        return next(reply for start, reply in self.replies.items() if question.startswith(start))


GOOD = {
    "Is there a motorcycle?": "Yes.",
    "Is the motorcycle": "yes",
    "How many riders": "two",
    "Is there a dog?": "no",
    "what animal": "It is a dog.",
    "where": "It lies on a sofa in a living room",
}


def test_questions_of_dsg_and_tifa_are_asked_and_met() -> None:
    said = Said(GOOD)
    assert judged({"questions": DSG}, PICTURE, ask=said).score == 1.0
    assert judged({"questions": TIFA}, PICTURE, ask=said).score == 1.0
    assert "what animal is this? Answer with one of these only: dog, cat, hot dog." in said.asked


@pytest.mark.parametrize(
    ("questions", "reply", "score", "asked"),
    [
        (DSG, {"Is there a motorcycle?": "no"}, 1 / 4, 2),
        (DSG, {"Is the motorcycle": "no"}, 3 / 4, 4),
        (DSG, {"How many riders": "3"}, 3 / 4, 4),
        (DSG, {"Is there a dog?": "yes"}, 3 / 4, 4),
        (TIFA, {"what animal": "hot dog"}, 0.0, 1),
        (TIFA, {"where": "on the floor"}, 1 / 2, 2),
    ],
)
def test_a_question_whose_parent_failed_fails_unasked(
    questions: list[dict[str, Any]], reply: dict[str, str], score: float, asked: int
) -> None:
    said = Said({**reply, **{start: good for start, good in GOOD.items() if start not in reply}})
    verdict = judged({"questions": questions}, PICTURE, ask=said)
    assert verdict.score == score
    assert len(said.asked) == asked


def test_a_parent_may_stand_behind_and_questions_may_follow_a_spec() -> None:
    questions = [
        {"question": "Is the motorcycle blue?", "answer": True, "depends_on": [1]},
        {"question": "Is there a motorcycle?", "answer": True},
    ]
    said = Said({**GOOD, 'Is there at least one "cat"': "yes", "Is there a motorcycle?": "no"})
    spec = {"include": [{"class": "cat", "count": 1}]}
    verdict = judged({"spec": spec, "questions": questions}, PICTURE, ask=said)
    assert verdict.answer_norm == "100"
    assert len(said.asked) == 2


@pytest.mark.parametrize(
    "questions",
    [
        [{"question": "Is it red?"}],
        [{"question": "Is it red?", "answer": ""}],
        [{"question": "Is it red?", "answer": "yes", "depends_on": [7]}],
        [{"question": "Is it red?", "answer": "yes", "depends_on": [0]}],
        [{"question": "a?", "answer": "b", "choices": ["c", "d"]}],
        [{"id": 1, "question": "a?", "answer": "yes"}, {"id": 1, "question": "b?", "answer": "yes"}],
        [
            {"question": "a?", "answer": "yes", "depends_on": [1]},
            {"question": "b?", "answer": "yes", "depends_on": [0]},
        ],
        ["Is it red?"],
        "Is it red?",
    ],
)
def test_a_list_that_cannot_be_read_is_a_failure(questions: Any) -> None:
    with pytest.raises(ScoringFailed):
        judged({"questions": questions}, PICTURE, ask=Said({}))


@pytest.mark.parametrize("reply", ["a bird", "a dog or a cat", ""])
def test_a_reply_that_is_none_of_the_choices_is_a_failure(reply: str) -> None:
    with pytest.raises(ScoringFailed, match="none of what was asked"):
        judged({"questions": TIFA}, PICTURE, ask=Said({"what animal": reply}))


Rows = list[dict[str, str]]


def votes(file: Path) -> tuple[Rows, int]:
    """The rows of an annotation file, and how many records are malformed: broken over two lines each."""
    with gzip.open(file, "rt", newline="") as lines:
        header, *rows = csv.reader(lines)
    whole = [dict(zip(header, row, strict=True)) for row in rows if len(row) == len(header)]
    broken = [row for row in rows if len(row) != len(header)]
    assert sum(map(len, broken)) == len(broken) // 2 * (len(header) + 1)
    return whole, len(broken) // 2


class Person:
    """What one annotator saw, as answers to the scorer's questions."""

    def __init__(self, row: dict[str, str]) -> None:
        self.row = row

    async def __call__(self, question: str, png: bytes) -> str:
        count = self.row["Answer.task-count-0"]
        if question.startswith("How many"):
            return count
        if question.startswith("Is there at least one"):
            return "yes" if int(count) else "no"
        colour = question.partition(" in the image ")[2].partition("?")[0]
        return "yes" if colour in self.row["Answer.task-color-0"].split("|") else "no"


@pytest.mark.parametrize(
    ("model", "counting", "colours", "malformed"),
    [("clip", 0.456, 0.737, 0), ("sdv2", 0.544, 0.882, 0), ("if-xl", 0.765, 0.855, 4)],
)
def test_people_as_judges_give_the_published_shares(
    real_data: Path, model: str, counting: float, colours: float, malformed: int
) -> None:
    folder = real_data / "geneval"
    lines = (folder / "evaluation_metadata.jsonl").read_text(encoding="utf-8").splitlines()
    specs = [json.loads(line) for line in lines]
    rows, broken = votes(folder / f"annotations_{model}.csv.gz")
    assert broken == malformed
    for tag, published in (("counting", counting), ("colors", colours)):
        accepted: dict[tuple[str, str], list[bool]] = defaultdict(list)
        for row in rows:
            spec = specs[int(row["Input.prompt_id"])]
            if spec["tag"] == tag:
                verdict = judge(spec, PICTURE, ask=Person(row))
                accepted[row["Input.prompt_id"], row["Input.image_id"]].append(verdict.detail["accepted"])
        majority = [sum(seen) * 2 > len(seen) for seen in accepted.values()]
        assert sum(majority) / len(majority) == pytest.approx(published, abs=0.0005)


def test_the_demands_of_a_list_are_named_by_question_and_answer() -> None:
    assert [demand.name for demand in image.demands({"questions": DSG})][1] == (
        "asked: Is the motorcycle blue? yes"
    )
