"""Days in a row, by a query."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from .problem import A_TO_Z, Family, Problem, call, name, program, prose
from .sql_text import Value, given, table

Visits = list[tuple[Value, Value]]

_STREAK_RULES = """
Write `@name@(script)`, which finds streaks and returns a list of lists `[@who@, first day, last day,
length]`. @given@
- Days are written `YYYY-MM-DD`. Rows with `NULL` in one of the first two columns do not count, nor do those
  with @ignored@.
- Several rows of a `@who@` on one day count as one day.
- A streak of a `@who@` is a longest possible series of days in which each day is at most @gap@ day(s) after
  the one before it.
- Its length is @length@. Only streaks of a length of at least @least@ are returned@each@.
- @case@
- The result is ordered by @order@.
"""

_STREAK = '''
import sqlite3

QUERY = """
WITH days AS (
    SELECT DISTINCT @key@ AS who, day FROM @table@
    WHERE @who@ IS NOT NULL AND day IS NOT NULL AND @valid@
),
steps AS (
    SELECT who, day, julianday(day) - julianday(LAG(day) OVER (PARTITION BY who ORDER BY day)) AS step
    FROM days
),
numbered AS (
    SELECT who, day, SUM(step IS NULL OR step > @gap@) OVER (PARTITION BY who ORDER BY day) AS number
    FROM steps
),
streaks AS (
    SELECT who, MIN(day) AS first, MAX(day) AS last, @length@ AS length
    FROM numbered GROUP BY who, number
),
ranked AS (
    SELECT who, first, last, length,
        ROW_NUMBER() OVER (PARTITION BY who ORDER BY length DESC, first @direction@) AS place
    FROM streaks WHERE length >= @least@
)
SELECT who, first, last, length FROM ranked
WHERE place <= @most@
ORDER BY @order@
"""


def @name@(script):
    database = sqlite3.connect(":memory:")
    database.executescript(script)
    return [list(row) for row in database.execute(QUERY)]
'''

_LENGTHS = [
    ("the number of days on which there is a row", "COUNT(*)"),
    (
        "the number of days from its first to its last, both included",
        "CAST(julianday(MAX(day)) - julianday(MIN(day)) + 1 AS INTEGER)",
    ),
]
_ORDERS = [
    (
        "length, longest first, then by first day, earliest first, then by `{who}`, {az}",
        "length DESC, first, who",
    ),
    ("`{who}`, {az}, then by first day, earliest first", "who, first"),
    (
        "last day, latest first, then by `{who}`, {az}, then by length, longest first",
        "last DESC, who, length DESC",
    ),
]


def sql_streaks(rng: Random) -> Problem:
    """Streaks of days, small gaps allowed."""
    length, counted = rng.choice(_LENGTHS)
    order, clause = rng.choice(_ORDERS)
    who, held = (
        rng.choice(["login", "member", "device", "runner"]),
        rng.choice(["visits", "sessions", "checkins"]),
    )
    gap, least, most = rng.randint(1, 3), rng.randint(2, 3), rng.choice([1, 1, 2, 99])
    early, fold = rng.random() < 0.5, rng.random() < 0.5
    kind = rng.choice(["test", "bot", "failed", "manual"])
    each = (
        f", and of each `{who}` only the longest"
        if most == 1
        else f", and of each `{who}` only the {most} longest"
    )
    tie = f"; of equally long ones the {'earlier' if early else 'later'}"
    words: dict[str, Any] = {
        "name": name(rng, "find list longest", "streaks runs series chains"),
        "who": who,
        "gap": gap,
        "least": least,
    }
    declared = f"{held} ({who} TEXT, day TEXT, kind TEXT)"
    shown: Visits = [("ann", n) for n in (0, 1, 1, 2, 3 + gap, 4 + gap, rng.randint(40, 300))]
    return Problem(
        name=words["name"],
        rules=prose(
            _STREAK_RULES,
            **words,
            given=given(declared),
            ignored=f"`'{kind}'` in `kind` (`NULL` there does no harm)",
            length=length,
            each="" if most == 99 else each + tie,
            case=f"A `{who}` is the same in whatever case its letters a to z are written; the result has "
            "them in lower-case."
            if fold
            else f"`Ann` and `ann` are two different ones as `{who}`.",
            order=order.format(who=who, az=A_TO_Z),
        ),
        reference=program(
            _STREAK,
            **words,
            key=f"lower({who})" if fold else who,
            table=held,
            valid=f"(kind IS NULL OR kind <> '{kind}')",
            length=counted,
            direction="ASC" if early else "DESC",
            most=most,
            order=clause,
        ),
        examples=[
            call(
                _visited(
                    declared,
                    shown,
                    kind,
                )
            )
        ],
        cases=[
            call(_visited(declared, days, kind))
            for days in [*_visit_edges(gap, least), *(_visits(rng) for _ in range(10))]
        ],
    )


def _visited(declared: str, days: Visits, kind: str) -> str:
    """Visits on days counted from 26 February 2028; those of a name with `!` are of the kind to ignore."""
    rows: list[tuple[Value, Value, Value]] = []
    for who, day in days:
        shown = day if day is None else f"{date(2028, 2, 26) + timedelta(days=int(day))}"
        rows.append(
            (
                who and str(who).rstrip("!?"),
                shown,
                kind if who and "!" in str(who) else "web" if who != "ann" else None,
            )
        )
    return table(declared, rows)


def _visit_edges(g: int, least: int) -> list[Visits]:
    def row(who: str, *days: int) -> Visits:
        return [(who, day) for day in days]

    return [
        [], row("ann", 0), row("ann", 0, 1), row("ann", 0, 0, 0), row("ann", 0, g), row("ann", 0, g + 1),
        row("ann", *range(least)), row("ann", *range(least - 1)), row("ann", *range(0, least * g, g)),
        row("ann", 5, 3, 4, 1, 2), [(None, 0), (None, 1), ("bo", None)],
        row("ann", 0, 1, 2) + row("Ann", 3, 4, 5), row("bo!", 1) + row("bo", 0, 2, 3),
        row("bo", 0) + row("bo!", 1, 2, 3, 4), row("ann", 0, 1, 2, 20, 21, 22),
        row("ann", 0, 1, 2, 20, 21, 22, 23), row("ann", 0, 1, 2, 3, 20, 21, 22, 40, 41, 42),
        row("bo", 0, 1, 2) + row("ann", 0, 1, 2), row("bo", 0, 1, 2) + row("ann", 1, 2, 3),
        row("bo", 0, 1, 2, 3) + row("ann", 1, 2, 3), row("cy", *range(0, 12, 2)), row("cy", *range(0, 18, 3)),
        row("cy", *range(0, 24, 4)), row("Z", 0, 1, 2) + row("a", 0, 1, 2),
        row("ann", -60, -59, -58) + row("ann", 308, 309, 310), row("ann", 0, 1, 3, 4, 6, 9, 12, 16),
        row("ann", *range(30)), row("ANN", 0, 1) + row("ann", 2, 3) + row("Ann", 4),
        row("bo", 0, 1, 2, 3, 10, 11, 12, 20, 21) + row("bo", 22, 23),
    ]  # fmt: skip


def _visits(rng: Random) -> Visits:
    made: Visits = []
    for who in rng.sample(["ann", "Bo", "bo", "cy!", "cy", "Dee"], rng.randint(2, 4)):
        day = rng.randint(0, 5)
        for _ in range(rng.randint(3, 14)):
            made.append((who, day))
            day += rng.choice([0, 1, 1, 1, 1, 2, 2, 3, 4, 7])
    return rng.sample(made, len(made))


FAMILIES: tuple[Family, ...] = (sql_streaks,)
