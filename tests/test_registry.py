"""Names -> tasks -> banks, and what goes wrong with somebody's task."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from whichmodel.errors import ConfigError, TaskError, UnknownName
from whichmodel.registry import all_cards, bank, find
from whichmodel.registry.cards import read_card

CARD = """\
name: {name}
category: coding
title: A task
description: Made by a test.
version: "1"
licence: Apache-2.0
source: a test
metric: share
scorer: choice
count: 3
"""
GENERATOR = """\
from whichmodel.domain import Item

def generate(seed, count):
    for n in range(count):
        yield Item(id=f"i{seed}-{n}", input=f"question {seed} {n}", target=str(n))
"""


def made(root: Path, name: str = "mine", *, card: str = CARD, code: str = GENERATOR) -> Path:
    folder = root / "coding" / name
    folder.mkdir(parents=True)
    (folder / "task.yaml").write_text(card.format(name=name))
    (folder / "generate.py").write_text(code)
    return folder


def test_every_category_has_a_bundled_task_of_at_least_a_hundred_items() -> None:
    cards = all_cards()
    assert {card.category for card in cards} == {
        "coding",
        "reasoning",
        "extraction",
        "summarization",
        "image-prompt",
        "classification",
        "translation",
    }
    assert min(card.count for card in cards) >= 100


def test_names_categories_globs_and_paths_find_tasks(tmp_path: Path) -> None:
    extraction = ["contracts", "emails", "entities", "invoices", "receipts", "resumes"]
    assert [c.name for c in find(["extraction"])] == extraction
    assert [c.name for c in find(["receipts"])] == ["receipts"]
    assert [c.name for c in find(["in*"])] == ["invoices"]
    assert [c.name for c in find([str(made(tmp_path))])] == ["mine"]
    assert [c.name for c in find([str(tmp_path)])] == ["mine"]
    assert [c.name for c in find(["mine"], extra=tmp_path)] == ["mine"]


def test_a_task_named_twice_is_found_once() -> None:
    assert len(find(["extraction", "invoices", "in*"])) == 6


def test_an_unknown_task_lists_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Nearest: extraction"):
        find(["extracton"])


def test_finding_a_task_imports_none_of_its_code(tmp_path: Path) -> None:
    folder = made(tmp_path, code="raise RuntimeError('imported')")
    assert find([str(folder)])[0].name == "mine"
    with pytest.raises(TaskError, match=r"generate\.py: The task's code raised RuntimeError on import"):
        bank(find([str(folder)])[0])


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("def generate(seed, count):\n    return []", "has no items"),
        ("def generate(seed, count):\n    raise KeyError('x')", "raised KeyError"),
        ("def generate(seed, count):\n    return [1]", "gave a int, not an Item"),
        ("x = 1", "no function `generate`"),
        (GENERATOR.replace('f"i{seed}-{n}"', '"same"'), "stands twice"),
    ],
)
def test_a_broken_generator_is_named_with_its_file(tmp_path: Path, code: str, says: str) -> None:
    folder = made(tmp_path, code=code)
    with pytest.raises(TaskError, match=says) as caught:
        bank(read_card(folder))
    assert str(folder) in str(caught.value)


def test_a_card_in_the_wrong_folder_says_so(tmp_path: Path) -> None:
    folder = made(tmp_path, "mine", card=CARD.replace("{name}", "yours"))
    with pytest.raises(ConfigError, match="Write `name: mine`"):
        read_card(folder)


def test_a_misspelt_key_of_a_card_names_the_nearest(tmp_path: Path) -> None:
    folder = made(tmp_path, card=CARD + "licnece: MIT\n")
    with pytest.raises(ConfigError, match="Nearest: licence"):
        read_card(folder)


def test_a_cached_bank_equals_a_fresh_one_and_changes_with_the_code(tmp_path: Path) -> None:
    folder = made(tmp_path / "tasks")
    fresh = bank(read_card(folder))
    first = bank(read_card(folder), cache=tmp_path / "banks")
    again = bank(read_card(folder), cache=tmp_path / "banks")
    assert first == again == fresh
    (folder / "generate.py").write_text(GENERATOR.replace("question", "query"))
    assert bank(read_card(folder), cache=tmp_path / "banks").task_hash != fresh.task_hash
    assert len(list((tmp_path / "banks").iterdir())) == 2


def test_a_cached_bank_changes_with_the_files_of_a_sibling_that_it_uses(tmp_path: Path) -> None:
    sibling, cache = made(tmp_path, "theirs"), tmp_path / "banks"
    code = GENERATOR.replace(
        "yield", "word = (Path(__file__).parents[1] / 'theirs' / 'word.txt').read_text()\n        yield"
    )
    code = "from pathlib import Path\n" + code.replace('f"question', 'f"{word}')
    folder = made(tmp_path, card=CARD + "uses: [theirs]\n", code=code)
    (sibling / "word.txt").write_text("first")
    assert bank(read_card(folder), cache=cache).items[0].input == "first 0 0"
    (sibling / "word.txt").write_text("second")
    assert bank(read_card(folder), cache=cache).items[0].input == "second 0 0"
    (sibling / "README.md").write_text("Prose changes nothing.")
    bank(read_card(folder), cache=cache)
    assert len(list(cache.iterdir())) == 2


def test_a_card_that_uses_a_missing_folder_says_which(tmp_path: Path) -> None:
    folder = made(tmp_path, card=CARD + "uses: [theirs]\n")
    with pytest.raises(ConfigError, match="`uses` names theirs"):
        read_card(folder)


def test_another_seed_is_another_bank(tmp_path: Path) -> None:
    card = read_card(made(tmp_path))
    assert bank(card, seed=0).task_hash != bank(card, seed=1).task_hash
    assert bank(card, seed=1) == bank(card, seed=1)


def test_items_of_a_file_are_read_and_a_bad_line_is_named(tmp_path: Path) -> None:
    folder = made(tmp_path, card=CARD + "items: items.jsonl\n")
    (folder / "items.jsonl").write_text('{"id": "a", "input": "q", "target": "t"}\n')
    assert bank(read_card(folder)).items[0].target == "t"
    (folder / "items.jsonl").write_text('{"id": "a", "input": "q", "target": "t"}\n{"id": "b"}\n')
    with pytest.raises(TaskError, match=r"items\.jsonl:2"):
        bank(read_card(folder))


def test_a_task_of_inspect_evals_needs_the_package() -> None:
    if "inspect_evals" in sys.modules:
        pytest.skip("inspect-evals is installed here")
    with pytest.raises(TaskError, match="pip install inspect-evals"):
        find(["inspect_evals/gsm8k"])
