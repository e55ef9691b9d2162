"""Ranking within groups by a query."""

from __future__ import annotations

from random import Random
from typing import Any

from .problem import A_TO_Z, Family, Problem, call, name, program, prose
from .sql_text import Value, given, table

Sale = tuple[Value, Value, Value, Value]

_RANK_RULES = """
Write `@name@(script)`, which ranks within groups and returns a list of lists `[@group@, place, @who@,
total, @extra@]`. @given@
- Only rows whose `state` is @accepted@ count; @nulls@.
- The total of a `@who@` in a `@group@` is the sum of its `amount`; `NULL` amounts add nothing. @empty@
- A `NULL` in `@group@` is a group of its own, written `"@none@"` in the result; a row with `NULL` in
  `@who@` does not count.
- Within a group, places go by total, largest first. @ties@
- Only the first @top@ places of a group are returned, and only groups with @kept@.
- `@extra@` is @meaning@.
- The result is ordered by group, @order@, within it by place, then by `@who@`, A to Z.
"""

_RANK = '''
import sqlite3

QUERY = """
WITH totals AS (
    SELECT COALESCE(@group@, '@none@') AS label, @who@ AS who, COALESCE(SUM(amount), 0) AS total
    FROM @table@
    WHERE @who@ IS NOT NULL AND @states@
    GROUP BY label, who
    @having@
),
ranked AS (
    SELECT label, who, total,
        @rank@ AS place,
        SUM(total) OVER (PARTITION BY label) AS whole,
        COUNT(*) OVER (PARTITION BY label) AS members,
        @window@ AS extra
    FROM totals
)
SELECT label, place, who, total, extra FROM ranked
WHERE place <= @top@ AND @kept@
ORDER BY @order@label, place, who
"""


def @name@(script):
    database = sqlite3.connect(":memory:")
    database.executescript(script)
    return [list(row) for row in database.execute(QUERY)]
'''

_TIES = [
    (
        "Equal totals share a place, and the place after them is greater by their number.",
        "RANK() OVER (PARTITION BY label ORDER BY total DESC)",
    ),
    (
        "Equal totals share a place, and the next place is one greater.",
        "DENSE_RANK() OVER (PARTITION BY label ORDER BY total DESC)",
    ),
    (
        "No place is shared: of equal totals, names come A to Z (as `sorted` compares strings).",
        "ROW_NUMBER() OVER (PARTITION BY label ORDER BY total DESC, who)",
    ),
    (
        "No place is shared: of equal totals, shorter names come first, equally long ones A to Z.",
        "ROW_NUMBER() OVER (PARTITION BY label ORDER BY total DESC, length(who), who)",
    ),
]
_EXTRAS = [
    (
        "behind",
        "how much the total is below the one just before it in the order of places (names A to Z where "
        "totals are equal), "
        "`None` for the first of a group",
        "LAG(total) OVER (PARTITION BY label ORDER BY total DESC, who) - total",
    ),
    (
        "gap",
        "how much the total is below the largest one of its group",
        "MAX(total) OVER (PARTITION BY label) - total",
    ),
    (
        "running",
        "the sum of all totals of its group that are at least as large, its own included",
        "SUM(total) OVER (PARTITION BY label ORDER BY total DESC)",
    ),
    (
        "ahead",
        "how many in its group have a smaller total",
        "COUNT(*) OVER (PARTITION BY label) - RANK() OVER (PARTITION BY label ORDER BY total DESC) - "
        "COUNT(*) OVER (PARTITION BY label, total) + 1",
    ),
]


