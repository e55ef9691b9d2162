"""The bank of programs to trace."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter

import pytest

from whichmodel import registry
from whichmodel.domain import Answer, Item
from whichmodel.scoring import exact

CARD = registry.find(["tracing"])[0]
BANK = registry.bank(CARD)


def score(text: str, item: Item) -> float:
    return exact.score(Answer(text), item, CARD.options).score


def source(item: Item) -> str:
    return item.input.partition("```python\n")[2].partition("```")[0]


def test_every_reference_scores_one() -> None:
    assert [item.id for item in BANK.items if score(item.reference, item) != 1.0] == []
    assert [item.id for item in BANK.items if score(f"So:\n```\n{item.target}\n```", item) != 1.0] == []


@pytest.mark.parametrize(
    "text", ["", "I cannot help with that.", "Answer: N/A", "Answer:", "0", "Answer: None"]
)
def test_no_answer_scores_zero(text: str) -> None:
    assert max(score(text, item) for item in BANK.items) == 0.0


def test_a_line_with_one_value_off_is_wrong() -> None:
    for item in BANK.items:
        *most, last = str(item.target).split()
        assert score(f"Answer: {' '.join([*most, f'{last}1'])}", item) == 0.0
        assert score(f"Answer: {' '.join(most)}", item) == 0.0


def test_strata_are_balanced_and_no_two_programs_are_the_same() -> None:
    assert len(BANK.items) == CARD.count >= 400
    assert set(Counter(item.stratum for item in BANK.items).values()) == {50}
    assert len({source(item) for item in BANK.items}) == CARD.count
    shapes = {re.sub(r"\d+", "0", source(item)) for item in BANK.items}
    assert len(shapes) > 0.4 * CARD.count


def test_golds_differ_and_do_not_stand_in_the_prompt() -> None:
    assert Counter(item.target for item in BANK.items).most_common(1)[0][1] <= 3
    assert not any(str(item.target) in item.input for item in BANK.items)


def test_an_interpreter_of_its_own_prints_the_gold() -> None:
    for item in BANK.items[:8]:
        ended = subprocess.run(
            [sys.executable, "-I", "-c", source(item)], capture_output=True, text=True, timeout=20, check=True
        )
        assert ended.stdout == f"{item.target}\n"


def test_every_line_of_a_program_is_needed_to_be_read() -> None:
    """Each program holds a loop, a call of itself or an object: none is a chain of assignments."""
    for item in BANK.items:
        nodes = {type(node) for node in ast.walk(ast.parse(source(item)))}
        assert nodes & {ast.For, ast.FunctionDef, ast.ClassDef, ast.ListComp}
        assert 8 <= len(source(item).splitlines()) <= 40
