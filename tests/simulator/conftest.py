"""A small bank of each kind and a running demo panel."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from whichmodel.domain import Bank, Item, TaskCard
from whichmodel.simulator.serve import serve

MakeBank = Callable[..., Bank]


def card(category: str, scorer: str) -> TaskCard:
    return TaskCard(
        name=f"handmade-{scorer}",
        category=category,
        title="Handmade",
        description="Made by a test.",
        version="1",
        licence="Apache-2.0",
        source="this test",
        metric="share right",
        scorer=scorer,
        folder=Path("/nowhere"),
    )


def invoice(number: int) -> Item:
    fields = {
        "number": f"INV-{1000 + number}",
        "total": 100.25 + number,
        "date": f"2026-03-{number % 28 + 1:02d}",
        "lines": [{"name": "wide bolt", "count": 3}, {"name": "long nut", "count": number}],
    }
    reference = json.dumps(fields, indent=2)
    return Item(id=f"i-{number}", input=f"Read invoice {number}.", target=fields, reference=reference)


def addition(number: int) -> Item:
    target = number + 17
    return Item(
        id=f"a-{number}",
        input=f"What is {number} + 17?\nEnd with `ANSWER: <number>`.\n",
        target=target,
        reference=f"I add both.\nANSWER: {target}",
    )


@pytest.fixture(scope="session")
def make_bank() -> MakeBank:
    """A bank of a category and a scorer from a function that makes items by number."""

    def make(category: str, scorer: str, item: Callable[[int], Item], count: int = 300) -> Bank:
        items = tuple(item(number) for number in range(count))
        return Bank(card=card(category, scorer), items=items, task_hash="handmade")

    return make


@pytest.fixture(scope="session")
def invoices(make_bank: MakeBank) -> Bank:
    return make_bank("extraction", "fields", invoice)


@pytest.fixture(scope="session")
def additions(make_bank: MakeBank) -> Bank:
    return make_bank("reasoning", "numeric", addition)


@pytest.fixture(scope="session")
def addresses(invoices: Bank, additions: Bank) -> Iterator[Mapping[str, str]]:
    """A running demo panel that knows both banks."""
    with serve([invoices, additions], seed=7) as found:
        yield found
