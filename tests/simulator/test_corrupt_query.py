"""Errors of SQL that a simulated model makes."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from whichmodel.domain import Item, TaskCard
from whichmodel.simulator import corrupt
from whichmodel.simulator.answers import Question
from whichmodel.simulator.corrupt import query

REFERENCE = """```sql
SELECT a.id, a.name, COUNT(DISTINCT b.day) AS n
FROM a
LEFT JOIN b ON b.a = a.id
WHERE a.kind = 'x'
  AND b.size <= 3
GROUP BY a.id, a.name
ORDER BY n DESC, a.id
LIMIT 5;
```
"""


def asked(reference: str = REFERENCE) -> Question:
    card = TaskCard(
        name="q", category="coding", title="", description="", version="1", licence="", source="",
        metric="", scorer="sql", folder=Path(),
    )  # fmt: skip
    return Question(card, Item(id="1", input="?", target={}, reference=reference), ())


def errors(count: int = 60) -> list[str]:
    return [corrupt.wrong(asked(), Random(n)) for n in range(count)]


def test_an_error_is_another_query_in_the_same_fence() -> None:
    for text in errors():
        assert text.startswith("```sql\nSELECT ")
        assert text.endswith(";\n```\n")
        assert text != REFERENCE


@pytest.mark.parametrize(
    "trace",
    ["FROM a\nJOIN b", "COUNT(b.day)", "size < 3", "size <= 4", "ORDER BY n, a.id", "SELECT a.name, a.id,"],
)
def test_the_slips_are_those_that_people_make(trace: str) -> None:
    assert any(trace in text for text in errors())


def test_a_condition_may_be_lost() -> None:
    made = errors()
    assert any("kind" not in text for text in made)
    assert any("size" not in text for text in made)


def test_the_same_chance_makes_the_same_error() -> None:
    assert errors(5) == errors(5)


def test_a_query_without_a_fence_is_corrupted_too() -> None:
    bare = "SELECT id, name FROM a ORDER BY id"
    assert corrupt.wrong(asked(bare), Random(1)) != bare


def test_an_untidy_answer_describes_the_query() -> None:
    text = corrupt.untidy("sql", REFERENCE, Random(1))
    assert text == query.described(REFERENCE)
    assert "a, b" in text
    assert "SELECT" not in text
