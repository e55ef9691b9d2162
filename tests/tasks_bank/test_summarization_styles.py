"""Summaries as models write them: good ones in any style reach the full mark, one error in them costs."""

from __future__ import annotations

from functools import cache

import pytest
from tasks_bank import meeting_summaries, report_summaries, thread_summaries

from whichmodel import registry
from whichmodel.domain import Answer, Item
from whichmodel.scoring import summary

SETS = {"meetings": meeting_summaries, "reports": report_summaries, "support_threads": thread_summaries}
GOOD = [
    (task, item, n) for task, held in SETS.items() for item in held.GOOD for n in range(len(held.GOOD[item]))
]
ERRORS = [(task, *error) for task, held in SETS.items() for error in held.ERRORS]


@cache
def items(task: str) -> dict[str, Item]:
    return {item.id: item for item in registry.bank(registry.find([task])[0]).items}


@pytest.mark.parametrize(("task", "item", "number"), GOOD)
def test_a_good_summary_of_any_style_reaches_the_full_mark(task: str, item: str, number: int) -> None:
    verdict = summary.score(Answer(SETS[task].GOOD[item][number]), items(task)[item], {})
    assert verdict.score >= 0.95, verdict.detail


@pytest.mark.parametrize(("task", "item", "number", "right", "wrong"), ERRORS)
def test_one_error_in_it_costs(task: str, item: str, number: int, right: str, wrong: str) -> None:
    good = SETS[task].GOOD[item][number]
    assert right in good
    verdict = summary.score(Answer(good.replace(right, wrong)), items(task)[item], {})
    assert verdict.score < 0.96, verdict.detail


def test_there_are_thirty_of_each() -> None:
    assert len(GOOD) >= 30
    assert len(ERRORS) >= 30
