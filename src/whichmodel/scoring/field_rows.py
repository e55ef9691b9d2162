"""Lists compared in any order: F1 over pairs that are matched best first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

Row = tuple[str | None, ...]
"""Cells in normal form. None = the cell is empty."""


def rows_f1(given: Sequence[Row], expected: Sequence[Row], length: int) -> float:
    """F1 with soft matches: each row is paired at most once and counts by its share of right cells.

    length: rows of the answer, compared or not. Pairs are taken best first, ties in the order of their
    values, so the order of rows has no effect.
    """
    if not expected:
        return float(length == 0)
    pairs = sorted(
        (
            (_alike(row, gold), str(row), str(gold), i, j)
            for i, row in enumerate(given)
            for j, gold in enumerate(expected)
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    matched, used_given, used_gold = 0.0, set[int](), set[int]()
    for alike, _, _, i, j in pairs:
        if i not in used_given and j not in used_gold:
            matched += alike
            used_given.add(i)
            used_gold.add(j)
    return 2 * matched / (length + len(expected))


def values_f1(given: Sequence[str], expected: Sequence[str], length: int) -> float:
    """F1 of two lists of values, each of which counts as often as it stands there."""
    if not expected:
        return float(length == 0)
    right = (Counter(given) & Counter(expected)).total()
    return 2 * right / (length + len(expected))


def _alike(row: Row, gold: Row) -> float:
    return sum(a == b for a, b in zip(row, gold, strict=True)) / len(gold)
