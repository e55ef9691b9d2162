"""Text, cards and tables as HTML whose every word is set as text, never as markup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import streamlit as st

FOLDER = Path(__file__).parent
Tone = Literal["plain", "muted", "lead", "answer", "title", "note", "banner"]


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; of several texts the first stands out."""

    text: str | tuple[str, ...]
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Card:
    """A figure with its name and what it rests on."""

    label: str
    value: str
    detail: str
    tone: Literal["", "good"] = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    title: str
    end: bool = False
    """Set at the end of the line, as figures are."""
    width: str = ""
    """CSS width. "" = as the content needs."""
    wide: bool = False
    """Has a line of its own where the table is a list of cards."""


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval with its middle, drawn on the table's scale."""

    low: float
    value: float
    high: float


@dataclass(frozen=True, slots=True)
class Scale:
    """What the bars of a table are drawn on."""

    low: float
    high: float
    line: float | None = None
    """A value marked in every bar, as no difference is. None = no line."""
    band: tuple[float, float] | None = None
    """Values between which a bar is shaded, as a margin is. None = no band."""


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell: main text, a shape before it, a smaller line below it."""

    text: str
    sub: str = ""
    mark: str = ""
    strong: bool = False
    bar: Bar | None = None
    action: str = ""
    """An id given to `on_choose` when the text is pressed. "" = it is no button."""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row; its first cell is its heading."""

    cells: tuple[TableCell, ...]
    selected: bool = False


@cache
def component(name: str, *files: str) -> Callable[..., Any]:
    """A component of the package's own files: `dom.js` and the named script and style sheet."""
    scripts = ["dom.js", *(file for file in files if file.endswith(".js"))]
    styles = [file for file in files if file.endswith(".css")]
    return st.components.v2.component(
        f"whichmodel_{name}",
        html='<div class="root"></div>',
        js="\n".join((FOLDER / file).read_text(encoding="utf-8") for file in scripts),
        css="\n".join((FOLDER / file).read_text(encoding="utf-8") for file in styles),
    )


def _show(key: str, data: dict[str, Any], **callbacks: Callable[[], None]) -> None:
    component("elements", "elements.js", "elements.css")(key=key, data=data, **callbacks)


def prose(key: str, *lines: Line, reveal: str = "") -> None:
    """Paragraphs; where there are none, nothing, not even a gap.

    reveal: what they tell of; where that is new, the page scrolls to them. "" = it stays.
    """
    if lines:
        _show(key, {"lines": [asdict(line) for line in lines], "reveal": reveal})


def cards(key: str, entries: Sequence[Card]) -> None:
    """Figures side by side, below each other where there is no room."""
    _show(key, {"cards": [asdict(entry) for entry in entries]})


def table(
    key: str,
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[TableRow],
    *,
    on_choose: Callable[[str], None] | None = None,
    scale: Scale | None = None,
) -> None:
    """A table that wraps its texts and becomes a list of cards where it is narrow.

    scale: of its bars; None = one for scores.
    """
    data = {
        "caption": caption,
        "columns": [asdict(column) for column in columns],
        "rows": [asdict(row) for row in rows],
        "scale": asdict(scale or _scores(rows)),
    }

    def chosen() -> None:
        picked = st.session_state[key].get("chosen")
        if picked and on_choose:
            on_choose(str(picked))

    _show(key, data, on_chosen_change=chosen)


def _scores(rows: Sequence[TableRow]) -> Scale:
    """From the tenth below the lowest score to 1."""
    values = [cell.bar.low for row in rows for cell in row.cells if cell.bar]
    return Scale(min([*(int(value * 10) / 10 for value in values), 0.9]), 1.0)
