"""Errors of classification: another label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from whichmodel.domain import Item


def wrong(item: Item, chance: Random, others: Sequence[str]) -> str:
    """The reference with another label in place of its own.

    Labels come from `item.metadata["labels"]`; without them another item's whole answer is given.
    """
    labels = [str(label) for label in item.metadata.get("labels", ())]
    mine = next(
        (label for label in sorted(labels, key=len, reverse=True) if _in(label, item.reference)), None
    )
    if mine is not None and len(labels) > 1:
        other = chance.choice([label for label in labels if label != mine])
        return _pattern(mine).sub(lambda _: other, item.reference)
    strangers = [text for text in others if text != item.reference]
    return chance.choice(strangers) if strangers else item.reference


def _pattern(label: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(label)}(?!\w)")


def _in(label: str, text: str) -> bool:
    return _pattern(label).search(text) is not None
