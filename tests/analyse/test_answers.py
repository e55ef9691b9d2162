"""What models answered, as numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from whichmodel.analyse.answers import NOTHING, answers

Outcomes = Callable[..., pd.DataFrame]
ITEMS = 6


def _by_item(frame: pd.DataFrame) -> dict[str, list[int]]:
    """Item -> the codes of the models, in the order of their names."""
    [found] = answers(frame, {})
    return {item: row.tolist() for item, row in zip(found.evidence.items, found.code, strict=True)}


def test_equal_answers_of_an_item_are_equal_numbers_whoever_gave_them(outcomes: Outcomes) -> None:
    a = outcomes({"a/a": [1] * 4}, answer_norm=["x", "y", "x", "z"])
    b = outcomes({"b/b": [1] * 4}, answer_norm=["x", "x", "x", "zz"])
    codes = _by_item(pd.concat([a, b]))
    assert [left == right for left, right in (codes[f"i{k:05d}"] for k in range(4))] == [
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("status", ["refused", "truncated", "failed"])
def test_what_was_refused_cut_off_or_failed_agrees_with_nothing(outcomes: Outcomes, status: str) -> None:
    score = np.nan if status == "failed" else 0.0
    frame = outcomes({"a/a": [score] * ITEMS}, status=status, answer_norm="x")
    assert {code for row in _by_item(frame).values() for code in row} == {NOTHING}


@pytest.mark.parametrize("said", [None, "", "  "])
def test_an_answer_without_a_normal_form_agrees_with_nothing(outcomes: Outcomes, said: str | None) -> None:
    frame = outcomes({"a/a": [0.0] * ITEMS, "b/b": [0.0] * ITEMS}, parsed=False, answer_norm=said)
    assert {code for row in _by_item(frame).values() for code in row} == {NOTHING}


def test_an_answer_read_out_of_another_form_counts_as_it_was_read(outcomes: Outcomes) -> None:
    frame = outcomes({"a/a": [1.0] * ITEMS, "b/b": [1.0] * ITEMS}, parsed=False, answer_norm="18")
    assert all(left == right != NOTHING for left, right in _by_item(frame).values())


def test_of_several_epochs_the_first_counts_with_its_own_score_and_cost(outcomes: Outcomes) -> None:
    first = outcomes({"a/a": [1.0, np.nan]}, answer_norm=["x", None], cost_usd=0.001)
    second = outcomes({"a/a": [0.0, 1.0]}, answer_norm=["y", "y"], cost_usd=0.005, epoch=2)
    [found] = answers(pd.concat([second, first]), {})
    row = found.evidence.items.index("i00000")
    assert found.epochs == 2
    assert found.evidence.score[row, 0] == 1
    assert found.evidence.cost_usd[row, 0] == 0.001
    other = found.evidence.items.index("i00001")
    assert np.isnan(found.evidence.score[other, 0])
    assert found.code[other, 0] == NOTHING


def test_answers_under_settings_that_do_not_count_are_left_out(outcomes: Outcomes) -> None:
    old = outcomes({"a/a": [1.0] * ITEMS}, answer_norm="old")
    new = outcomes(
        {"a/a": [1.0] * 3},
        answer_norm="new",
        settings_hash="s2",
        started_at=pd.Timestamp("2026-11-09", tz="UTC"),
    )
    [found] = answers(pd.concat([old, new]), {})
    assert (found.code == NOTHING).sum() == 0
    assert len(found.evidence.items) == 3


def test_a_part_of_the_items_keeps_answers_and_scores_side_by_side(outcomes: Outcomes) -> None:
    frame = outcomes({"a/a": np.arange(10) % 2}, answer_norm=[str(k % 2) for k in range(10)])
    [found] = answers(frame, {})
    part = found.rows(3, 8)
    assert part.evidence.items == found.evidence.items[3:8]
    right = part.code[part.evidence.score == 1]
    assert len(set(right.tolist())) == 1


def test_no_outcomes_are_no_answers(outcomes: Outcomes) -> None:
    assert answers(outcomes({"a/a": [1.0]}).iloc[:0], {}) == ()
