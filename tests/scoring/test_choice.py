"""The label scorer."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from string import ascii_uppercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import choice

CAPITALS = ["Paris", "Rome", "New York", "5 apples and a pear"]
LABELS = ["card_lost", "card_lost_abroad", "refund_request", "out_of_scope"]


def score(text: str, target: str = "card_lost") -> Verdict:
    return choice.score(Answer(text), Item("item", "", target), {"labels": LABELS})


def pick(text: str, target: str = "B", **options: str) -> Verdict:
    return choice.score(Answer(text), Item("item", "", target, metadata={"choices": CAPITALS}), options)


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
        ('{"answer": "card lost"}', "json, plain"),
        (r"\boxed{\text{card lost}}", "prose"),
        ("It might be a refund_request or out_of_scope.\n\n**Final answer:** card_lost", "prose"),
        ("refund_request would mean money back. The correct label is: Card lost.", "prose"),
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
    [
        "",
        "I cannot help with that.",
        "card_lost or refund_request",
        "card",
        "card_lost_abroad, card_lost",
        "Answer: card_lost or refund_request",
        "The answer is not card_lost.",
    ],
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


@pytest.mark.parametrize(
    "text",
    [
        *(
            "B",
            "b",
            "(B)",
            "B.",
            "B)",
            "[B]",
            "**B**",
            "`B`",
            '"B"',
            "B) Rome",
            "(B) Rome",
            "B. Rome",
            "B: Rome",
        ),
        *(
            "Answer: B",
            "**Answer:** B",
            "Final answer: **B**",
            "The correct option is B",
            "Option b",
            "### Answer\nB",
        ),
        *(
            "The answer is B. Rome is the capital, A is wrong.",
            "The best answer is B: Rome.",
            "B, because it is",
        ),
        *("Rome", "rome.", "The answer is Rome.", "I think it is Rome", "B - Rome"),
        *('{"answer": "B"}', '{"answer": "Rome"}', '```json\n{"choice": "B"}\n```', "<answer>B</answer>"),
        *(r"\boxed{B}", r"The answer is $\boxed{\text{B}}$.", r"$\boxed{(B)}$"),
        "B\n\nA is wrong because Paris is in France. Option C is in the US.",
        "Paris is in France; Rome is the capital of Italy.\n\nTherefore, B.",
        "Answer: C\nNo, wait.\nAnswer: B",
    ],
)
def test_an_option_is_read_from_its_letter_its_text_or_both(text: str) -> None:
    verdict = pick(text)
    assert (verdict.score, verdict.parsed, verdict.answer_norm) == (1, True, "B")
    assert pick(text, "C").score == 0


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "I do not know",
            "E",
            "A cat sat.",
            "York",
            "A or B",
            "Both A and B",
            "A, B",
            "B and C",
            "not B",
        ),
        *(
            "The answer is not B",
            "B) Paris",
            "Paris, B",
            "(A)\n\nWait, that is wrong.\n\n(B)",
            '{"answer": 2}',
        ),
    ],
)
def test_no_option_two_or_a_contradiction_are_unparsed(text: str) -> None:
    verdict = pick(text)
    assert (verdict.score, verdict.parsed, verdict.answer_norm) == (0, False, "")


@pytest.mark.parametrize(
    "choices", [["3", "4", "5"], {"A": "3", "B": "4", "C": "5"}, {"(a)": "3", "(b)": "4"}]
)
@pytest.mark.parametrize("target", ["B", "(B)", "b."])
def test_options_are_a_list_or_have_letters_of_their_own(choices: Json, target: str) -> None:
    item = Item("item", "", target, metadata={"choices": choices})
    assert choice.score(Answer("4"), item, {}).answer_norm == "B"
    assert choice.score(Answer("(B) 4"), item, {}).score == 1


@pytest.mark.parametrize(
    "text",
    ["*" * 100_000, "A or " * 50_000, "(A" * 50_000, "`A" * 50_000, "option " * 30_000, r"\boxed{" * 20_000],
)
def test_hostile_text_is_read_in_no_time(text: str) -> None:
    started = time.process_time()
    assert pick(text).score == score(text).score == 0
    assert time.process_time() - started < 2


def test_a_target_that_is_not_offered_is_no_verdict() -> None:
    with pytest.raises(ScoringFailed, match="not among the labels"):
        pick("B", "F")


def test_with_a_marker_of_its_own_a_task_reads_no_long_prose_without_it() -> None:
    prose = "We go through it step by step and find, after all of this, that it has to be Rome."
    assert pick(prose).score == 1
    assert not pick(prose, answer_marker="so the answer is").parsed
    assert pick(f"{prose} So the answer is (B).", answer_marker="so the answer is").score == 1


BBH = {
    "boolean_expressions": (92.8, ["True", "False"]),
    "causal_judgement": (54.0, ["Yes", "No"]),
    "date_understanding": (87.2, None),
    "disambiguation_qa": (76.0, None),
    "logical_deduction_three_objects": (87.6, None),
    "navigate": (96.4, ["Yes", "No"]),
    "sports_understanding": (97.6, ["yes", "no"]),
    "tracking_shuffled_objects_three_objects": (78.4, None),
    "web_of_lies": (95.2, ["Yes", "No"]),
}
"""Published accuracy of code-davinci-002 with a chain of thought; its labels, None = the item's options."""


