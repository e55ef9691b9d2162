"""Which scorer fits a table's answers, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from whichmodel.domain import Json
from whichmodel.registry.own import golds
from whichmodel.registry.own.columns import Columns

MOST_LABELS = 60
REPEATS = 3
"""Labels come up at least so often on average; answers to questions hardly do."""
LONG = 200
"""Characters; answers longer than this on average are judged, not compared."""
CATEGORY = {
    "choice": "classification",
    "entities": "extraction",
    "exact": "reasoning",
    "facts": "summarization",
    "fields": "extraction",
    "judge": "reasoning",
    "numeric": "reasoning",
    "tests": "coding",
}
"""Scorers whose targets a table can hold -> the category that a task of each most often has."""


def scorer(rows: Sequence[Mapping[str, Json]], columns: Columns) -> tuple[str, str]:
    """A scorer's name and the reason in words."""
    if columns.answer is None:
        return "fields", f"there are columns gold.{columns.fields[0]} and so on"
    cells = [golds.value(row.get(columns.answer)) for row in rows]
    cells = [cell for cell in cells if not golds.empty(cell)]
    if not cells:
        return "exact", "no row has an answer"
    return _structured(cells) or _plain([cell for cell in cells if isinstance(cell, str | int | float)])


def _structured(cells: Sequence[Json]) -> tuple[str, str] | None:
    if all(isinstance(cell, Mapping) for cell in cells):
        if all("asserts" in cell or "check" in cell for cell in cells):
            return "tests", "every answer is an object of tests"
        return "fields", "every answer is a JSON object"
    if all(isinstance(cell, list) for cell in cells):
        parts = [part for cell in cells for part in cell]
        if all(isinstance(part, Mapping) and {"text", "type"} <= set(part) for part in parts):
            return "entities", "every answer is a list of {text, type}"
        if all(isinstance(part, str) and part.strip().startswith("assert ") for part in parts):
            return "tests", "every answer is a list of asserts"
        return "exact", "every answer is a list of accepted answers"
    texts = [str(cell) for cell in cells]
    if all("def check(" in text or text.strip().startswith("assert ") for text in texts):
        return "tests", "every answer is test code"
    return None


def _plain(cells: Sequence[str | int | float]) -> tuple[str, str]:
    counts = Counter(golds.text(cell) for cell in cells)
    labels, total = len(counts), sum(counts.values())
    longest = max((len(text) for text in counts), default=0)
    if (
        2 <= labels <= MOST_LABELS
        and total >= REPEATS * labels
        and longest <= 80
        and not _amounts(counts, total)
    ):
        return "choice", f"{total:,} answers are one of {labels} different ones"
    if all(_is_number(text) for text in counts):
        return "numeric", "every answer is a number"
    mean = sum(len(text) * n for text, n in counts.items()) / max(1, total)
    if mean > LONG:
        return "judge", f"answers have {mean:,.0f} characters on average, too long to compare as they are"
    return "exact", "answers are short texts"


def _amounts(counts: Mapping[str, int], total: int) -> bool:
    """Numbers that come up too seldom to be the codes of classes."""
    return all(_is_number(text) for text in counts) and (len(counts) > 10 or total < 10 * len(counts))


def _is_number(text: str) -> bool:
    try:
        golds.numeric(text)
    except ValueError:
        return False
    return True
