"""What a model thinks aloud is not its answer."""

from __future__ import annotations

import pytest

from whichmodel.domain import Answer, Item
from whichmodel.scoring import choice, numeric
from whichmodel.scoring.reading import spoken


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("plain", "plain"),
        ("<think>no: 4</think>\n#### 5", "\n#### 5"),
        ("no opening tag</think>yes", "yes"),
        ("<Thinking>a</Thinking>b<think>c</think>d", "d"),
        ("before <think>cut off in the middle", "before "),
        ("1 < 2 and <b>bold</b>", "1 < 2 and <b>bold</b>"),
    ],
)
def test_only_what_follows_the_last_thought_is_said(text: str, answer: str) -> None:
    assert spoken(text) == answer


def test_a_number_in_a_thought_is_no_answer() -> None:
    item = Item("1", "How many?", "4")
    assert numeric.score(Answer("<think>#### 4</think> I do not know."), item, {}).score == 0
    assert numeric.score(Answer("<think>#### 7</think>#### 4"), item, {}).score == 1


def test_labels_in_a_thought_do_not_make_an_answer_ambiguous() -> None:
    item = Item("1", "Which?", "refund")
    verdict = choice.score(
        Answer("<think>cancel or refund?</think>refund"), item, {"labels": ["refund", "cancel"]}
    )
    assert (verdict.score, verdict.parsed) == (1.0, True)
