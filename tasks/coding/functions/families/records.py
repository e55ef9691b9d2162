"""Records pivoted into a table."""

from __future__ import annotations

from random import Random
from typing import Any

from .problem import A_TO_Z, Family, Problem, call, name, program, prose

Record = dict[str, Any]

_PIVOT_RULES = """
Write `@name@(records)`, which turns a list of dicts into a table: a list of rows, the first of them the
heading.

- The table has a row for each different `"@row@"`, a column for each different `"@column@"`, and in each
  cell @what@ of the records with that row and column. `"@value@"` is an int, `None` or missing.
- A record whose `"@row@"` or `"@column@"` is missing, `None` or an empty string is @incomplete@
- @nothing@ A cell without any value that counts, or without any record, is `@blank@`.
- Columns are ordered @columns@. Only the first @most@ columns are kept@rest@.
- Rows are ordered by their total, @direction@, equal totals @az@. A row's total is the sum of its cells
  over all columns, those not kept included; `@blank@` counts as 0 there.
- The heading is `["@row@", column, ..., "@total@"]`, every other row `[row, cell, ..., total]`.
- @foot@
"""

_PIVOT = """
def @name@(records):
    cells, columns = {}, {}
    for record in records:
        row, column = record.get("@row@"), record.get("@column@")
        if row in (None, "") or column in (None, ""):
            @incomplete@
        values = cells.setdefault(row, {}).setdefault(column, [])
        columns.setdefault(column, []).append(record.get("@value@"))
        if @counts@:
            values.append(record.get("@value@"))
    table = {
        row: {column: @aggregate@ for column, values in found.items() if values}
        for row, found in cells.items()
    }
    totals = {row: sum(found.values()) for row, found in table.items()}
    order = sorted(columns, key=lambda column: @key@)
    kept, others = order[:@most@], order[@most@:]
    heading = ["@row@", *kept]
    if others and @other@:
        heading.append("@label@")
    result = [[*heading, "@total@"]]
    for row in sorted(table, key=lambda row: (@sign@totals[row], row)):
        line = [row, *(table[row].get(column, @blank@) for column in kept)]
        if others and @other@:
            line.append(sum(table[row].get(column, 0) for column in others))
        result.append([*line, totals[row]])
    if @footer@ and len(result) > 1:
        width = len(result[0])
        result.append(["@total@", *(sum(line[i] or 0 for line in result[1:]) for i in range(1, width))])
    return result
"""

_AGGREGATES = [
    ("the sum of `{v}`", "sum(values)"),
    ("the largest `{v}`", "max(values)"),
    ("the smallest `{v}`", "min(values)"),
    ("the last `{v}` (in the order of the list)", "values[-1]"),
    ("the number of different `{v}`", "len(set(values))"),
    ("the largest minus the smallest `{v}`", "max(values) - min(values)"),
]
_COLUMNS = [
    ("A to Z (as `sorted` compares strings)", "column"),
    (
        "by the number of their records, whatever these hold, most first, equal ones A to Z",
        "(-len(columns[column]), column)",
    ),
    ("by the length of their names, shortest first, equal ones A to Z", "(len(column), column)"),
    ("Z to A (as `sorted` compares strings, reversed)", "[-ord(char) for char in column] + [1]"),
]


