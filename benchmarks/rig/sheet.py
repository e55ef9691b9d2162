"""Rows as a plain table for a terminal, or as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

Rows = Sequence[Sequence[str]]


def plain(headings: Sequence[str], rows: Rows) -> str:
    """Columns in line; the first is set to the left, the others to the right."""
    widths = [max(len(row[column]) for row in (headings, *rows)) for column in range(len(headings))]
    return "\n".join("  ".join(_cells(row, widths)).rstrip() for row in (headings, *rows))


def markdown(headings: Sequence[str], rows: Rows) -> str:
    """A table of Markdown."""
    rule = ["---", *["---:"] * (len(headings) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (headings, rule, *rows))


def _cells(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    first, *others = zip(row, widths, strict=True)
    return [first[0].ljust(first[1]), *(text.rjust(width) for text, width in others)]
