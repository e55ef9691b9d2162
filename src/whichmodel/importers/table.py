"""Tables of outcomes: CSV, TSV and JSON lines, packed by gzip or not, one row an answer."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import chain
from pathlib import Path

from whichmodel.domain import Json, Status, Usage, content_hash
from whichmodel.errors import UsageError
from whichmodel.importers import cells, files
from whichmodel.importers.cells import Unreadable, ZeroCost
from whichmodel.importers.columns import Asked, Columns, choose
from whichmodel.importers.files import File
from whichmodel.importers.sample import Found, Refused, Sample

Row = Mapping[str, Json]
STATUSES = {
    **dict.fromkeys(("scored", "ok", "success", "succeeded", "completed", "done"), Status.SCORED),
    **dict.fromkeys(("refused", "refusal", "content_filter", "filtered"), Status.REFUSED),
    **dict.fromkeys(("truncated", "max_tokens", "length"), Status.TRUNCATED),
    **dict.fromkeys(("failed", "error", "errored", "timeout", "cancelled"), Status.FAILED),
}
"""What a status column may say, in small letters."""
COUNTS = {
    "input": "input_tokens",
    "cached": "cached_tokens",
    "cache_write": "cache_write_tokens",
    "output": "output_tokens",
    "reasoning": "reasoning_tokens",
}
"""Field of `Usage` -> field of a table."""
NOTHING_COUNTED = Usage()
MOST_DEPTH = 4
"""Levels of a JSON object whose parts are columns, `usage.input_tokens`."""


@dataclass(frozen=True, slots=True)
class Table:
    """How a table is read."""

    asked: Asked
    model: str | None = None
    """The model of all rows. None = a column names it."""
    score_max: float = 1.0
    """The score that is full marks."""
    zero_cost: ZeroCost | None = None
    """What a cost of 0 means. None = it is asked for where one occurs."""
    repeats: bool = False
    """Rows of one item and model are repeated askings, numbered as they come."""
    judge: str | None = None
    """The model that gave the scores. None = none did."""
    timed: bool = True
    """The times are the model's own."""
    tell: Callable[[str], None] = lambda line: None
    """Called with what was found by a column's name and not given."""


def is_table(path: Path) -> bool:
    """Whether a file's name says that it is a table of delimited cells."""
    return bool(re.search(r"\.(csv|tsv)(\.gz)?$", path.name.casefold()))


def is_lines(path: Path) -> bool:
    """Whether a file's name says that it is JSON lines."""
    return bool(re.search(r"\.(jsonl|ndjson)(\.gz)?$", path.name.casefold()))


