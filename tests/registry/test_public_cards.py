"""The bundled cards of public sets, through the loopback hub: items, references, worked examples."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from registry.loopback_hub import Hub, Repo, hub
from registry.public import dataset, humaneval, mbpp
from worked import blocks, example, holds_the_prompt

from whichmodel import sandbox
from whichmodel.domain import Answer, Bank, Verdict
from whichmodel.registry import bank, find
from whichmodel.scoring import scorer

At = Callable[[Hub], Path]
NAMES = ("humaneval", "mbpp")
CHECKED = 12
"""References that are run in the sandbox."""


def loaded(name: str, at: At, real_data: Path) -> Bank:
    repo: Repo = humaneval(real_data) if name == "humaneval" else mbpp()
    with hub({dataset(name).repo: repo}) as server:
        at(server)
        return bank(find([name])[0])


def judged(made: Bank, place: int, text: str) -> Verdict:
    verdict = scorer(made.card.scorer)(Answer(text), made.items[place], made.card.options)
    found: Verdict = asyncio.run(verdict) if asyncio.iscoroutine(verdict) else verdict
    return found


def can_run() -> None:
    if not (found := sandbox.available()).ok:
        pytest.fail(found.reason) if os.environ.get("CI") == "true" else pytest.skip(found.reason)


def test_every_public_card_is_tested_here() -> None:
    assert tuple(card.name for card in find([]) if card.hub) == NAMES


def test_humaneval_has_its_164_items_from_the_pinned_commit(at: At, real_data: Path) -> None:
    made = loaded("humaneval", at, real_data)
    assert made.card.source == f"hf://openai/openai_humaneval@{dataset('humaneval').revision}"
    assert {item.id for item in made.items} == {f"humaneval-{n}" for n in range(164)}
    for item in made.items:
        assert set(item.target) == {"entry_point", "check"}
        assert f"def {item.target['entry_point']}(" in item.input
        assert item.input.endswith("\n```\n")
        assert str(item.metadata["prompt"]) in item.input
        assert "def check(" in item.target["check"]
        assert item.target["check"].strip() not in item.input
        compile(item.reference.removeprefix("```python\n").removesuffix("\n```\n"), item.id, "exec")


def test_mbpp_shows_its_asserts_and_not_its_code(at: At, real_data: Path) -> None:
    made = loaded("mbpp", at, real_data)
    assert len(made.items) == 120
    for item in made.items:
        assert all(line in item.input for line in item.target["asserts"])
        code = item.reference.removeprefix("```python\n").removesuffix("\n```\n")
        assert code.strip() not in item.input
        names: dict[str, object] = {}
        exec(code, names)  # generated above
        for line in item.target["asserts"]:
            exec(line, names)


@pytest.mark.parametrize("name", NAMES)
def test_the_worked_example_s_prompt_is_the_item_s(name: str, at: At, real_data: Path) -> None:
    made = loaded(name, at, real_data)
    assert holds_the_prompt(made.card, made.items[_place(made)].input)


@pytest.mark.parametrize("name", NAMES)
def test_the_worked_example_s_answers_score_what_is_said(name: str, at: At, real_data: Path) -> None:
    can_run()
    made = loaded(name, at, real_data)
    answers = blocks(made.card, "answer")
    assert {float(said) for said, _ in answers} >= {0.0, 1.0}
    for said, text in answers:
        verdict = judged(made, _place(made), text.rstrip("\n"))
        assert verdict.score == float(said), verdict.detail


@pytest.mark.parametrize("name", NAMES)
def test_references_pass_and_empty_bodies_do_not(name: str, at: At, real_data: Path) -> None:
    can_run()
    made = loaded(name, at, real_data)
    for place in range(CHECKED):
        assert judged(made, place, made.items[place].reference).score == 1, made.items[place].id
        assert judged(made, place, "```python\npass\n```").score == 0


def _place(made: Bank) -> int:
    named = re.search(r"Item `([^`]+)`", example(made.card))
    assert named
    return next(place for place, item in enumerate(made.items) if item.id == named[1])
