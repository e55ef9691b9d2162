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
    """Reference answers of the bank's stratum: what a mix-up looks like."""


class Answers:
    """Finds an item by the exact prompt that was sent, outer white space aside."""

    def __init__(self, banks: Iterable[Bank]) -> None:
        self._questions: dict[str, Question] = {}
        for bank in banks:
            others = _references(bank)
            for item in bank.items:
                question = Question(bank.card, item, others[item.stratum])
                self._questions[prompt_key(item.input)] = question

    def find(self, prompt: str) -> Question | None:
        """The item with this prompt. None = no bank holds it."""
        return self._questions.get(prompt_key(prompt))


def prompt_key(prompt: str) -> str:
    """SHA-256 of a prompt without its outer white space."""
    return hashlib.sha256(prompt.strip().encode()).hexdigest()


def _references(bank: Bank) -> Mapping[str, tuple[str, ...]]:
    """Stratum -> its different reference answers, in order of first appearance."""
    found: dict[str, dict[str, None]] = {}
    for item in bank.items:
        different = found.setdefault(item.stratum, {})
        if item.reference and len(different) < MOST_OTHERS:
            different[item.reference] = None
    return {stratum: tuple(different) for stratum, different in found.items()}