@pytest.mark.parametrize("task", BBH)
def test_bbh_answers_get_their_published_verdicts(real_data: Path, task: str) -> None:
    accuracy, labels = BBH[task]
    answers = rows(real_data, "code-davinci-002_outputs_12tasks.jsonl.gz", task)
    questions = {row["i"]: row["input"] for row in rows(real_data, "bbh_12tasks.jsonl.gz", task)}
    right = 0.0
    for row in answers:
        options = re.findall(r"^\([A-Z]\) (.*)$", questions[row["i"]], re.MULTILINE)
        metadata = {"labels": labels} if labels else {"choices": options}
        item = Item("item", "", row["target"], metadata=metadata)
        right += choice.score(Answer(row["prediction"]), item, {"answer_marker": "the answer is"}).score
        assert row["prediction"] != row["target"]
    assert round(100 * right / len(answers), 1) == accuracy


def rows(real_data: Path, name: str, task: str) -> list[dict[str, Json]]:
    with gzip.open(real_data / "bbh" / name, "rt") as lines:
        return [r for r in map(json.loads, lines) if r["task"] == task and r.get("mode", "cot") == "cot"]


DRESSED = st.sampled_from(
    ["{}", "({})", "{}.", "{})", "**{}**", "Answer: {}", "The answer is {}.", r"\boxed{{{}}}", "`{}`", "{}\n"]
)
OPTION = st.from_regex(r"[a-z]{3,8}( [a-z]{3,8}){0,2}", fullmatch=True)


@given(st.lists(OPTION, min_size=2, max_size=8, unique=True), DRESSED, st.data())
def test_an_option_named_in_any_form_reads_back(texts: list[str], dress: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(texts) - 1))
    item = Item("item", "", ascii_uppercase[at], metadata={"choices": texts})
    other = Item("item", "", ascii_uppercase[(at + 1) % len(texts)], metadata={"choices": texts})
    for named in (ascii_uppercase[at], f"{ascii_uppercase[at]}) {texts[at]}"):
        assert choice.score(Answer(dress.format(named)), item, {}).score == 1
        assert choice.score(Answer(dress.format(named)), other, {}).score == 0


@given(
    st.sampled_from(LABELS), DRESSED, st.sampled_from([str.upper, str.title, lambda t: t.replace("_", " ")])
)
def test_a_label_named_in_any_form_reads_back(label: str, dress: str, form: Callable[[str], str]) -> None:
    verdict = score(dress.format(form(label)), label)
    assert (verdict.score, verdict.parsed) == (1, True)


NOISE = st.text(st.characters(categories=["Zs", "P", "S", "Cc"], exclude_characters="{}\\"), max_size=20)


@given(NOISE, NOISE, st.sampled_from("ACD"))
def test_signs_around_a_wrong_letter_do_not_turn_it_right(before: str, after: str, letter: str) -> None:
    assert pick(f"{before}{letter}{after}").score == 0
