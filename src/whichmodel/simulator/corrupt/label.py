"""Errors of classification: another label."""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random
from string import ascii_uppercase

from whichmodel.simulator.answers import Question


def wrong(question: Question, chance: Random) -> str:
    """The reference with another label in place of its own.

    Labels come from the card's option `labels` or `item.metadata["labels"]`, else they are the letters of
    `item.metadata["choices"]`; without any another item's whole answer is given.
    """
    reference = question.item.reference
    labels = _labels(question)
    mine = next((label for label in labels if _pattern(label).search(reference)), None)
    if mine is not None and len(labels) > 1:
        other = chance.choice([label for label in labels if label != mine])
        return _pattern(mine).sub(lambda _: other, reference)
    strangers = [text for text in question.others if text != reference]
    return chance.choice(strangers) if strangers else reference


def _labels(question: Question) -> list[str]:
    """The task's labels, the longest first, so that a label is not taken for a part of it."""
    metadata = question.item.metadata
    choices = metadata.get("choices") or ()
    letters = choices.keys() if isinstance(choices, Mapping) else ascii_uppercase[: len(choices)]
    listed = question.card.options.get("labels") or metadata.get("labels") or letters
    return sorted((str(label) for label in listed), key=lambda label: (-len(label), label))


def _pattern(label: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(label)}(?!\w)")
