"""Rows as a plain table for a terminal, or as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

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


def put(file: Path, name: str, text: str) -> None:
    """Put a text between a page's marks `<!-- name -->` and `<!-- /name -->`; without them, at its end."""
    opening, closing = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
    page = file.read_text(encoding="utf-8") if file.exists() else ""
    before, mark, rest = page.partition(opening)
    _, end, after = rest.partition(closing)
    if not (mark and end):
        before, after = page, ""
    file.write_text(f"{before}{opening}\n{text}\n{closing}{after}", encoding="utf-8")
