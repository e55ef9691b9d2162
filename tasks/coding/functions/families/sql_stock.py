"""Changes merged into a table, and prices as of a day, by queries."""

from __future__ import annotations

from random import Random
from typing import Any

from .problem import A_TO_Z, Family, Problem, call, name, program, prose
from .sql_text import Value, given, table

Row = tuple[Value, ...]
Change = list[Value]

_UPSERT_RULES = """
Write `@name@(script, changes)`, which merges changes into a table. @given@

`changes` is a list of `[@a@, @b@, count, version, note]`, applied one after the other. The result is
`[rows, ignored]`: the rows of the table afterwards, as lists, and the number of changes that were ignored.

- Without a row of that `@a@` and `@b@`, the change becomes a new row, whatever its version.
- With one, the change is ignored unless its version is @newer@ the row's, or the row's is `NULL`. Otherwise
  the row's count @count@, its version becomes @version@, and its note @note@.
- A change with a version of `None` @free@.
- A row whose count would become negative @negative@. A row whose count becomes 0 @zero@
- A change with `None` as `@a@`, `@b@` or count raises `ValueError`, wherever it stands.
- Rows are ordered by @order@.
"""

_UPSERT = '''
import sqlite3

MERGE = """
INSERT INTO stock VALUES (?, ?, ?, ?, ?)
ON CONFLICT (@a@, @b@) DO UPDATE SET
    count = @count@,
    version = @version@,
    note = @note@
WHERE excluded.version @newer@ stock.version OR stock.version IS NULL
"""
LOST = "SELECT COUNT(*) FROM stock WHERE count < 0"
ROWS = "SELECT @a@, @b@, count, version, note FROM stock ORDER BY @order@"


def @name@(script, changes):
    database = sqlite3.connect(":memory:")
    database.executescript(script)
    if any(change[0] is None or change[1] is None or change[2] is None for change in changes):
        raise ValueError("an incomplete change")
    ignored = 0
    for a, b, count, version, note in changes:
        if version is None:
            @free@
        done = database.execute(MERGE, [a, b, count, version, note]).rowcount
        if done < 1:
            ignored += 1
            continue
        if database.execute(LOST).fetchone()[0]:
            @negative@
        @sweep@
    return [[list(row) for row in database.execute(ROWS)], ignored]
'''

_COUNTS = [
    ("grows by the change's", "stock.count + excluded.count"),
    ("becomes the change's", "excluded.count"),
    ("becomes the larger of the two", "MAX(stock.count, excluded.count)"),
    (
        "grows by the change's if that is positive and becomes 0 if not",
        "CASE WHEN excluded.count > 0 THEN stock.count + excluded.count ELSE 0 END",
    ),
]
_NOTES = [
    ("the change's, unless that is `None`: then it stays", "COALESCE(excluded.note, stock.note)"),
    ("stays, unless it is `NULL`: then it becomes the change's", "COALESCE(stock.note, excluded.note)"),
    (
        "becomes both notes joined by `; `, the row's first; where one is missing, just the other",
        "CASE WHEN stock.note IS NULL THEN excluded.note WHEN excluded.note IS NULL THEN stock.note "
        "ELSE stock.note || '; ' || excluded.note END",
    ),
]
_ROW_ORDERS = [
    ("`{a}`, then `{b}`, both {az}", "{a}, {b}"),
    ("count, largest first, then `{a}`, then `{b}`, both {az}", "count DESC, {a}, {b}"),
    (
        "version, latest first and those without one last, then `{a}`, then `{b}`, both {az}",
        "version IS NULL, version DESC, {a}, {b}",
    ),
    ("`{b}`, then count, smallest first, then `{a}`, names {az}", "{b}, count, {a}"),
]