def sql_ranking(rng: Random) -> Problem:
    """The best of each group, with ties."""
    ties, rank = rng.choice(_TIES)
    extra, meaning, window = rng.choice(_EXTRAS)
    group, who = rng.choice(["region", "team", "shop"]), rng.choice(["seller", "player", "clerk"])
    held, states = rng.choice(["sales", "bookings", "deals"]), rng.sample(["paid", "open", "sent", "new"], 2)
    loose, drop, by_whole, many = (rng.random() < 0.5 for _ in range(4))
    least, members = rng.randint(5, 60), rng.randint(2, 3)
    words: dict[str, Any] = {
        "name": name(rng, "rank best top leading", "sellers in_groups by_group places"),
        "group": group,
        "who": who,
        "extra": extra,
        "none": rng.choice(["-", "none", "other", "?"]),
        "top": rng.randint(2, 3),
    }
    declared = f"{held} ({group} TEXT, {who} TEXT, amount INTEGER, state TEXT)"
    accepted = " or ".join(f"`'{state}'`" for state in states)
    among = "state IN ({})".format(", ".join(f"'{state}'" for state in states))
    chosen = (f"a sum of all its totals of at least {least}", f"whole >= {least}")
    if many:
        chosen = (f"{members} or more `{who}` that have a total", f"members >= {members}")
    return Problem(
        name=words["name"],
        rules=prose(
            _RANK_RULES,
            **words,
            given=given(declared),
            accepted=accepted,
            nulls="so do rows without a state (`NULL`)" if loose else "rows without a state (`NULL`) do not",
            empty=f"A `{who}` with a total of 0 or less is left out of everything that follows."
            if drop
            else f"A `{who}` whose amounts are all `NULL` has a total of 0.",
            ties=ties,
            kept=chosen[0],
            meaning=meaning,
            order="those with the largest sum of all totals first, equal ones A to Z" if by_whole else A_TO_Z,
        ),
        reference=program(
            _RANK,
            **words,
            table=held,
            states=f"({among} OR state IS NULL)" if loose else among,
            having="HAVING total > 0" if drop else "HAVING 1",
            rank=rank,
            window=window,
            kept=chosen[1],
            order="whole DESC, " if by_whole else "",
        ),
        examples=[
            call(
                table(
                    declared,
                    [
                        ("x", "ann", rng.randint(60, 99), states[0]),
                        ("x", "bo", 70, states[1]),
                        ("x", "cy", 65, None),
                    ],
                )
            )
        ],
        cases=[
            call(table(declared, sales))
            for sales in [*_sale_edges(states[0], least, members), *(_sales(rng, states) for _ in range(14))]
        ],
    )


def _sale_edges(s: str, least: int, members: int) -> list[list[Sale]]:
    def many(group: Value, *totals: int) -> list[Sale]:
        return [(group, chr(97 + i), total, s) for i, total in enumerate(totals)]

    big = least + 9
    return [
        [], [("x", "a", big, s)], [("x", "a", big, None), ("x", "b", big, s)],
        [("x", "a", big, "void"), ("x", "b", 5, s)], many("x", big, big, big), many("x", big, big, 7, 7, 5),
        many("x", 9, big, big), many("x", 5, 6, 7, 8, big),
        [("x", "a", None, s), ("x", "b", big, s), ("x", "b", None, s)],
        [(None, "a", big, s), (None, "b", 4, s), ("", "c", big, s)],
        [("x", None, big, s), ("x", "b", big, s), ("x", "c", 3, s)],
        [*many("x", least - 2, 2), *many("y", least - 2, 1)],
        [*many("b", 50, 10), *many("a", 30, 30), *many("c", 90, 1)],
        [*many("b", 50, 50), *many("a", 90, 10), *many("c", 99, 1)], many("x", *([big] * (members - 1))),
        many("x", *([big] * members)), [("x", "a", big, s), ("x", "a", -big, s), ("x", "b", big, s)],
        [("x", "a", -5, s), ("x", "b", 0, s), ("x", "c", big, s)],
        [("x", "bbb", big, s), ("x", "cc", big, s), ("x", "z", big, s)],
        [("x", "B", big, s), ("x", "a", big, s), ("x", "C", big, s), ("x", "d", 1, s)],
        [("x", "a", None, s), ("x", "b", None, s)], [("it's", "o'n", big, s), ("it's", "b", 8, s)],
        [("x", "a", big, s.upper()), ("x", "b", big, s), ("x", "c", 2, s)],
        [("x", "a", 20, s), ("y", "a", 70, s), ("x", "b", 50, s), ("y", "b", 70, s), ("x", "a", 30, s)],
    ]  # fmt: skip


def _sales(rng: Random, states: list[str]) -> list[Sale]:
    groups, sellers = rng.sample(["n", "s", "E", "w", None], 3), ["ann", "bo", "Cy", "dora", "ed"]
    return [
        (
            rng.choice(groups),
            rng.choice([*sellers, None]),
            rng.choice([rng.randint(-9, 60), 10, 20, 20, None]),
            rng.choice([*states, *states, *states, "void", None]),
        )
        for _ in range(rng.randint(5, 22))
    ]


FAMILIES: tuple[Family, ...] = (sql_ranking,)
