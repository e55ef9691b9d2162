"""Errors of reasoning: a nearby value on the answer line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from whichmodel.simulator.answers import Question
from whichmodel.simulator.corrupt import scalar

FUNCTION_WORDS = frozenset({"a", "an", "and", "is", "of", "or", "the", "to"})
WORD = re.compile(r"\b[a-z]+\b")


def wrong(question: Question, chance: Random) -> str:
    """The reference with a number or a word of its last line changed, or another item's answer there."""
    reference = question.item.reference.rstrip()
    start = reference.rfind("\n") + 1
    head, line = reference[:start], reference[start:]
    changed = scalar.number_in(line, chance)
    if changed != line:
        return head + changed
    prefix, mark, answer = line.rpartition(": ")
    return head + prefix + mark + _other(answer, chance, _answers(question.others))


def unmarked(text: str) -> str:
    """The same answer as a sentence, without the mark that was asked for."""
    head, _, line = text.rstrip().rpartition("\n")
    return f"{head}\nSo it comes to {_without_mark(line)}".lstrip()


def _without_mark(line: str) -> str:
    """What stands behind `ANSWER: ` or `#### `."""
    return line.rpartition(": ")[2].removeprefix("#### ")


def _answers(others: Sequence[str]) -> list[str]:
    """The answers of other items, without what stands before them."""
    return [_without_mark(text.rstrip().rpartition("\n")[2]) for text in others]


def _other(answer: str, chance: Random, others: list[str]) -> str:
    """A phrase with one word in the place of another; for a single word, another item's answer."""
    if " " in answer.strip():
        return _reworded(answer, chance)
    single = [text for text in others if text != answer and " " not in text.strip()]
    return chance.choice(single) if single else _misspelt(answer, chance)


def _reworded(answer: str, chance: Random) -> str:
    words = [match for match in WORD.finditer(answer) if match.group() not in FUNCTION_WORDS]
    if len({match.group() for match in words}) < 2:
        return answer.rstrip().rpartition(" ")[0]
    place = chance.choice(words)
    other = chance.choice([match.group() for match in words if match.group() != place.group()])
    return answer[: place.start()] + other + answer[place.end() :]


def _misspelt(answer: str, chance: Random) -> str:
    """Two neighbouring letters exchanged; a denial where all are the same."""
    pairs = [index for index in range(len(answer) - 1) if answer[index] != answer[index + 1]]
    if not pairs:
        return f"not {answer}"
    at = chance.choice(pairs)
    return answer[:at] + answer[at + 1] + answer[at] + answer[at + 2 :]
