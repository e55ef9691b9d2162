"""Puzzles are right or wrong by reasoning-gym's own verifiers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Answer, Item
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import verifier


def puzzle(dataset: str, answer: str, **metadata: object) -> Item:
    return Item(
        id="p-1",
        input="...",
        target=answer,
        metadata={"dataset": dataset, "entry": {"answer": answer, "metadata": metadata}},
    )


SUM = puzzle("basic_arithmetic", "42")
GRID = puzzle("shortest_path", "right down", matrix=[["*", "O"], ["O", "#"]], solution=["right", "down"])
KNIGHTS = puzzle("knights_knaves", "Zoe is a knight, and Ada is a knave.")


@pytest.mark.parametrize(
    ("text", "answer", "parsed"),
    [
        ("ANSWER: 42", "42", True),
        ("First 40, then 2.\n**ANSWER:** 42\n", "42", True),
        ("Answer: `42`", "42", True),
        ("ANSWER: 41\nNo, wait.\nANSWER: 42", "42", True),
        (r"ANSWER: $\boxed{42}$", "42", True),
        ("<think>ANSWER: 41</think>\nANSWER: 42", "42", True),
        ("It comes to\n42\n", "42", False),
        ("ANSWER:\n42", "42", True),
        ("**Final answer: 42**", "42", False),
        ("The answer is 42.\nLet me know if you need more.", "42.", False),
        (r"So \(\boxed{42}\), as was to be shown.", "42", False),
        ("ANSWER:", "", False),
        ("", "", False),
    ],
)
def test_the_answer_is_read_after_its_marker_or_else_from_the_last_line(
    text: str, answer: str, parsed: bool
) -> None:
    assert verifier.read(text) == (answer, parsed)


DICE = puzzle("dice", "593/1368")
SUM_OF_DECIMALS = puzzle("decimal_chain_sum", "8156.3003")
ROW = puzzle("arc_1d", "0 4 4 0")


@pytest.mark.parametrize(
    ("item", "text", "score"),
    [
        (DICE, r"ANSWER: $\frac{593}{1368}$", 1.0),
        (DICE, r"ANSWER: \(\dfrac{593}{1369}\)", 0.0),
        (SUM_OF_DECIMALS, "ANSWER: **8,156.3003**", 1.0),
        (SUM_OF_DECIMALS, "ANSWER: 8,156.30", 0.0),
        (ROW, "ANSWER: `0  4 4 0`", 1.0),
        (SUM, "ANSWER: 42", 1.0),
        (SUM, "ANSWER: 42.", 1.0),
        (SUM, "ANSWER: 420", 0.0),
        (SUM, "ANSWER: -42", 0.0),
        (SUM, "I cannot help with that.", 0.0),
        (GRID, "ANSWER: right down", 1.0),
        (GRID, "ANSWER: down right", 1.0),
        (GRID, "ANSWER: right left right down", 0.0),
        (KNIGHTS, "ANSWER: Ada is a knave, and Zoe is a knight", 1.0),
        (KNIGHTS, "ANSWER: Ada is a knight, and Zoe is a knight", 0.0),
    ],
)
def test_only_a_full_mark_of_the_verifier_counts(item: Item, text: str, score: float) -> None:
    assert verifier.score(Answer(text), item, {}).score == score


def test_an_answer_without_marker_scores_and_is_counted_as_unparsed() -> None:
    verdict = verifier.score(Answer("42"), SUM, {})
    assert (verdict.score, verdict.parsed) == (1.0, False)


def test_a_family_whose_verifier_runs_the_answer_as_code_is_refused() -> None:
    with pytest.raises(ScoringFailed, match="spiral_matrix"):
        verifier.score(Answer("ANSWER: __import__('os').getpid()"), puzzle("spiral_matrix", "1 2"), {})


def test_a_verifier_that_breaks_down_gives_no_score() -> None:
    broken = puzzle("calendar_arithmetic", "7")  # The entry lacks the task its verifier asks for.
    with pytest.raises(ScoringFailed, match="calendar_arithmetic"):
        verifier.score(Answer("ANSWER: 7"), broken, {})


@given(st.text(), st.sampled_from([SUM, GRID, KNIGHTS]))
def test_any_text_is_right_or_wrong_and_always_the_same(text: str, item: Item) -> None:
    first = verifier.score(Answer(text), item, {})
    assert first.score in {0.0, 1.0}
    assert first == verifier.score(Answer(text), item, {})
