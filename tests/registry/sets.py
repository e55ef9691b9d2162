"""Small sets in the shape of public ones, and cards that map them without any code."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

from whichmodel.domain import TaskCard
from whichmodel.registry.cards import read_card

HEAD = """\
name: {name}
category: {category}
title: A public set
description: Made by a test.
version: "1"
licence: MIT
source: a test
metric: share
scorer: {scorer}
count: {count}
items: hf://{repo}
dataset:
"""


def card(
    root: Path,
    dataset: str,
    *,
    repo: str = "org/set",
    scorer: str = "choice",
    count: int = 400,
    name: str = "mine",
    category: str = "reasoning",
    more: str = "",
) -> TaskCard:
    """A card with this text under `dataset:`."""
    folder = root / category / name
    folder.mkdir(parents=True, exist_ok=True)
    head = HEAD.format(name=name, category=category, scorer=scorer, count=count, repo=repo)
    (folder / "task.yaml").write_text(head + indent(dedent(dataset), "  ") + dedent(more), encoding="utf-8")
    return read_card(folder)