def read_csv(file: File, table: Table) -> Iterator[Found]:
    """The rows of a table with a line of names: commas, semicolons, tabs or bars between the cells.

    Raises UsageError for a file that is no such table, or whose columns cannot be told.
    """
    if re.search(r"\.(ya?ml|json|xlsx?|parquet|eval|zip)$", file.name.casefold()):
        raise UsageError(
            "This is no CSV file.",
            where=file.name,
            remedy="A leaderboard's file of means holds no outcomes; those of a tool have `bench import` of "
            "their own; other tables are to be saved as CSV.",
        )
    csv.field_size_limit(files.MOST_LINE)
    text = files.lines(file)
    head = next(text, "")
    reader = csv.reader(chain([head], text), delimiter=_separator(head), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        columns = _chosen(_checked(header, file), table, file)
        yield from _Reader(table, columns, file, "csv").samples(_cells(reader, header, file))
    except csv.Error as error:
        raise UsageError(
            f"It is no valid CSV ({error}).",
            where=f"{file.name}:{reader.line_num}",
            remedy="Put cells that hold the separator, a quote or a line break into double quotes.",
        ) from error


def _chosen(known: Sequence[str], table: Table, file: File) -> Columns:
    columns = choose(known, table.asked, where=file.name, model_given=table.model is not None)
    for line in columns.said:
        table.tell(f"{file.name}: {line}")
    return columns


def _cells(reader: Iterator[list[str]], header: Sequence[str], file: File) -> Iterator[tuple[int, Row | str]]:
    """Line and cells of each row; a str = why it is none."""
    start = 2
    for row in reader:
        if len(row) == len(header):
            yield start, dict(zip(header, row, strict=True))
        elif row:
            yield start, f"it has {len(row)} cells, and there are {len(header)} columns"
        start = reader.line_num + 1  # type: ignore[attr-defined]


def _separator(head: str) -> str:
    plain = re.sub(r'"(?:[^"]|"")*"', "", head)
    return max(",;\t|", key=plain.count)


def _checked(header: Sequence[str], file: File) -> Sequence[str]:
    twice = sorted({name for name in header if header.count(name) > 1})
    if not any(header):
        raise UsageError("The table is empty.", where=file.name)
    if twice:
        raise UsageError(
            f"Several columns have the same name: {', '.join(twice)}.",
            where=file.name,
            remedy="Name them apart. promptfoo's own CSV is read from its `-o results.json` instead.",
        )
    return header


def read_jsonl(file: File, table: Table) -> Iterator[Found]:
    """The rows of JSON lines, one object a line; parts of objects are columns: `usage.input_tokens`.

    The columns are those of the first hundred rows. Raises UsageError as `read_csv` does.
    """
    rows = _objects(file)
    first = [row for row, _ in zip(rows, range(100), strict=False)]
    known = list(dict.fromkeys(name for _, row in first if not isinstance(row, str) for name in row))
    if not known:
        why = f" Its first line: {first[0][1]}." if first else ""
        raise UsageError(f"It holds no JSON object.{why}", where=file.name)
    columns = _chosen(known, table, file)
    yield from _Reader(table, columns, file, "jsonl").samples(chain(first, rows))


def _objects(file: File) -> Iterator[tuple[int, Row | str]]:
    for number, value in files.rows(file):
        if isinstance(value, dict):
            yield number, dict(_flat(value, "", MOST_DEPTH))
        else:
            yield number, value if isinstance(value, str) else "it is no JSON object"


def _flat(value: Mapping[str, Json], prefix: str, depth: int) -> Iterator[tuple[str, Json]]:
    for key, part in value.items():
        if isinstance(part, dict) and depth > 1:
            yield from _flat(part, f"{prefix}{key}.", depth - 1)
        else:
            yield f"{prefix}{key}", part


@dataclass(slots=True)
class _Reader:
    """Rows of one file -> samples."""

    table: Table
    columns: Columns
    file: File
    tool: str
    _zeros: int = 0
    _first_zero: int = 0
    _one: Mapping[str, str] = field(default_factory=dict)

    def samples(self, rows: Iterator[tuple[int, Row | str]]) -> Iterator[Found]:
        self._one = {name: cols[0] for name, cols in self.columns.of.items() if len(cols) == 1}
        number = 0
        for number, row in rows:
            place = f"line {number}"
            if isinstance(row, str):
                yield Refused(self.file.name, place, row)
                continue
            try:
                yield self._sample(row, place)
            except Unreadable as error:
                yield Refused(self.file.name, place, str(error))
        if self._zeros and self.table.zero_cost is None:
            raise UsageError(
                f"{self._zeros:,} rows have a cost of 0, the first in line {self._first_zero}: that may mean "
                "free, or that nobody knew the price.",
                where=self.file.name,
                remedy="Say which: --zero-cost unknown, or --zero-cost free.",
            )

    def _sample(self, row: Row, place: str) -> Sample:
        cell = partial(self._cell, row)
        status, score = self._status(row)
        error = cells.text(cell("error"))
        failed = status is Status.FAILED
        epoch = cells.count(cell("epoch"), "the epoch") if "epoch" in self.columns.of else 1
        return Sample(
            place=place,
            tool=self.tool,
            task=self._named(row, "task") or "",
            item=self._needed(row, "item"),
            model=self.table.model or self._needed(row, "model"),
            status=status,
            score=score,
            content=self._content(row),
            settings=self._named(row, "settings") or "",
            epoch=None if self.table.repeats else epoch or 1,
            parsed=None if failed else self._parsed(row),
            answer=cells.text(cell("answer")),
            cluster=self._named(row, "cluster"),
            stratum=self._named(row, "stratum") or "",
            usage=self._usage(row),
            cost_usd=self._cost(row, place),
            latency_s=self._seconds(row, "latency") if self.table.timed and not failed else None,
            ttft_s=self._seconds(row, "ttft") if self.table.timed and not failed else None,
            served_model=self._named(row, "served_model"),
            error_class=self._error_class(row, error) if failed else None,
            error_text=error if failed else None,
            started_at=cells.moment(cell("started_at"), "the time"),
            judge_model=self.table.judge,
            judge_calls=1 if self.table.judge and not failed else 0,
        )

    def _cell(self, row: Row, name: str) -> Json:
        column = self._one.get(name)
        return None if column is None else row.get(column)

    def _named(self, row: Row, name: str) -> str | None:
        """The text of one or several columns together."""
        if name in self._one:
            return cells.text(row.get(self._one[name]))
        if name not in self.columns.of:
            return None
        parts = [cells.text(row.get(column)) for column in self.columns.of.get(name, ())]
        return "/".join(part or "" for part in parts) if any(parts) else None

    def _needed(self, row: Row, name: str) -> str:
        found = self._named(row, name)
        if found is None:
            raise Unreadable(f"it names no {name}")
        return found

    def _status(self, row: Row) -> tuple[Status, float | None]:
        """How the answer ended. An error, or no score, is a failure, whatever else the row says."""
        said = cells.text(self._cell(row, "status"))
        status = STATUSES.get((said or "scored").casefold())
        if status is None:
            raise Unreadable(f"the status {said!r} is none of {', '.join(sorted(STATUSES))}")
        if status is Status.FAILED or cells.text(self._cell(row, "error")):
            return Status.FAILED, None
        score = self._score(row)
        return (Status.FAILED, None) if score is None else (status, score)

    def _error_class(self, row: Row, error: str | None) -> str:
        """As a column names it, else how the error's text begins, else that there is no score."""
        if named := cells.text(self._cell(row, "error_class")):
            return named
        head = re.match(r"[A-Za-z_][\w.]{3,}", error or "")
        said = cells.text(self._cell(row, "status"))
        return head[0] if head else "Error" if error or said else "NoScore"

    def _score(self, row: Row) -> float | None:
        parts = self.columns.score_parts
        if not parts:
            return cells.score(self._cell(row, "score"), self.table.score_max)
        found = [self._part(row, above, below) for above, below in parts]
        known = [part for part in found if part is not None]
        return sum(known) / len(known) if len(known) == len(found) else None

    def _part(self, row: Row, above: str, below: str | None) -> float | None:
        """A part of the score; its share of a count that is 0 is unknown."""
        if below is None:
            return cells.score(row.get(above), self.table.score_max)
        count, passed = cells.number(row.get(below), below), cells.number(row.get(above), above)
        if not count or passed is None:
            return None
        return cells.score(passed, count)

    def _parsed(self, row: Row) -> bool | None:
        known = cells.truth(self._cell(row, "parsed"), "whether it was parsed")
        return True if known is None else known

    def _content(self, row: Row) -> str:
        if "question" not in self.columns.of and "target" not in self.columns.of:
            return ""
        said = [self._named(row, "question"), self._named(row, "target")]
        return content_hash(said) if any(said) else ""

    def _usage(self, row: Row) -> Usage:
        """Tokens; a count of no token at all is none."""
        counts = {
            name: cells.count(row.get(self._one[column]), column.replace("_", " "))
            for name, column in COUNTS.items()
            if column in self._one
        }
        if not counts.get("input") and not counts.get("output"):
            return NOTHING_COUNTED
        return Usage(
            input=counts.get("input"),
            cached=counts.get("cached"),
            cache_write=counts.get("cache_write"),
            output=counts.get("output"),
            reasoning=counts.get("reasoning"),
        )

    def _cost(self, row: Row, place: str) -> Decimal | None:
        cell = self._cell(row, "cost")
        if cell is None:
            return None
        unit = self.columns.units["cost"]
        amount = cells.usd(cell, unit, zero="free")
        if amount == 0:
            if self.table.zero_cost is None:
                self._zeros += 1
                self._first_zero = self._first_zero or int(place.rpartition(" ")[2])
            return amount if self.table.zero_cost == "free" else None
        return amount

    def _seconds(self, row: Row, name: str) -> float | None:
        cell = self._cell(row, name)
        return None if cell is None else cells.seconds(cell, f"the {name}", self.columns.units[name])
