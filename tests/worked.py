"""The worked example in a task's README: its item, and its blocks `~~~<kind> <given>`."""

from __future__ import annotations

import re
from functools import cache

from whichmodel.domain import Bank, Item, TaskCard
from whichmodel.registry import bank, find

HEADING = "## A worked example"
BLOCK = re.compile(r"^~~~(\w+)[ ]?([^\n]*)\n(.*?)^~~~$", re.DOTALL | re.MULTILINE)


def example(card: TaskCard) -> str:
    """The section of the README."""
    readme = (card.folder / "README.md").read_text(encoding="utf-8")
    assert HEADING in readme, f"{card.name} has no worked example"
    return readme.partition(HEADING)[2].partition("\n## ")[0]


def item_of(card: TaskCard) -> Item:
    """The item that it names, out of the task's own bank."""
    named = re.search(r"Item `([^`]+)`", example(card))
    assert named, f"{card.name}: the worked example names no item"
    return next(item for item in _bank(card.name).items if item.id == named[1])


@cache
def _bank(name: str) -> Bank:
    return bank(find([name])[0])


def blocks(card: TaskCard, kind: str) -> list[tuple[str, str]]:
    """What stands behind the kind, and the text, of each block of a kind."""
    found = [(given, text) for name, given, text in BLOCK.findall(example(card)) if name == kind]
    assert found, f"{card.name}: the worked example has no block `{kind}`"
    return found


def holds_the_prompt(card: TaskCard, prompt: str) -> bool:
    """Whether the lines of the block `prompt` stand in a prompt in their order, `...` being any lines."""
    (_, shown), *_ = blocks(card, "prompt")
    pieces = [piece.strip("\n") for piece in re.split(r"^[ \t]*\.\.\.[ \t]*$", shown, flags=re.MULTILINE)]
    assert any(pieces), f"{card.name}: the prompt shows nothing"
    for piece in filter(None, pieces):
        _, found, prompt = prompt.partition(piece)
        if not found:
            return False
    return True