def pivot(rng: Random) -> Problem:
    """Records as a table of rows and columns."""
    what, aggregate = rng.choice(_AGGREGATES)
    columns, key = rng.choice(_COLUMNS)
    strict, other, largest, footer, zeros = (rng.random() < 0.5 for _ in range(5))
    words: dict[str, Any] = {
        "name": name(rng, "pivot cross tabulate spread", "table records sheet matrix"),
        "row": rng.choice(["region", "team", "store", "author"]),
        "column": rng.choice(["month", "kind", "grade", "channel"]),
        "value": rng.choice(["amount", "units", "score", "minutes"]),
        "total": rng.choice(["total", "all", "sum"]),
        "blank": rng.choice(["None", "0"]),
        "most": rng.randint(2, 4),
        "label": rng.choice(["others", "rest", "more"]),
    }
    r, c, v = words["row"], words["column"], words["value"]
    rest = (
        f'; if there are more, a column `"{words["label"]}"` follows them, in each row the sum of its '
        "cells in the columns not "
        "kept (0 if it has none there)"
    )
    foot = (
        f'If there is any row below the heading, a last row `["{words["total"]}", ...]` gives the sum of '
        "each column, totals "
        "included; `None` counts as 0."
    )
    ignored = f'A `"{v}"` that is missing, `None`{" or 0" if zeros else ""} does not count.'
    return Problem(
        name=words["name"],
        rules=prose(
            _PIVOT_RULES,
            **words,
            what=what.format(v=f'"{v}"'),
            az=A_TO_Z,
            incomplete="an error: `ValueError` is raised." if strict else "left out.",
            nothing=ignored + " Its record still makes its row and column appear.",
            columns=columns,
            rest=rest if other else "; the others are left out",
            direction="largest first" if largest else "smallest first",
            foot=foot if footer else "There is no row of totals.",
        ),
        reference=program(
            _PIVOT,
            **words,
            incomplete='raise ValueError("no row or column")' if strict else "continue",
            counts=f'record.get("{v}")' if zeros else f'record.get("{v}") is not None',
            aggregate=aggregate,
            key=key,
            other=other,
            sign="-" * largest,
            footer=footer,
        ),
        examples=[
            call(
                [
                    {r: "b", c: "x", v: rng.randint(1, 99)},
                    {r: "a", c: "y", v: 5},
                    {r: "b", c: "x", v: rng.randint(1, 99)},
                ]
            ),
        ],
        cases=[
            call(records) for records in [*_pivot_edges(r, c, v), *(_cells(rng, r, c, v) for _ in range(12))]
        ],
    )


def _pivot_edges(r: str, c: str, v: str) -> list[list[Record]]:
    def one(row: str | None, column: str | None, value: int | None) -> Record:
        return {r: row, c: column, v: value}

    return [
        [], [{}], [one("a", None, 1)], [one(None, "x", 1)], [one("", "x", 1), one("a", "x", 2)],
        [one("a", "", 1)], [one("a", "x", 0)], [one("a", "x", None)], [{r: "a", c: "x"}],
        [one("a", "x", 5), one("a", "x", 5)], [one("a", "x", 5), one("a", "x", 8), one("a", "x", None)],
        [one("a", "x", -5), one("a", "x", 3)], [one("b", "x", 1), one("a", "x", 1)],
        [one("b", "x", 1), one("a", "x", 2)], [one("a", "y", 1), one("b", "x", 1)],
        [one("a", k, i) for i, k in enumerate("edcba", 1)], [one(k, "x", 9) for k in "cab"],
        [one("a", "x", 1), one("b", "y", 7), one("b", "x", 0)],
        [one("a", k, None) for k in ("bb", "a", "ccc")],
        [one("a", "x", 3), one("a", "x", 1), one("a", "x", 2)], [one("A", "X", 1), one("a", "x", 1)],
        [one("a", "b", 4), one("a", "bb", 5), one("a", "ba", 6)], [one(k, k, -1) for k in "vwxyz"],
        [one("a", "x", -4), one("b", "y", -4), one("b", "y", 4)],
        [one("a", "q", 5), one("b", "q", None), one("c", "p", 2)],
        [one("a", "z", 1), one("a", "z", 1), *(one("a", k, 9) for k in "yxw"), one("b", "v", 9)],
    ]  # fmt: skip


def _cells(rng: Random, r: str, c: str, v: str) -> list[Record]:
    rows, columns = (
        rng.sample(["north", "South", "east", "hub"], 3),
        rng.sample(["q1", "q2", "q10", "x", "Late", "yy"], 5),
    )
    made = []
    for _ in range(rng.randint(4, 18)):
        record: Record = {
            r: rng.choice(rows),
            c: rng.choice(columns),
            v: rng.choice([rng.randint(-9, 60), 0, None, 7]),
        }
        if rng.random() < 0.05:
            del record[rng.choice(list(record))]
        made.append(record)
    return made


FAMILIES: tuple[Family, ...] = (pivot,)
