"""The page of a card's keys names what the code has, and each of its recipes makes items."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from registry.loopback_hub import Hub, Repo, hub, parquet

from whichmodel.registry import bank
from whichmodel.registry.card_file import ITEM_FIELDS, CardFile, DatasetFile
from whichmodel.registry.cards import read_card
from whichmodel.registry.steps import STEPS

PAGE = (ROOT / "docs" / "reference" / "tasks.md").read_text(encoding="utf-8")
HEAD = """\
name: mine
category: reasoning
title: A public set
description: Made by a test.
version: "1"
licence: as its owner says
source: the hub
metric: share
scorer: {scorer}
"""
ROWS: dict[str, Mapping[str, Any]] = {
    "GSM8K": {"question": "q", "answer": "so\n#### 1,200"},
    "MMLU": {"question": "q", "subject": "law", "choices": ["w", "x"], "answer": 1},
    "MMLU-Pro": {"question_id": 7, "question": "q", "options": ["w", "x"], "answer": "B", "category": "law"},
    "ARC": {"id": "a", "question": "q", "answerKey": "B",
            "choices": {"text": ["w", "x"], "label": ["A", "B"]}},
    "BoolQ": {"question": "is it", "passage": "p", "answer": True},
    "SST-2": {"idx": 0, "sentence": "s", "label": 1},
    "SQuAD": {"id": "a", "title": "t", "context": "c", "question": "q", "answers": {"text": ["x", "y", "x"]}},
    "DROP": {"section_id": "s", "query_id": "a", "passage": "p", "question": "q",
             "answers_spans": {"spans": ["x", "x"], "types": ["span", "span"]}},
    "TriviaQA": {"question_id": "a", "question": "q", "answer": {"aliases": ["x", "y"], "value": "x"}},
    "MATH-500": {"problem": "p", "answer": "\\frac{1}{2}", "level": 5},
    "WNUT17": {"id": "0", "tokens": ["Ann", "sleeps"], "ner_tags": [1, 0]},
}  # fmt: skip
"""A row of each set in the shape that it has on the hub."""
CLASSES = {"SST-2": {"label": ["negative", "positive"]}, "WNUT17": {"ner_tags": ["O", "B-person"]}}
TARGETS: dict[str, Any] = {
    "GSM8K": "1200",
    "MMLU": "B",
    "MMLU-Pro": "B",
    "ARC": "B",
    "BoolQ": "yes",
    "SST-2": "positive",
    "SQuAD": ["x", "y"],
    "DROP": ["x"],
    "TriviaQA": ["x", "y"],
    "MATH-500": "\\frac{1}{2}",
    "WNUT17": [{"text": "Ann", "type": "person"}],
}
RECIPE = re.compile(r"^([\w-]+), scorer `(\w+)`[^\n]*:\n\n```yaml\n(.*?)```", re.MULTILINE | re.DOTALL)
RECIPES = {name: (scorer, text) for name, scorer, text in RECIPE.findall(PAGE)}


def names(heading: str) -> set[str]:
    """Names in the first column of the table with this heading."""
    table = PAGE.split(f"| {heading} |")[1].split("\n\n")[0]
    cells = (line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    return {name for cell in cells for name in re.findall(r"`([a-z_]+)", cell)}


def test_every_key_and_step_is_on_the_page_and_none_that_does_not_exist() -> None:
    assert names("key") == set(CardFile.model_fields)
    assert names("key of `dataset`") == set(DatasetFile.model_fields)
    assert names("step") == set(STEPS)
    assert all(f"`{field}`" in PAGE for field in ITEM_FIELDS)


def test_every_recipe_is_tried_below() -> None:
    assert set(RECIPES) == set(ROWS) == set(TARGETS)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_recipe_makes_items(name: str, tmp_path: Path, at: Callable[[Hub], Path]) -> None:
    scorer, text = RECIPES[name]
    folder = tmp_path / "reasoning" / "mine"
    folder.mkdir(parents=True)
    (folder / "task.yaml").write_text(HEAD.format(scorer=scorer) + text, encoding="utf-8")
    card = read_card(folder)
    assert card.hub is not None
    config = card.hub.config or "data"
    files = {f"{config}/{card.hub.split}-00000-of-00001.parquet": parquet([ROWS[name]], CLASSES.get(name))}
    repo = Repo(files)
    if card.hub.revision:
        repo.history[card.hub.revision] = files
    with hub({card.hub.repo: repo}) as server:
        at(server)
        [item] = bank(card).items
    assert item.target == TARGETS[name]
    assert item.reference
    assert item.input.strip()
