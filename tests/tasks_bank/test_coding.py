"""The bank of functions: right by construction, different by seed, and closed to empty answers."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from whichmodel import registry, sandbox
from whichmodel.domain import Answer, Bank, Item
from whichmodel.scoring import code

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
def one_of_each(first: Bank) -> list[Item]:
    """Three items of every family."""
    met: Counter[str] = Counter()
    chosen = []
    for item in first.items:
        met[item.metadata["family"]] += 1
        if met[item.metadata["family"]] <= 3:
            chosen.append(item)
    return chosen


def scores(items: list[Item], texts: list[str]) -> list[float]:
    async def score(item: Item, text: str) -> float:
        return (await code.score(Answer(text), item, {"call_s": 5})).score

    async def all_of_them() -> list[float]:
        return await asyncio.gather(*map(score, items, texts))

    return asyncio.run(all_of_them())


def test_the_card_promises_what_the_bank_holds(first: Bank) -> None:
    assert (first.card.name, first.card.category, first.card.scorer) == ("functions", "coding", "code")
    assert first.card.sandbox
    assert len(first.items) == first.card.count == 200


def test_topics_and_families_are_balanced(first: Bank) -> None:
    topics = Counter(item.stratum for item in first.items)
    families = Counter(item.metadata["family"] for item in first.items)
    assert len(topics) == 6
    assert max(topics.values()) - min(topics.values()) <= 1
    assert len(families) >= 18


def test_every_item_has_twenty_different_hidden_cases(first: Bank) -> None:
    for item in first.items:
        cases = [json.dumps(case) for case in item.target["cases"]]
        assert len(set(cases)) == len(cases) >= 20
        results = {
            json.dumps([c.get("expected"), c.get("steps"), c.get("raises")]) for c in item.target["cases"]
        }
        assert len(results) >= 4, f"{item.id}: the cases hardly differ in what they give"


def test_seeds_give_disjoint_items_and_the_same_seed_the_same() -> None:
    made = [bank(seed, 400).items for seed in (0, 1, 2)]
    prompts = [{item.input for item in items} for items in made]
    assert [len(p) for p in prompts] == [400, 400, 400]
    assert not prompts[0] & prompts[1] | prompts[0] & prompts[2] | prompts[1] & prompts[2]
    assert bank(1, 400).items == made[1]


def test_a_larger_bank_starts_with_the_smaller_one(first: Bank) -> None:
    assert first.items[:50] == bank(0, 50).items


def test_no_hidden_call_is_shown_in_the_prompt(first: Bank) -> None:
    for item in first.items:
        name = item.target["entry_point"]
        shown = item.input.split("Examples:")[1]
        for case in item.target["cases"]:
            if "steps" not in case:
                call = f"{name}({', '.join(map(repr, case['args']))})"
                assert call not in shown, item.id
        assert "def " not in item.input


def test_the_prompt_names_what_is_asked_for_and_how_to_answer(first: Bank) -> None:
    for item in first.items:
        assert f"`{item.target['entry_point']}(" in item.input
        assert not re.search(r"@\w+@", item.input), "a placeholder was left open"
        assert "one ```python block" in item.input


@pytest.mark.usefixtures("sandbox_works")
def test_references_earn_the_full_score(one_of_each: list[Item]) -> None:
    assert scores(one_of_each, [item.reference for item in one_of_each]) == [1.0] * len(one_of_each)


@pytest.mark.usefixtures("sandbox_works")
def test_other_answers_earn_nothing(one_of_each: list[Item]) -> None:
    items = one_of_each[::3]
    empty = ["" for _ in items]
    refusals = ["I am sorry, I cannot help with that." for _ in items]
    stubs = [f"```python\ndef {item.target['entry_point']}(*args): return None\n```" for item in items]
    for texts in (empty, refusals, stubs):
        assert scores(items, texts) == [0.0] * len(items)


@pytest.mark.usefixtures("sandbox_works")
@pytest.mark.parametrize(
    ("old", "new"),
    [("return ", "return not "), ("(self, ", "(self, extra, "), ("raise ValueError", "return repr")],
)
def test_a_corrupted_reference_earns_nothing(one_of_each: list[Item], old: str, new: str) -> None:
    fitting = [item for item in one_of_each if old in item.reference]
    assert fitting
    assert max(scores(fitting, [item.reference.replace(old, new) for item in fitting])) == 0


@pytest.mark.usefixtures("sandbox_works")
def test_the_answer_to_another_item_of_the_family_is_wrong(first: Bank) -> None:
    of_family: dict[str, list[Item]] = {}
    for item in first.items:
        of_family.setdefault(item.metadata["family"], []).append(item)
    pairs = [(items[0], items[1]) for items in of_family.values()]
    texts = []
    for item, other in pairs:
        renamed = f"{item.target['entry_point']} = {other.target['entry_point']}"
        texts.append(other.reference.removesuffix("```\n") + renamed + "\n```\n")
    assert sum(scores([item for item, _ in pairs], texts)) <= 1
