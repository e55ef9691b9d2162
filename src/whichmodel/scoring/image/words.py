"""What stands written in a picture against what should: words in order, as they were asked, and no others.

Words are compared in a common form (case and punctuation at their ends aside) by edit distance
(Levenshtein 1966), a text by the alignment of its words to those that were read that leaves out least.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

ALIKE = 0.5
"""Share of a word's characters that must be right for it to be taken for the word, misspelt."""
MOST_WORDS = 400
"""Words of a transcript that are looked at."""
_LOOKALIKES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})


@dataclass(frozen=True, slots=True)
class Found:
    """One text as it was read."""

    words: tuple[bool, ...]
    """Whether each word is there, in order."""
    exact: bool
    """Read as asked: no word between, capitals and punctuation the same."""
    closeness: float
    """1 - edit distance / length of the longer, of text asked and text read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read in a picture."""

    transcript: str
    reader: str
    """Who read it: an engine with its version, or the vision model."""
    texts: tuple[Found, ...]
    others: tuple[str, ...]
    """Words that belong to no text asked for."""
    second: str | None = None
    """What an OCR engine read beside it. None = none did."""


def compared(texts: Sequence[str], transcript: str, reader: str) -> Reading:
    """The texts asked for, looked up in a transcript; the longest text chooses its words first."""
    read = transcript.translate(_LOOKALIKES).split()[:MOST_WORDS]
    free = list(range(len(read)))
    found: dict[int, Found] = {}
    for place in sorted(range(len(texts)), key=lambda n: (-len(texts[n]), n)):
        asked = texts[place].translate(_LOOKALIKES).split()
        pairs = _aligned([_form(w) for w in asked], [_form(read[n]) for n in free])
        taken = [None if at is None else free[at] for at in pairs]
        found[place] = _found(asked, read, taken)
        free = [n for n in free if n not in taken]
    others = tuple(read[n] for n in free if re.search(r"\w", read[n]))
    return Reading(transcript, reader, tuple(found[n] for n in range(len(texts))), others)


def confirmed(by_model: Reading, by_engine: Reading) -> Reading:
    """The vision model's reading, with the texts that an engine found exactly as asked.

    What an engine overlooks proves nothing, so that other text is the vision model's to see.
    """
    texts = tuple(
        second if second.exact else first
        for first, second in zip(by_model.texts, by_engine.texts, strict=True)
    )
    reader = f"{by_model.reader}, {by_engine.reader}"
    return replace(by_model, texts=texts, reader=reader, second=by_engine.transcript)


def _found(asked: Sequence[str], read: Sequence[str], taken: Sequence[int | None]) -> Found:
    words = tuple(
        at is not None and _form(read[at]) == _form(word) for word, at in zip(asked, taken, strict=True)
    )
    places = [at for at in taken if at is not None]
    span = read[places[0] : places[-1] + 1] if places else []
    one, other = " ".join(asked), " ".join(span)
    return Found(words, list(asked) == list(span), likeness(one.casefold(), other.casefold()))


def _form(word: str) -> str:
    """Lower case, without punctuation at its ends; a word of nothing else stays."""
    return re.sub(r"^[\"'(\[*_]+|[\"'.,:;!?)\]*_-]+$", "", word).casefold() or word


def likeness(one: str, other: str) -> float:
    """1 - edit distance / length of the longer; 1 for two empty texts."""
    longest = max(len(one), len(other))
    if one == other or not longest:
        return 1.0
    row = list(range(len(other) + 1))
    for i, sign in enumerate(one, start=1):
        before, row[0] = row[0], i
        for j, against in enumerate(other, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (sign != against))
    return 1 - row[-1] / longest


def _aligned(asked: Sequence[str], read: Sequence[str]) -> list[int | None]:
    """The place in `read` of each word asked for, in order, at the least cost; None = not there.

    Costs: 1 - likeness for a word, 1 for one that is missing, 0.3 for each word read in between.
    """
    rows, columns = len(asked) + 1, len(read) + 1
    cost = [[0.0] * columns for _ in range(rows)]
    step = [[""] * columns for _ in range(rows)]
    for i in range(1, rows):
        cost[i][0], step[i][0] = float(i), "missing"
        for j in range(1, columns):
            like = likeness(asked[i - 1], read[j - 1])
            options = [(cost[i - 1][j] + 1.0, "missing"), (cost[i][j - 1] + 0.3 * (i < rows - 1), "between")]
            if like >= ALIKE:
                options.insert(0, (cost[i - 1][j - 1] + 1 - like, "word"))
            cost[i][j], step[i][j] = min(options, key=lambda option: option[0])
    return _path(step)


def _path(step: Sequence[Sequence[str]]) -> list[int | None]:
    """The alignment that leads to the last cell."""
    i, j = len(step) - 1, len(step[0]) - 1
    places: list[int | None] = [None] * i
    while i:
        if step[i][j] == "word":
            i, j = i - 1, j - 1
            places[i] = j
        elif step[i][j] == "missing":
            i -= 1
        else:
            j -= 1
    return places