def sql_upsert(rng: Random) -> Problem:
    """Changes with versions merged into rows."""
    a, b = rng.choice([("sku", "site"), ("item", "shelf"), ("code", "store"), ("part", "bin")])
    count, counted = rng.choice(_COUNTS)
    note, noted = rng.choice(_NOTES)
    order, clause = rng.choice(_ROW_ORDERS)
    equal, clears, sweeps, skips, own = (rng.random() < 0.5 for _ in range(5))
    words: dict[str, Any] = {
        "name": name(rng, "merge apply sync update", "stock changes deltas feed"),
        "a": a,
        "b": b,
    }
    declared = (
        f"stock ({a} TEXT, {b} TEXT, count INTEGER, version INTEGER, note TEXT, PRIMARY KEY ({a}, {b}))"
    )
    opening: list[Row] = [("bolt", "x", rng.randint(2, 99), 3, None), ("nut", "x", 4, 1, "old")]
    return Problem(
        name=words["name"],
        rules=prose(
            _UPSERT_RULES,
            **words,
            given=given(declared),
            newer="at least" if equal else "greater than",
            count=count,
            version="the change's"
            if own
            else "1 greater than the row's, or the change's if the row's was `NULL`",
            note=note,
            free="is ignored in any case" if skips else "counts as one of version 0",
            negative="gets 0 instead" if clears else "raises `ValueError`",
            zero="is deleted at once (a later change may make it anew)." if sweeps else "stays.",
            order=order.format(a=a, b=b, az=A_TO_Z),
        ),
        reference=program(
            _UPSERT,
            **words,
            count=counted,
            version="excluded.version" if own else "COALESCE(stock.version + 1, excluded.version)",
            note=noted,
            newer=">=" if equal else ">",
            sweep=f'database.execute("DELETE FROM stock WHERE count = 0 AND {a} = ? AND {b} = ?", [a, b])'
            if sweeps
            else "version = None",
            order=clause.format(a=a, b=b),
            free="ignored += 1\n            continue" if skips else "version = 0",
            negative='database.execute("UPDATE stock SET count = 0 WHERE count < 0")'
            if clears
            else 'raise ValueError("a negative count")',
        ),
        examples=[
            call(
                table(declared, opening),
                [["bolt", "x", 5, 4, "new"], ["nut", "x", 1, 0, None], ["nut", "y", 7, 1, None]],
            )
        ],
        cases=[
            call(table(declared, rows), changes)
            for rows, changes in [*_upsert_edges(), *(_feed(rng) for _ in range(14))]
        ],
    )


def _upsert_edges() -> list[tuple[list[Row], list[Change]]]:
    p: Row = ("p", "x", 5, 3, "n")
    bare: Row = ("p", "x", 5, None, None)
    return [
        ([], []), ([p], []), ([], [["p", "x", 5, 1, None]]), ([p], [["p", "x", 2, 4, "m"]]),
        ([p], [["p", "x", 2, 3, "m"]]), ([p], [["p", "x", 2, 2, "m"]]), ([p], [["p", "x", 2, 4, None]]),
        ([bare], [["p", "x", 2, 1, "m"]]), ([bare], [["p", "x", 9, -7, None]]),
        ([bare], [["p", "x", 2, None, "m"]]), ([p], [["p", "x", 2, None, "m"]]),
        ([], [["p", "x", 2, None, "m"], ["p", "x", 1, 0, "k"]]), ([p], [["p", "x", -5, 4, None]]),
        ([p], [["p", "x", -6, 4, None]]), ([p], [["p", "x", 0, 4, "z"], ["p", "x", 3, 1, "y"]]),
        ([], [["p", "x", 0, 1, None]]), ([], [["p", "x", -1, 1, None]]),
        ([], [["p", "x", 0, 9, "k"], ["p", "x", 4, 1, "j"]]),
        ([p], [["p", "y", 1, 1, None], ["q", "x", 1, 1, None], ["P", "x", 1, 1, None]]),
        ([p], [["p", "x", 1, 9, None], [None, "x", 1, 1, None]]), ([p], [["p", None, 1, 1, None]]),
        ([p], [["p", "x", None, 9, None]]),
        ([p], [["p", "x", -9, 2, None], ["p", "x", 1, 4, "a"], ["p", "x", 1, 5, "b"]]),
        ([p], [["p", "x", 7, 4, ""]]), ([("it's", "x", 2, 1, "o'k")], [["it's", "x", 2, 2, "it's"]]),
        ([p, ("q", "x", 5, 3, None), ("a", "y", 5, None, None)], []),
        ([p], [["p", "x", 5, 10, "m"], ["p", "x", 5, 5, "l"], ["p", "x", 5, 11, None]]),
        ([("p", "x", 0, 1, None)], [["q", "x", 1, 1, None]]),
        ([("p", "x", 0, 1, None)], [["p", "x", 0, 2, "s"], ["p", "x", 0, 2, "t"]]),
        ([("a", "z", 1, 9, None), ("z", "a", 9, 1, None), ("m", "m", 4, 4, None)], []),
    ]  # fmt: skip


def _feed(rng: Random) -> tuple[list[Row], list[Change]]:
    keys = [(one, other) for one in ("p", "q", "R") for other in ("x", "Y")]
    rows: list[Row] = [
        (*key, rng.randint(1, 20), rng.choice([1, 2, 3, None]), rng.choice(["n", "o", None]))
        for key in rng.sample(keys, rng.randint(1, 4))
    ]
    changes: list[Change] = []
    for _ in range(rng.randint(3, 10)):
        counts = [
            rng.randint(1, 9),
            rng.randint(1, 9),
            0 if rng.random() < 0.3 else 4,
            -1 if rng.random() < 0.3 else 3,
        ]
        changes.append(
            [
                *rng.choice(keys),
                rng.choice(counts),
                rng.choice([1, 2, 3, 4, 5, 6, None]),
                rng.choice(["u", "v", None]),
            ]
        )
    return rows, changes


FAMILIES: tuple[Family, ...] = (sql_upsert,)
