"""Short answers in words and in mathematics."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import exact


def score(text: str, target: Json = "Paris", **options: Json) -> Verdict:
    return exact.score(Answer(text), Item("item", "", target), options)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        *[
            (text, "whole")
            for text in ("Paris", "paris.", "**Paris**", '"Paris"', "“Paris”", "`Paris`", "The Paris")
        ],
        ("```\nParis\n```", "whole"),
        ("<answer>Paris</answer>", "whole"),
        *[(text, "marker") for text in ("Answer: Paris", "**Answer:** Paris", "**Answer: Paris**")],
        *[
            (text, "marker")
            for text in ("The answer is Paris.", "Final answer: **Paris**", "### Answer\nParis")
        ],
        ("The final answer is $\\text{Paris}$. I hope it is correct.", "marker"),
        ("Rome is in Italy.\n\nAnswer:\n```\nParis\n```", "marker"),
        ("Answer: Rome\nNo, wait.\nAnswer: Paris", "marker"),
        ('{"answer": "Paris"}', "json"),
        ('It is clear:\n```json\n{"answer": "Paris"}\n```', "json"),
        (r"It follows that \boxed{\text{Paris}}, as was to be shown.", "box"),
        (r"The answer is clear.\\ \[\boxed{Paris}\]", "box"),
        ("<think>Answer: Rome</think>Paris", "whole"),
    ],
)
def test_the_answer_is_read_where_it_is_stated(text: str, place: str) -> None:
    verdict = score(text)
    assert (verdict.score, verdict.parsed, verdict.answer_norm) == (1, True, "paris")
    assert verdict.detail["read_from"] == place
    assert score(text, "Rome").score == 0


def test_the_last_line_of_a_longer_text_is_scored_and_counted_as_unparsed() -> None:
    verdict = score("The largest city of France is its capital.\nIt has two million inhabitants.\nParis")
    assert (verdict.score, verdict.parsed) == (1, False)


def test_a_fence_at_the_end_of_a_longer_text_is_read_as_its_last_line() -> None:
    verdict = score("```\nRome\n```\nis in Italy, so it has to be\n\n```text\nParis\n```\n")
    assert (verdict.score, verdict.parsed) == (1, False)


@pytest.mark.parametrize("text", ["", "  \n", "Answer:", "The answer is", "**"])
def test_nothing_is_unparsed(text: str) -> None:
    verdict = score(text, ["the", "Paris"])
    assert (verdict.score, verdict.parsed) == (0, False)


@pytest.mark.parametrize("target", ["The U.S.A.", ["America", "the USA"], {"accept": ["usa"]}])
def test_any_accepted_answer_is_right(target: Json) -> None:
    assert score("Answer: USA", target).score == 1
    assert score("Answer: the Soviet Union", target).score == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3.5", "35"),
        ("-5", "5"),
        ("1,200", "1.2"),
        ("not Paris", "Paris"),
        ("Paris, Texas", "Paris"),
        ("10%", "0.1"),
    ],
)
def test_what_is_different_stays_different(one: str, other: str) -> None:
    assert score(one, other).score == score(other, one).score == 0


@pytest.mark.parametrize(
    ("one", "other"), [("1,200", "1200"), ("Café", "café!"), ("5", "$5"), ("it's", "its")]
)
def test_what_squad_holds_equal_is_equal(one: str, other: str) -> None:
    assert score(one, other).score == score(other, one).score == 1


def test_strict_counts_case_and_punctuation() -> None:
    assert score("Answer: **Paris**", strict=True).score == 1
    assert score("paris", strict=True).score == 0
    assert score("the Paris", strict=True).score == 0


def test_a_marker_of_ones_own_is_read_and_no_other() -> None:
    text = "The answer is Rome. ANSWER => Paris"
    assert score(text, answer_marker="answer =>").score == 1


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("Paris in France", 0.8),
        ("Paris", 2 / 3),
        ("the Paris, France", 1),
        ("Rome", 0),
        ("Paris Paris France", 0.8),
    ],
)
def test_f1_counts_shared_tokens(text: str, points: float) -> None:
    assert score(text, ["Lyon", "Paris France"], metric="f1").score == pytest.approx(points)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"\frac{1}{2}", "0.5"),
        (r"\dfrac12", "1/2"),
        (r"\boxed{\frac{7}{3}}", "7/3"),
        (r"1\frac{1}{2}", "1.5"),
        (r"\frac{\sqrt{3}}{2}", r"\frac{\sqrt3}2"),
        (r"2\sqrt{3}", r"2 \sqrt3"),
        ("(1, 2)", "(1,2)"),
        (r"\left[0, \frac{1}{2}\right)", "[0,0.5)"),
        (r"(-\infty, 3]", "(-∞,3]"),
        (r"\{1,2\}", r"\{2,1\}"),
        ("1, -2", "-2,1"),
        (r"1\text{ or }2", "2, 1"),
        ("x=5", "5"),
        (r"x \in [0,1]", "[0,1]"),
        ("1{,}000", "1000"),
        (r"30^\circ", "30"),
        (r"50\%", "50"),
        (r"12\text{ cm}", "12"),
        (r"\text{Monday}", "Monday"),
        ("(3)", "3"),
    ],
)
def test_equal_mathematics_is_equal(one: str, other: str) -> None:
    assert score(f"So the answer is ${one}$.", other, math=True).score == 1
    assert score(f"\\[\\boxed{{{other}}}\\]", one, math=True).score == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("(1,2)", "(2,1)"),
        ("[0,1)", "[0,1]"),
        ("x+1", "x+2"),
        ("-3", "3"),
        ("2x", "2"),
        ("10^{10}", "10"),
        ("7/3", "2.33"),
    ],
)
def test_other_mathematics_is_not(one: str, other: str) -> None:
    assert score(one, other, math=True).score == 0


@pytest.mark.parametrize(
    ("target", "options"), [("", {}), ([], {}), ([None], {}), ({"accept": []}, {}), ("x", {"metric": "bleu"})]
)
def test_a_bad_target_or_option_is_no_verdict(target: Json, options: dict[str, Json]) -> None:
    with pytest.raises(ScoringFailed):
        score("x", target, **options)


@pytest.mark.parametrize(
    "text",
    ["`" * 100_000, "the " * 50_000, "final " * 50_000, "**" * 50_000, r"\boxed{" * 20_000, "$(" * 50_000],
)
@pytest.mark.parametrize("maths", [False, True])
def test_hostile_text_is_read_in_no_time(text: str, maths: bool) -> None:
    started = time.process_time()
    assert score(text, math=maths).score == 0
    assert time.process_time() - started < 2


BBH = {
    "boolean_expressions": 92.8,
    "causal_judgement": 54.0,
    "date_understanding": 87.2,
    "disambiguation_qa": 76.0,
    "logical_deduction_three_objects": 87.6,
    "multistep_arithmetic_two": 47.6,
    "navigate": 96.4,
    "object_counting": 93.2,
    "sports_understanding": 97.6,
    "tracking_shuffled_objects_three_objects": 78.4,
    "web_of_lies": 95.2,
    "word_sorting": 40.4,
}
"""Published accuracy of code-davinci-002 with a chain of thought."""


@pytest.mark.parametrize("task", BBH)
def test_bbh_answers_get_their_published_verdicts(real_data: Path, task: str) -> None:
    with gzip.open(real_data / "bbh" / "code-davinci-002_outputs_12tasks.jsonl.gz", "rt") as lines:
        rows = [row for row in map(json.loads, lines) if (row["task"], row["mode"]) == (task, "cot")]
    right = sum(score(row["prediction"], row["target"], answer_marker="the answer is").score for row in rows)
    assert round(100 * right / len(rows), 1) == BBH[task]
    assert not any(row["prediction"] == row["target"] for row in rows)


DRESSED = st.sampled_from(
    [
        "{}",
        "**{}**",
        "Answer: {}",
        "The answer is {}.",
        "Answer: **{}**",
        "```\n{}\n```",
        '"{}"',
        "{}\n",
        "### Answer\n{}",
    ]
)
PHRASE = st.from_regex(r"[a-z]{3,9}( [a-z]{3,9}){0,3}", fullmatch=True).filter(
    lambda text: "answer" not in text
)


@given(PHRASE, DRESSED, st.sampled_from([str.upper, str.title, str]))
def test_a_phrase_in_any_dress_reads_back(phrase: str, dress: str, case: type[str]) -> None:
    verdict = score(dress.format(case(phrase)), phrase)
    assert (verdict.score, verdict.parsed) == (1, True)
    assert score(dress.format(case(phrase)), f"{phrase} x").score == 0


@given(PHRASE, st.text(st.characters(categories=["Zs", "P", "S"]), max_size=12))
def test_signs_around_a_wrong_phrase_do_not_turn_it_right(phrase: str, noise: str) -> None:
    assert score(f"{noise}{phrase}{noise}", f"other {phrase}").score == 0


@given(st.text())
def test_any_text_gets_a_score(text: str) -> None:
    assert 0 <= score(text, "Paris France", metric="f1").score <= 1
    assert score(text, "7", math=True).score in (0, 1)


@given(st.text(st.characters(codec="ascii")))
def test_a_normal_form_is_its_own(text: str) -> None:
    assert exact.normal(exact.normal(text)) == exact.normal(text)
