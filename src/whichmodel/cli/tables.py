"""A plain table that fits its terminal: what finds no room beside goes to a line under its row."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

GAPS = (2, 1)
"""Spaces between columns, as long as there is room."""
LEAST = 20
"""Columns at which a text is still readable when it wraps; what is shorter needs its own length."""
INDENT = "    "


@dataclass(frozen=True, slots=True)
class Fitted:
    """Rows under headings, as wide as the terminal has it."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Text]]
    numbers: frozenset[int]
    """Columns set to the right."""
    rigid: frozenset[int]
    """Columns whose cells do not wrap."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        beside, gap = self.layout(options.max_width)
        under = [column for column in range(len(self.headings)) if column not in beside]
        if not under:
            yield self._table(self.rows, beside, gap)
            return
        lines = self._lines(console, options, beside, gap)
        yield next(lines)
        for row, line in zip(self.rows, lines, strict=True):
            yield line
            yield from self._under(row, under, options.max_width)

    def layout(self, width: int) -> tuple[list[int], int]:
        """The columns that stand beside each other, and the spaces between them."""
        columns = list(range(len(self.headings)))
        soft = [column for column in columns if column not in self.rigid]
        goes = [*reversed(soft), *(column for column in reversed(columns) if column in self.rigid and column)]
        while True:
            for gap in GAPS:
                if self._needs(columns, gap) <= width:
                    return columns, gap
            if not goes:
                return columns, GAPS[-1]
            columns.remove(goes.pop(0))

    def _needs(self, columns: Sequence[int], gap: int) -> int:
        return sum(self._least(column) for column in columns) + gap * (len(columns) - 1)

    def _least(self, column: int) -> int:
        width = self._width(column)
        return width if column in self.rigid else min(width, LEAST)

    def _width(self, column: int) -> int:
        cells = (cell_len(row[column].plain) for row in self.rows)
        return max(cell_len(self.headings[column]), *cells, 0)

    def _table(self, rows: Sequence[Sequence[Text]], columns: Sequence[int], gap: int) -> Table:
        made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, gap, 0, 0))
        for column in columns:
            made.add_column(
                self.headings[column],
                justify="right" if column in self.numbers else "left",
                no_wrap=column in self.rigid,
                overflow="fold",
            )
        for row in rows:
            made.add_row(*(row[column] for column in columns))
        return made

    def _lines(
        self, console: Console, options: ConsoleOptions, columns: Sequence[int], gap: int
    ) -> Iterator[Text]:
        """The table without its last columns, line by line: the headings, and one line a row."""
        whole = frozenset(range(len(self.headings)))
        made = Fitted(self.headings, self.rows, self.numbers, whole)._table(self.rows, columns, gap)
        for line in console.render_lines(made, options, pad=False)[: len(self.rows) + 1]:
            text = Text()
            for segment in line:
                text.append(segment.text, segment.style)
            text.rstrip()
            yield text

    def _under(self, row: Sequence[Text], columns: Sequence[int], width: int) -> Iterator[Text]:
        told = (
            f"{self.headings[column]} {row[column].plain}".strip()
            for column in columns
            if row[column].plain.strip() not in ("", "-")
        )
        for line in textwrap.wrap(
            " · ".join(told),
            max(width, LEAST),
            initial_indent=INDENT,
            subsequent_indent=INDENT,
            break_on_hyphens=False,
        ):
            yield Text(line)


def table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str | Text]],
    *,
    numbers: Sequence[int] = (),
    whole: Sequence[int] = (),
) -> Fitted:
    """A plain table. numbers: columns set to the right; they, the first and those of `whole` do not wrap."""
    cells = [[cell if isinstance(cell, Text) else Text(cell) for cell in row] for row in rows]
    return Fitted(headings, cells, frozenset(numbers), frozenset({0, *numbers, *whole}))
