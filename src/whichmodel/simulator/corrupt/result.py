"""Errors of reasoning: a nearby value on the answer line."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from whichmodel.domain import Item
from whichmodel.simulator.corrupt import scalar


def wrong(item: Item, chance: Random, others: Sequence[str]) -> str:
    """The reference with one number of its last line changed, else two of its parts exchanged."""
    reference = item.reference.rstrip()
    start = reference.rfind("\n") + 1
    head, line = reference[:start], reference[start:]
    changed = scalar.number_in(line, chance)
    if changed != line:
        return head + changed
    prefix, mark, answer = line.rpartition(": ")
    return head + prefix + mark + _reordered(answer, chance, _endings(others))


def _endings(others: Sequence[str]) -> list[str]:
    """The answers of other items, without what stands before them."""
    return [text.rstrip().rpartition("\n")[2].rpartition(": ")[2] for text in others]


def _reordered(answer: str, chance: Random, others: list[str]) -> str:
    """Another answer: another item's of the same length in words, else its own words or letters exchanged."""
    words = answer.split(" ")
    alike = [text for text in others if text != answer and len(text.split(" ")) == len(words)]
    if alike and len(words) == 1:
        return chance.choice(alike)
    parts = words if len(words) > 1 else list(answer)
    pairs = [(i, i + 1) for i in range(len(parts) - 1) if parts[i] != parts[i + 1]]
    if not pairs:
        return chance.choice(alike) if alike else f"not {answer}"
    left, right = chance.choice(pairs)
    parts[left], parts[right] = parts[right], parts[left]
    return (" " if len(words) > 1 else "").join(parts)
