"""A small bank of each kind and a running demo panel."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import pytest

from whichmodel.domain import Bank, Item, TaskCard
from whichmodel.simulator.serve import serve


def card(category: str, scorer: str, answers: Literal["text", "image"] = "text") -> TaskCard:
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
        answers=answers,
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


def picture(number: int) -> Item:
    count = number % 4 + 1
    spec: dict[str, Any] = {"include": [{"class": "dog", "count": count, "color": "red"}], "exclude": []}
    if count == 1:
        spec["exclude"] = [{"class": "dog", "count": 2}]
    return Item(
        id=f"p-{number}",
        input=f"Picture {number}: {count} red dogs.",
        target=count,
        metadata={"spec": spec},
    )


def bank(made: TaskCard, item: Callable[[int], Item], count: int = 300) -> Bank:
    return Bank(card=made, items=tuple(item(number) for number in range(count)), task_hash="handmade")


@pytest.fixture(scope="session")
def invoices() -> Bank:
    return bank(card("extraction", "fields"), invoice)


@pytest.fixture(scope="session")
def additions() -> Bank:
    return bank(card("reasoning", "numeric"), addition)


@pytest.fixture(scope="session")
def pictures() -> Bank:
    return bank(card("image-prompt", "image", "image"), picture, 40)


@pytest.fixture(scope="session")
def addresses(invoices: Bank, additions: Bank, pictures: Bank) -> Iterator[Mapping[str, str]]:
    """A running demo panel that knows the three banks and hardly waits."""
    with serve([invoices, additions, pictures], seed=7, latency_s=0.02) as found:
        yield found
