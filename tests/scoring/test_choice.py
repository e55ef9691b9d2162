"""The label scorer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Answer, Item, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import choice

LABELS = ["card_lost", "card_lost_abroad", "refund_request", "out_of_scope"]


def score(text: str, target: str = "card_lost") -> Verdict:
    return choice.score(Answer(text), Item("item", "", target), {"labels": LABELS})


@pytest.mark.parametrize(
    ("text", "wrapping"),
    [
        ("card_lost", "plain"),
        (" Card Lost.\n", "plain"),
        ("**CARD-LOST**", "plain"),
        ('"card_lost"', "plain"),
        ("Label: card_lost", "prose"),
        ("The intent is `card_lost`.", "prose"),
        ('{"label": "card_lost"}', "json, plain"),
        ('```json\n{"label": "Card lost"}\n```', "json, fenced"),
        ('Not refund_request, so {"label": "card_lost"}', "json, prose"),
    ],
)
def test_a_label_is_read_whatever_its_dress(text: str, wrapping: str) -> None:
    verdict = score(text)
    assert (verdict.score, verdict.parsed, verdict.answer_norm) == (1, True, "card_lost")
    assert verdict.detail["wrapping"] == wrapping


def test_another_label_is_parsed_and_wrong() -> None:
    verdict = score("refund_request")
    assert (verdict.score, verdict.parsed, verdict.answer_norm) == (0, True, "refund_request")


def test_a_longer_label_does_not_name_its_part() -> None:
    assert score("card_lost_abroad").answer_norm == "card_lost_abroad"
    assert score("card_lost_abroad", "card_lost_abroad").score == 1


@pytest.mark.parametrize(
    "text",
    ["", "I cannot help with that.", "card_lost or refund_request", "card", "card_lost_abroad, card_lost"],
)
def test_no_label_or_two_are_unparsed(text: str) -> None:
    verdict = score(text)
    assert (verdict.score, verdict.parsed, verdict.answer_norm) == (0, False, "")


def test_labels_may_stand_in_the_item() -> None:
    item = Item("item", "", "b", metadata={"labels": ["a", "b"]})
    assert choice.score(Answer("b"), item, {}).score == 1


def test_a_target_outside_the_labels_is_no_verdict() -> None:
    with pytest.raises(ScoringFailed, match="not among the labels"):
        score("card_lost", "card_stolen")


@given(st.text() | st.lists(st.sampled_from([*LABELS, "so", "not", "{", "}"])).map(" ".join))
def test_any_text_gets_zero_or_one_and_a_norm_only_when_parsed(text: str) -> None:
    verdict = score(text)
    assert verdict.score in (0, 1)
    assert verdict.parsed == (verdict.answer_norm in LABELS)
    assert verdict.parsed or verdict.score == 0
