"""The bank of bugs: the mended program passes, the broken one does not, and the failures told are real."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from whichmodel import registry, sandbox
from whichmodel.domain import Answer, Bank, Item, Verdict
from whichmodel.scoring import code
from whichmodel.simulator import corrupt, luck
from whichmodel.simulator.answers import Question

CARD = registry.find(["bug_fix"])[0]
COUNT = 126
"""Items that most facts are looked at on; they contain every topic equally often."""
LASTING = {"mutable default", "shared state", "lost copy"}
"""Bugs by which an early call spoils the later ones."""
DIGEST = """
import hashlib, sys
from whichmodel.registry import bank, find
items = bank(find(["bug_fix"])[0], count=int(sys.argv[1])).items
print(hashlib.sha256(repr(items).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def first() -> Bank:
    return registry.bank(CARD, count=COUNT)


@pytest.fixture(scope="module")
def one_of_each(first: Bank) -> list[Item]:
    """An item of every family."""
    return list({item.metadata["family"]: item for item in reversed(first.items)}.values())


@pytest.fixture(scope="module")
def sandbox_works() -> None:
    found = sandbox.available()
    if not found.ok:
        said = f"{found.reason} {found.remedy}"
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)


def verdicts(items: list[Item], texts: list[str]) -> list[Verdict]:
    async def all_of_them() -> list[Verdict]:
        pairs = zip(items, texts, strict=True)
        return await asyncio.gather(*(code.score(Answer(text), item, CARD.options) for item, text in pairs))

    return asyncio.run(all_of_them())


def broken(item: Item) -> str:
    """The code that a prompt shows."""
    found = re.search(r"```python\n(.*?)```", item.input, re.DOTALL)
    assert found
    return found[1]


def mended(item: Item) -> str:
    return item.reference.removeprefix("```python\n").removesuffix("```\n")


def test_the_card_promises_what_the_bank_holds(first: Bank) -> None:
    assert (CARD.category, CARD.scorer, CARD.sandbox, CARD.uses) == ("coding", "code", True, ("functions",))
    assert CARD.count == 400
    assert [item.id for item in first.items] == [f"bug_fix-s0-{number:04d}" for number in range(COUNT)]


def test_topics_are_balanced(first: Bank) -> None:
    topics = Counter(item.stratum for item in first.items)
    assert len(topics) >= 6
    assert max(topics.values()) - min(topics.values()) <= 1


def test_bugs_are_of_many_kinds_and_some_items_have_two(first: Bank) -> None:
    kinds = Counter(kind for item in first.items for kind in item.metadata["bugs"])
    assert len(kinds) >= 20
    assert max(kinds.values()) <= 0.2 * kinds.total()
    numbers = Counter(len(item.metadata["bugs"]) for item in first.items)
    assert set(numbers) == {1, 2}
    assert 0.2 < numbers[2] / COUNT < 0.6


def test_programs_differ_from_their_mended_form_by_little(first: Bank) -> None:
    for item in first.items:
        wrong, right = broken(item).splitlines(), mended(item).splitlines()
        assert wrong != right
        changed = (Counter(right) - Counter(wrong)).total() + (Counter(wrong) - Counter(right)).total()
        assert changed <= 14, item.id


def test_prompts_hold_no_solution_and_no_hidden_case(first: Bank) -> None:
    for item in first.items:
        assert mended(item) not in item.input
        assert "__tick__" not in item.input + item.reference
        assert not re.search(r"@\w+@", item.input.split("```")[0])
        for case in item.target["cases"]:
            if "steps" not in case:
                assert (
                    f"{item.target['entry_point']}({', '.join(map(repr, case['args']))}) ==" not in item.input
                )


def test_every_item_has_different_hidden_cases_of_which_some_fail_and_most_pass(first: Bank) -> None:
    for item in first.items:
        cases = [json.dumps(case) for case in item.target["cases"]]
        assert len(set(cases)) == len(cases) >= 18
        told = re.search(r"Of (\d+) tests, (\d+) fail\. (One|Two|Three) of them:", item.input)
        assert told
        shown = {"One": 1, "Two": 2, "Three": 3}[told[3]]
        assert item.input.count("____ test_") == shown
        assert int(told[1]) == len(cases) + shown
        most = 0.9 if LASTING & set(item.metadata["bugs"]) else 0.5
        assert shown < int(told[2]) <= most * int(told[1])


def test_the_failures_told_are_those_of_the_broken_code(first: Bank) -> None:
    """For calls of functions with plain values, in a fresh program each."""
    told = 0
    for item in first.items:
        for call, got in re.findall(
            r"^>       assert (\w+\(.*\)) == .*\nE       AssertionError: assert (.*) == ",
            item.input,
            re.MULTILINE,
        ):
            if call.startswith("x.") or LASTING & set(item.metadata["bugs"]) or " == " in call + got:
                continue
            namespace: dict[str, Any] = {}
            exec(f"{broken(item)}\nfound = {call}", namespace)
            assert repr(namespace["found"]) == got, item.id
            told += 1
    assert told > 40


def test_no_item_hangs_on_the_order_of_a_set() -> None:
    """Another process, with other hashes of strings, makes the same bank."""
    ended = subprocess.run(
        [sys.executable, "-c", DIGEST, "42"],
        env={**os.environ, "PYTHONHASHSEED": "1234", "PYTHONPATH": str(Path(registry.__file__).parents[2])},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    items = registry.bank(CARD, count=42).items
    assert ended.stdout.strip() == hashlib.sha256(repr(items).encode()).hexdigest()


@pytest.mark.usefixtures("sandbox_works")
def test_mended_programs_earn_the_full_score_and_broken_ones_nothing(one_of_each: list[Item]) -> None:
    found = verdicts(one_of_each, [item.reference for item in one_of_each])
    assert [v.detail["explanation"] for v in found if v.score != 1.0] == []
    again = verdicts(one_of_each, [f"```python\n{broken(item)}```" for item in one_of_each])
    assert {v.score for v in again} == {0.0}
    assert all(0 < int(str(v.detail["passed"])) < int(str(v.detail["total"])) for v in again)


@pytest.mark.usefixtures("sandbox_works")
def test_state_that_outlives_a_call_is_caught(first: Bank) -> None:
    lasting = [
        item for item in first.items if {"mutable default", "shared state"} & set(item.metadata["bugs"])
    ]
    assert lasting
    found = verdicts(lasting, [f"```python\n{broken(item)}```" for item in lasting])
    assert {v.score for v in found} == {0.0}


@pytest.mark.usefixtures("sandbox_works")
@pytest.mark.parametrize("text", ["", "The bug is in the loop: it ends one too early."])
def test_an_answer_without_code_earns_nothing(one_of_each: list[Item], text: str) -> None:
    found = verdicts(one_of_each[:6], [text] * 6)
    assert {(v.score, v.parsed) for v in found} == {(0.0, False)}


@pytest.mark.usefixtures("sandbox_works")
def test_slips_of_the_demo_panel_hardly_ever_earn_the_full_score(one_of_each: list[Item]) -> None:
    items = one_of_each[::2]
    texts = [corrupt.wrong(Question(CARD, item, ()), luck.generator(5, item.input)) for item in items]
    assert sum(v.score == 1.0 for v in verdicts(items, texts)) <= 0.1 * len(items)
