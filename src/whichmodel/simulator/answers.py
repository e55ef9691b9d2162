"""What the simulated models know: the items of the banks they were started with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from whichmodel.domain import Bank, Item, TaskCard

MOST_OTHERS = 40


@dataclass(frozen=True, slots=True)
class Question:
    """An item as a simulated model meets it."""

    card: TaskCard
    item: Item
    others: tuple[str, ...]
    """Reference answers of other items of the bank: what a mix-up looks like."""


class Answers:
    """Finds an item by the exact prompt that was sent, outer white space aside."""

    def __init__(self, banks: Iterable[Bank]) -> None:
        self._questions: Mapping[str, Question] = {
            prompt_key(item.input): Question(bank.card, item, others)
            for bank in banks
            for others in [_references(bank)]
            for item in bank.items
        }

    def find(self, prompt: str) -> Question | None:
        """The item with this prompt. None = no bank holds it."""
        return self._questions.get(prompt_key(prompt))


def prompt_key(prompt: str) -> str:
    """SHA-256 of a prompt without its outer white space."""
    return hashlib.sha256(prompt.strip().encode()).hexdigest()


def _references(bank: Bank) -> tuple[str, ...]:
    """Different reference answers of a bank, in order of first appearance."""
    different = dict.fromkeys(item.reference for item in bank.items if item.reference)
    return tuple(different)[:MOST_OTHERS]
