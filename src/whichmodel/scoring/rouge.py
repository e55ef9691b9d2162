"""ROUGE-1, ROUGE-2 and ROUGE-L (Lin, 2004, "ROUGE: a package for automatic evaluation of summaries").

F1 over lower-case words without stemming; ROUGE-L takes both texts as one sequence each. It is shown beside a
score and decides nothing: it rewards the wording of one reference, and a wrong figure costs it one word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

MOST_WORDS = 4000
"""Words of a text that are compared; bounds the work on a runaway answer."""


def rouge(text: str, reference: str) -> dict[str, float]:
    """`{"1": ..., "2": ..., "L": ...}`, each from 0 to 1; all 0 where one of the texts has no word."""
    ours, theirs = _words(text), _words(reference)
    shared = {"1": _shared(ours, theirs, 1), "2": _shared(ours, theirs, 2), "L": _common(ours, theirs)}
    sizes = {"1": 0, "2": 1, "L": 0}
    return {name: _f1(shared[name], len(ours) - less, len(theirs) - less) for name, less in sizes.items()}


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())[:MOST_WORDS]


def _shared(ours: Sequence[str], theirs: Sequence[str], length: int) -> int:
    """Runs of this many words that both have, each as often as the one that has it less often."""
    counts = [Counter(zip(*(words[k:] for k in range(length)), strict=False)) for words in (ours, theirs)]
    return sum((counts[0] & counts[1]).values())


def _common(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """Length of the longest common subsequence, by bits of one integer (Hyyro, 2004)."""
    places: dict[str, int] = {}
    for index, word in enumerate(ours):
        places[word] = places.get(word, 0) | 1 << index
    full = (1 << len(ours)) - 1
    row = full
    for word in theirs:
        met = row & places.get(word, 0)
        row = ((row + met) | (row - met)) & full
    return len(ours) - row.bit_count()


def _f1(shared: int, ours: int, theirs: int) -> float:
    return 2 * shared / (ours + theirs) if ours > 0 and theirs > 0 else 0.0
