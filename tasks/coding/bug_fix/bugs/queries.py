"""Bugs in SQL that a program holds as text."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SELECT = re.compile(r"\bSELECT\b")
_SLIPS = (
    ("outer join made inner", r"\bLEFT JOIN\b", "JOIN"),
    ("lost DISTINCT", r"\bDISTINCT ", ""),
    ("lost UNION ALL", r"\bUNION ALL\b", "UNION"),
    ("wrong order", r" DESC\b", ""),
    ("wrong order", r"(?<=ORDER BY )[\w.]+, (?=\w)", ""),
    ("wrong bound", r" <= ", " < "),
    ("wrong bound", r" >= ", " > "),
    ("wrong bound", r" < ", " <= "),
    ("wrong bound", r" > ", " >= "),
    ("wrong comparison", r" <> ", " = "),
    ("wrong function", r"\bMAX\(", "MIN("),
    ("wrong function", r"\bMIN\(", "MAX("),
    ("wrong function", r"\bDENSE_RANK\(\)", "RANK()"),
    ("wrong function", r"(?<!_)\bRANK\(\)", "ROW_NUMBER()"),
    ("wrong function", r"\bLAG\(", "LEAD("),
    ("wrong window", r"\bPARTITION BY [\w.]+ (?=ORDER BY)", ""),
    ("forgotten NULL", r"\bCOALESCE\(([\w.]+|\w+\([\w.]+\)), [^()]+\)", r"\1"),
    ("forgotten NULL", r"\b[\w.]+ IS NOT NULL AND ", ""),
    ("forgotten NULL", r" OR [\w.]+ IS NULL\b", ""),
    ("lost condition", r" AND [\w.]+ (?:[<>]=?|=|<>) [\w.']+(?=\s|\)|\Z)", ""),
    ("lost condition", r"(?<=WHERE )[\w.]+ (?:[<>]=?|=|<>) [\w.']+ AND ", ""),
    ("off by one", r"(?<=[<>=] )1\b", "2"),
)
"""Kind, a pattern, and what one of its places becomes."""
_ENDLESS = frozenset({"lost condition", "wrong comparison", "wrong bound", "outer join made inner"})
"""Slips that may let a recursive query run for ever."""


def query_bugs(text: str) -> Iterator[tuple[str, str]]:
    """Kind and wrong text of every slip that a query offers; nothing for a text that is none."""
    if not _SELECT.search(text):
        return
    for kind, pattern, put in _SLIPS:
        if kind in _ENDLESS and "RECURSIVE" in text:
            continue
        for found in re.finditer(pattern, text):
            yield kind, text[: found.start()] + found.expand(put) + text[found.end() :]
