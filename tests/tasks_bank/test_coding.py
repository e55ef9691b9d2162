"""The bank of functions: right by construction, different by seed, and closed to empty answers."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from whichmodel import registry, sandbox
from whichmodel.domain import Answer, Bank, Item
from whichmodel.scoring import code
from whichmodel.simulator.answers import Question
from whichmodel.simulator.corrupt import program

FOLDER = Path(__file__).resolve().parents[2] / "tasks" / "coding" / "functions"


@pytest.fixture(scope="module")
def sandbox_works() -> None:
    found = sandbox.available()
    if not found.ok:
        said = f"{found.reason} {found.remedy}"
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)


def bank(seed: int, count: int | None = None) -> Bank:
    (card,) = registry.find([str(FOLDER)])
    return registry.bank(card, seed=seed, count=count)


@pytest.fixture(scope="module")
def first() -> Bank:
    return bank(0)


@pytest.fixture(scope="module")
def three_of_each(first: Bank) -> list[Item]:
    """Three rounds of all families, in the same order."""
    return list(first.items[: 3 * 42])


def scores(items: list[Item], texts: list[str], call_s: float = 5) -> list[float]:
    async def score(item: Item, text: str) -> float:
        return (await code.score(Answer(text), item, {"call_s": call_s})).score

    async def all_of_them() -> list[float]:
        return await asyncio.gather(*map(score, items, texts))

    return asyncio.run(all_of_them())


def test_the_card_promises_what_the_bank_holds(first: Bank) -> None:
    assert (first.card.name, first.card.category, first.card.scorer) == ("functions", "coding", "code")
    assert first.card.sandbox
    assert len(first.items) == first.card.count == 400


def test_seven_topics_of_six_families_are_balanced(first: Bank) -> None:
    topics = Counter(item.stratum for item in first.items)
    families = Counter((item.stratum, item.metadata["family"]) for item in first.items)
    assert len(topics) == 7
    assert max(topics.values()) - min(topics.values()) <= 1
    assert Counter(topic for topic, _ in families) == dict.fromkeys(topics, 6)
    assert len({family for _, family in families}) == 42
    assert max(families.values()) - min(families.values()) <= 1


def test_every_item_has_twenty_different_hidden_cases(first: Bank) -> None:
    for item in first.items:
        cases = [json.dumps(case) for case in item.target["cases"]]
        assert len(set(cases)) == len(cases) >= 20
        results = {
            json.dumps([c.get("expected"), c.get("steps"), c.get("raises")]) for c in item.target["cases"]
        }
        assert len(results) >= 4, f"{item.id}: the cases hardly differ in what they give"


def test_no_hidden_call_is_shown_in_the_prompt(first: Bank) -> None:
    for item in first.items:
        name = item.target["entry_point"]
        shown = item.input.split("Examples:")[1]
        for case in item.target["cases"]:
            if "steps" not in case:
                call = f"{name}({', '.join(map(repr, case['args']))})"
                assert call not in shown, item.id
        assert "def " not in item.input
        assert item.reference not in item.input


def test_the_prompt_names_what_is_asked_for_and_how_to_answer(first: Bank) -> None:
    for item in first.items:
        assert f"`{item.target['entry_point']}(" in item.input
        assert not re.search(r"@\w+@", item.input), "a placeholder was left open"
        assert "one ```python block" in item.input


def test_no_reference_keeps_a_condition_that_is_decided(first: Bank) -> None:
    decided = re.compile(r"(if|elif|and|or|not) \(?(True|False)\b|\b(True|False) (and|or)\b")
    for item in first.items:
        assert not decided.search(item.reference), item.id


@pytest.mark.usefixtures("sandbox_works")
def test_the_sandbox_has_sqlite_with_windows_and_recursion() -> None:
    query = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i, SUM(i) OVER"
    )
    connected = "sqlite3.connect(':memory:')"
    source = f"import sqlite3\n\n\ndef run(query):\n    return {connected}.execute(query).fetchall()"

    async def ask() -> object:
        async with sandbox.session(source) as inside:
            return await inside.call("run", f"{query} (ORDER BY i) FROM n")

    assert asyncio.run(ask()) == [(1, 1), (2, 3), (3, 6)]


@pytest.mark.usefixtures("sandbox_works")
def test_references_earn_the_full_score(three_of_each: list[Item]) -> None:
    assert len(three_of_each) == 3 * 42
    assert scores(three_of_each, [item.reference for item in three_of_each]) == [1.0] * len(three_of_each)


@pytest.mark.usefixtures("sandbox_works")
def test_other_answers_earn_nothing(three_of_each: list[Item]) -> None:
    items = three_of_each[:42:2]
    empty = ["" for _ in items]
    refusals = ["I am sorry, I cannot help with that." for _ in items]
    stubs = [f"```python\ndef {item.target['entry_point']}(*args): return None\n```" for item in items]
    for texts in (empty, refusals, stubs):
        assert scores(items, texts) == [0.0] * len(items)


@pytest.mark.usefixtures("sandbox_works")
def test_a_reference_that_raises_nothing_earns_nothing(three_of_each: list[Item]) -> None:
    old, new = "raise ValueError", "return repr"
    raising = [
        item for item in three_of_each[:42] if "raises" in json.dumps(item.target) and old in item.reference
    ]
    assert len(raising) > 15
    assert max(scores(raising, [item.reference.replace(old, new) for item in raising])) == 0


@pytest.mark.usefixtures("sandbox_works")
def test_hardly_any_slip_in_a_reference_is_forgiven(first: Bank, three_of_each: list[Item]) -> None:
    items = three_of_each[42:84]
    texts = [
        program.wrong(Question(first.card, item, ()), Random(f"{number}"))
        for number, item in enumerate(items)
    ]
    assert sum(scores(items, texts, call_s=1)) <= 0.1 * len(items)


@pytest.mark.usefixtures("sandbox_works")
def test_the_answer_to_another_item_of_the_family_is_wrong(three_of_each: list[Item]) -> None:
    items, others = three_of_each[1:42:2], three_of_each[85::2]
    texts = []
    for item, other in zip(items, others, strict=True):
        assert item.metadata == other.metadata
        renamed = f"{item.target['entry_point']} = {other.target['entry_point']}"
        texts.append(other.reference.removesuffix("```\n") + renamed + "\n```\n")
    assert sum(scores(items, texts)) <= 1
