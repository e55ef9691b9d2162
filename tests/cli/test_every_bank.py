"""Every bank that comes along tells a strong simulated model from a weak one, the strong one ahead."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pytest
from program import Bench

from whichmodel.domain import TaskCard
from whichmodel.registry import all_cards
from whichmodel.simulator.panel import PANEL

CARDS = sorted((c for c in all_cards() if c.items == "generate.py"), key=lambda c: (c.category, c.name))
ITEMS = {"classification": 240, "extraction": 240, "translation": 240, "image-prompt": 160}
"""Where the panel's skills lie close together, or an error costs a part of the score."""
FEW = 60


def best_and_worst(category: str) -> tuple[str, str]:
    """The models of the demo panel with the most and the least skill in a category."""
    able = sorted((m for m in PANEL if category in m.skill), key=lambda m: m.skill[category])
    return able[-1].id, able[0].id


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The comparison of the two models of each task's category, as `bench compare` tells it."""
    bench = Bench(tmp_path_factory.mktemp("banks"))
    assert bench("init").code == 0
    found: dict[str, Any] = {}
    for category, cards in groupby(CARDS, key=lambda card: card.category):
        pair = best_and_worst(category)
        tasks, limit = ",".join(card.name for card in cards), str(ITEMS.get(category, FEW))
        ended = bench(
            "demo", "--tasks", tasks, "--models", ",".join(pair), "--limit", limit, "--yes", "--json"
        )
        assert ended.code == 0, ended.err
        told = bench("compare", *pair, "--json")
        assert told.code == 0, told.err
        found |= {row["task"]: row for row in told.document if row["task"] in tasks.split(",")}
    return found


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_a_strong_model_stands_ahead_of_a_weak_one(compared: dict[str, Any], card: TaskCard) -> None:
    row = compared[card.name]
    assert (row["a"], row["b"]) == best_and_worst(card.category)
    assert row["n"] >= 0.9 * ITEMS.get(card.category, FEW)
    assert row["low"] > 0, f"{row['difference']:.3f} [{row['low']:.3f}, {row['high']:.3f}]"
