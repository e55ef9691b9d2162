"""The table that people fill in: written for a spreadsheet, read back with each fault named by its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from whichmodel.store.labels import Label

COLUMNS = (
    "item_id", "model", "epoch", "outcome", "stratum", "prompt", "answer", "human_score", "labeller",
    "comment",
)  # fmt: skip
NEEDED = ("item_id", "model", "human_score")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is run as a formula by spreadsheets."""
MOST_CELL = 32_000
"""Characters that a spreadsheet's cell holds, with some room."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A stored answer that can be labelled."""

    outcome: str
    task: str
    model: str
    item_id: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be taken, and why."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What a table holds."""

    labels: tuple[Label, ...]
    faults: tuple[Fault, ...]
    empty: int
    """Lines without a score: not labelled yet."""


def write(rows: Iterable[Mapping[str, object]]) -> str:
    """The table as CSV (RFC 4180); what a spreadsheet would run begins with an apostrophe."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return text.getvalue()


def _cell(value: object) -> str:
    text = str(value)
    if len(text) > MOST_CELL:
        text = text[:MOST_CELL] + " [cut off]"
    return f"'{text}" if text.startswith(FORMULA) else text


def read(text: str, answers: Sequence[Answered], scale: tuple[float, float]) -> Taken:
    """The labels of a table; of each line that names no stored answer, or no score on the scale, the fault.

    answers: those that count now. scale: lowest and highest score, told as 0 to 1. The separator may be a
    comma, a semicolon or a tab.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=_separator(text))
    missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
    if missing:
        return Taken((), (Fault(1, f"there is no column {', '.join(missing)}"),), 0)
    labels: list[Label] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, str], int] = {}
    empty = 0
    known = _Known(answers)
    for row in rows:
        line = rows.line_num
        if not (row.get("human_score") or "").strip():
            empty += 1
            continue
        try:
            label = _label(row, known, scale)
        except ValueError as error:
            faults.append(Fault(line, str(error)))
            continue
        first = seen.setdefault((label.outcome, label.labeller), line)
        if first != line:
            faults.append(Fault(line, f"the same answer and labeller as in line {first}"))
        labels.append(label)
    return Taken(tuple(labels), tuple(faults), empty)


def _separator(text: str) -> str:
    head = text.partition("\n")[0]
    return max((",", ";", "\t"), key=head.count)


class _Known:
    """Stored answers by what a line may name them by."""

    def __init__(self, answers: Sequence[Answered]) -> None:
        self.by_outcome = {answer.outcome: answer for answer in answers}
        self.by_cell = {(a.model, a.item_id, a.epoch): a for a in answers}
        self.models = {answer.model for answer in answers}
        self.items = {answer.item_id for answer in answers}


def _label(row: Mapping[str, str | None], known: _Known, scale: tuple[float, float]) -> Label:
    """A line's label. Raises ValueError with what is wrong."""
    model, item, epoch = _text(row, "model"), _text(row, "item_id"), _epoch(row)
    outcome = _text(row, "outcome")
    answer = known.by_outcome.get(outcome) if outcome else known.by_cell.get((model, item, epoch))
    if answer is None or (answer.model, answer.item_id) != (model, item):
        raise ValueError(_unknown(model, item, epoch, known))
    score = _score(_text(row, "human_score"), scale)
    labeller = _text(row, "labeller")
    return Label(answer.outcome, answer.task, answer.model, answer.item_id, answer.epoch, labeller, score)


def _unknown(model: str, item: str, epoch: int, known: _Known) -> str:
    if model not in known.models:
        return f"there is no stored answer of the model {model!r}"
    if item not in known.items:
        return f"there is no stored item {item!r}"
    return f"there is no such stored answer of {model} to {item} in epoch {epoch}"


def _epoch(row: Mapping[str, str | None]) -> int:
    text = _text(row, "epoch") or "1"
    if not text.isdigit():
        raise ValueError(f"{text!r} is no epoch")
    return int(text)


def _score(text: str, scale: tuple[float, float]) -> float:
    low, high = scale
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        raise ValueError(f"{text!r} is no score") from None
    if not low <= value <= high:
        raise ValueError(f"the score {text} lies outside of {low:g} to {high:g}")
    return (value - low) / (high - low)


def _text(row: Mapping[str, str | None], name: str) -> str:
    """A cell as it was before a spreadsheet was kept from running it."""
    text = (row.get(name) or "").strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def listed(faults: Sequence[Fault], most: int = 20) -> Iterator[str]:
    """The faults by line, and how many more there are."""
    for fault in faults[:most]:
        yield f"line {fault.line}: {fault.what}"
    if len(faults) > most:
        yield f"and {len(faults) - most} more"
