"""A run on a terminal: its totals and as many of its rows as there is room for. Pure: sizes in, lines out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rich.cells import cell_len, set_cell_size
from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from whichmodel.cli.output import score, usd
from whichmodel.run.progress import Progress, Tally

RUNNING, WAITING, ENDED, FAILED = "▸", "·", "✓", "!"
"""How a row is marked: under way, nothing back yet, all scored, ended with failures."""
STYLES = {RUNNING: "cyan", WAITING: "dim", ENDED: "green", FAILED: "yellow"}
BESIDE = 76
"""Columns that a table needs to stand beside another one."""
SHORTEST = 6
"""Columns to which a name is shortened at most."""
GAP = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the live table."""

    heading: str
    cells: Sequence[str]
    right: bool = False
    name: bool = False
    """Shortened in the middle where there is no room."""
    goes: int = 0
    """The higher, the sooner it is left out of a narrow terminal; 0 = never."""

    @property
    def width(self) -> int:
        """Columns of the terminal that it takes in full."""
        return max(cell_len(self.heading), *(cell_len(cell) for cell in self.cells), 0)


def picture(progress: Progress, width: int, height: int) -> RenderableType:
    """Task x model in the order of the plan, what is under way first, below the totals of all of them."""
    head = totals(progress, width)
    rows = sorted(progress.tallies.items(), key=lambda entry: _rank(entry[1]))
    room = max(1, height - len(head) - 3)
    beside = min(max(1, width // BESIDE), -(-len(rows) // room) or 1)
    shown = rows[: room * beside]
    each = -(-len(shown) // beside) or 1
    parts = [shown[start : start + each] for start in range(0, len(shown), each)]
    space = (width - 3 * (len(parts) - 1)) // max(1, len(parts))
    tables = [grid(_columns(part), [_mark(tally) for _, tally in part], space) for part in parts]
    body: RenderableType = tables[0] if len(tables) == 1 else Table.grid(padding=(0, 3, 0, 0))
    if isinstance(body, Table) and len(tables) > 1:
        body.add_row(*tables)
    return Group(*head, Text(), body, _rest([tally for _, tally in rows[len(shown) :]]))


def totals(progress: Progress, width: int) -> list[RenderableType]:
    """One to three lines about all rows together."""
    ended = progress.done + progress.failed
    share = ended / progress.planned if progress.planned else 0.0
    count = f"{progress.done:,}/{progress.planned:,} done"
    facts = [spend(progress), left(progress), *troubles(progress)]
    return [bar(share, count, width), *flowing(facts, width)]


def bar(share: float, count: str, width: int) -> RenderableType:
    """How much has ended, as a percentage, a bar and a count; without the bar where it is narrow."""
    percent = f"{int(share * 100):3d}%"
    long = width - cell_len(percent) - cell_len(count) - 2 * GAP
    if long < 10:
        return Text(f"{percent}  {count}", style="bold", no_wrap=True, overflow="crop")
    line = Table.grid(padding=(0, GAP, 0, 0))
    for size in (len(percent), min(long, 60), cell_len(count)):
        line.add_column(width=size, no_wrap=True)
    drawn = ProgressBar(
        100, share * 100, min(long, 60), complete_style="cyan", finished_style="green", style="dim"
    )
    line.add_row(Text(percent, style="bold"), drawn, Text(count, style="bold"))
    return line


def flowing(facts: Sequence[str], width: int) -> list[Text]:
    """Facts one after the other, in as many lines as they take; none is broken."""
    lines: list[str] = []
    for fact in facts:
        if lines and cell_len(lines[-1]) + 3 + cell_len(fact) <= width:
            lines[-1] += f" · {fact}"
        else:
            lines.append(fact)
    return [Text(line, no_wrap=True, overflow="ellipsis") for line in lines]


def spend(progress: Progress) -> str:
    """What the run has cost so far."""
    if not progress.charged:
        return "nothing charged"
    unknown = f" + {progress.unpriced:,} of unknown cost" if progress.unpriced else ""
    return f"{usd(progress.spent)}{_limit(progress.budget, progress.spent)} spent{unknown}"


def _limit(budget: Decimal | None, spent: Decimal) -> str:
    return "" if budget is None else f" of {usd(budget)} ({spent / budget:.0%})"


def left(progress: Progress) -> str:
    """How long it has taken, and about how long it will take."""
    remaining = progress.remaining_s
    if remaining is None:
        return f"{duration(progress.elapsed_s)}, starting"
    return f"{duration(progress.elapsed_s)}, about {duration(remaining)} left"


def duration(seconds: float) -> str:
    """A time that is read at a glance."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    if seconds < 100 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def troubles(progress: Progress) -> list[str]:
    """What failed and what was tried again; nothing where nothing was."""
    retries = sum(tally.retries for tally in progress.tallies.values())
    found = [f"{progress.failed:,} failed"] if progress.failed else []
    return [*found, f"{retries:,} {'retry' if retries == 1 else 'retries'}"] if retries else found


def grid(columns: Sequence[Column], marks: Sequence[str], width: int) -> Table:
    """Columns under their headings within a width: some left out, then names shortened in the middle."""
    kept, gap = fitting(columns, width - 2)
    sizes = _sizes(kept, width - 2, gap)
    made = Table.grid(padding=0)
    made.add_column(width=2, no_wrap=True)
    for position, size in enumerate(sizes):
        last = position == len(sizes) - 1
        made.add_column(width=size + (0 if last else gap), no_wrap=True)
    made.add_row("", *(_cell(c, c.heading, size, "bold") for c, size in zip(kept, sizes, strict=True)))
    for row, mark in enumerate(marks):
        style = "dim" if mark in (WAITING, ENDED) else ""
        cells = (_cell(c, c.cells[row], size, style) for c, size in zip(kept, sizes, strict=True))
        made.add_row(Text(mark, style=STYLES[mark]), *cells)
    return made


def fitting(columns: Sequence[Column], width: int) -> tuple[list[Column], int]:
    """The columns that find room, and the spaces between them; names count as short as they may get."""
    kept = list(columns)
    while True:
        for least, gap in ((16, GAP), (12, 1)):
            needed = sum(min(c.width, least) if c.name else c.width for c in kept) + gap * (len(kept) - 1)
            if needed <= width:
                return kept, gap
        most = max(kept, key=lambda column: column.goes)
        if not most.goes:
            return kept, 1
        kept.remove(most)


def _sizes(columns: Sequence[Column], width: int, gap: int) -> list[int]:
    """The width of each column: names share what the others leave, a short one leaves more to the long."""
    over = sum(c.width for c in columns) + gap * (len(columns) - 1) - width
    sizes = [c.width for c in columns]
    while over > 0:
        names = [n for n, c in enumerate(columns) if c.name and sizes[n] > SHORTEST]
        if not names:
            break
        longest = max(names, key=lambda n: sizes[n])
        sizes[longest] -= 1
        over -= 1
    return sizes


def _cell(column: Column, text: str, size: int, style: str) -> Text:
    shown = shortened(text, size) if column.name else set_cell_size(text, min(size, cell_len(text)))
    padded = " " * (size - cell_len(shown)) + shown if column.right else shown
    return Text(padded, style=style, no_wrap=True)


def shortened(name: str, width: int) -> str:
    """A name with its middle left out where it is too long: both ends tell models of one vendor apart."""
    if cell_len(name) <= width:
        return name
    if width < 3:
        return set_cell_size(name, width)
    tail = (width - 1) * 3 // 5
    return f"{name[: width - 1 - tail]}…{name[len(name) - tail :]}"


def _columns(rows: Sequence[tuple[tuple[str, str], Tally]]) -> list[Column]:
    tallies = [tally for _, tally in rows]
    return [
        Column("task", [task for (task, _), _ in rows], name=True),
        Column("model", [model for (_, model), _ in rows], name=True),
        Column("done", [f"{t.done:,}/{t.planned:,}" for t in tallies], right=True),
        Column("score", [score(tally.score) for tally in tallies], right=True),
        Column("n", ["-" if t.score is None else f"{t.done:,}" for t in tallies], right=True, goes=2),
        Column("failed", [f"{t.failed:,}" if t.failed else "" for t in tallies], right=True, goes=1),
        Column("retries", [f"{t.retries:,}" if t.retries else "" for t in tallies], right=True, goes=3),
    ]


def _rank(tally: Tally) -> int:
    return {RUNNING: 0, WAITING: 1, FAILED: 2, ENDED: 3}[_mark(tally)]


def _mark(tally: Tally) -> str:
    ended = tally.done + tally.failed
    return mark(under_way=ended > 0, ended=ended >= tally.planned, failed=tally.failed > 0)


def mark(*, under_way: bool, ended: bool, failed: bool = False) -> str:
    """The sign before a row."""
    if ended:
        return FAILED if failed else ENDED
    return RUNNING if under_way else WAITING


def _rest(hidden: Sequence[Tally]) -> Text:
    """What of the rows has no room."""
    marks = [_mark(tally) for tally in hidden]
    names = {RUNNING: "under way", WAITING: "waiting", FAILED: "with failures", ENDED: "done"}
    return left_over(len(hidden), [f"{marks.count(m):,} {name}" for m, name in names.items() if m in marks])


def left_over(count: int, parts: Sequence[str] = ()) -> Text:
    """How many rows have no room, and of which kinds; nothing where all have."""
    text = f"and {count:,} more{': ' if parts else ''}{', '.join(parts)}" if count > 0 else ""
    return Text(text, style="dim", no_wrap=True, overflow="ellipsis")
