"""What a picture must show: one demand, and how it is checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from whichmodel.errors import ScoringFailed
from whichmodel.scoring.choice import named_labels
from whichmodel.scoring.image.look import Look

YES_NO = " Answer with yes or no only."
NUMBER = " Answer with a number only."
WORDS = " Answer with a few words only."
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Check(Protocol):
    """How it is found out whether a picture meets a demand."""

    async def met(self, look: Look) -> bool:
        """Whether the picture meets it. Raises ScoringFailed where that cannot be told."""


@dataclass(frozen=True, slots=True)
class YesNo:
    """A question to the vision model that a yes, or a no, meets."""

    question: str
    wanted: bool = True
    """The reply that meets it."""

    async def met(self, look: Look) -> bool:
        """Whether the reply meets it. Raises ScoringFailed for a reply that is neither."""
        reply = await look.reply(self.question)
        word = _plain(reply)
        if word not in {"yes", "no"}:
            raise _unreadable(self.question, reply)
        return (word == "yes") is self.wanted


@dataclass(frozen=True, slots=True)
class Count:
    """A question to the vision model that a number within bounds meets."""

    question: str
    least: int
    below: int | None = None
    """The count must stay below this. None = no upper bound."""

    async def met(self, look: Look) -> bool:
        """Whether the reply meets it. Raises ScoringFailed for a reply that is no number."""
        reply = await look.reply(self.question)
        word = _plain(reply)
        if not re.fullmatch(r"[0-9]{1,4}", word) and word not in _NUMBERS:
            raise _unreadable(self.question, reply)
        count = _NUMBERS.index(word) if word in _NUMBERS else int(word)
        return count >= self.least and (self.below is None or count < self.below)


@dataclass(frozen=True, slots=True)
class Named:
    """A question to the vision model that an answer in words meets."""

    question: str
    expected: str
    choices: tuple[str, ...] = ()
    """What it may choose from. () = it answers in its own words, the expected ones among them."""

    async def met(self, look: Look) -> bool:
        """Whether the reply meets it. Raises ScoringFailed for one that names no choice, or several."""
        reply = await look.reply(self.question)
        if not self.choices:
            if not reply.strip():
                raise _unreadable(self.question, reply)
            return bool(named_labels(reply, (self.expected,)))
        named = named_labels(reply, self.choices)
        if len(named) != 1:
            raise _unreadable(self.question, reply)
        return named[0] == self.expected


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing a picture must show."""

    name: str
    """What it asks for, such as `object: dog`."""
    check: Check
    needs: tuple[int, ...] = ()
    """Positions of the demands without which this one fails."""


async def examined(demands: Sequence[Demand], look: Look) -> list[bool]:
    """Whether each demand is met; what needs a demand that is not met fails without being asked.

    Raises ScoringFailed where demands need each other, or a check cannot tell.
    """
    found: dict[int, bool] = {}
    while len(found) < len(demands):
        ready = [
            n for n, demand in enumerate(demands) if n not in found and found.keys() >= set(demand.needs)
        ]
        if not ready:
            waiting = next(demand for n, demand in enumerate(demands) if n not in found)
            raise ScoringFailed(
                f"Demands of a picture need each other: {waiting.name}.",
                where="scorer `image`",
                remedy="Let `depends_on` name questions that do not depend on this one.",
            )
        for n in ready:
            found[n] = all(found[need] for need in demands[n].needs) and await demands[n].check.met(look)
    return [found[n] for n in range(len(demands))]


def _plain(reply: str) -> str:
    return re.sub(r"[\s.*!\"'`]+", " ", reply).strip().casefold()


def _unreadable(question: str, reply: str) -> ScoringFailed:
    return ScoringFailed(
        f"The vision model's reply to '{question}' is none of what was asked: {reply[:80]!r}.",
        where="scorer `image`",
        remedy="Use another vision model as judge, or run again: the sample has no score yet.",
    )
