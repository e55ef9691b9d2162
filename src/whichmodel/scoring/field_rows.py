"""What is compared by degrees: lists in any order by F1 over pairs matched best first, passages by words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

Row = tuple[str | None, ...]
"""Cells in normal form. None = the cell is empty."""


def rows_f1(given: Sequence[Row], expected: Sequence[Row], length: int) -> float:
    """F1 with soft matches: each row is paired at most once and counts by its share of right cells.

    length: rows of the answer, compared or not. Pairs are taken best first, ties in the order of their
    values, so the order of rows has no effect.
    """
    return _matched_f1(given, expected, length, _alike)


def passages_f1(given: Sequence[str], expected: Sequence[str], length: int) -> float:
    """As `rows_f1`, for passages: a pair counts by the F1 of its words."""
    return _matched_f1(given, expected, length, words_f1)


def words_f1(given: str, expected: str) -> float:
    """F1 of the words of two passages in normal form, in any order (as SQuAD's, Rajpurkar et al. 2016)."""
    one, other = Counter(given.split()), Counter(expected.split())
    both = one.total() + other.total()
    return 2 * (one & other).total() / both if both else 1.0


def _matched_f1(
    given: Sequence[T], expected: Sequence[T], length: int, alike: Callable[[T, T], float]
) -> float:
    if not expected:
        return float(length == 0)
    pairs = sorted(
        (
            (alike(entry, gold), str(entry), str(gold), i, j)
            for i, entry in enumerate(given)
            for j, gold in enumerate(expected)
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    matched, used_given, used_gold = 0.0, set[int](), set[int]()
    for share, _, _, i, j in pairs:
        if i not in used_given and j not in used_gold:
            matched += share
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
