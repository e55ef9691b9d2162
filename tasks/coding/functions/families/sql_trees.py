"""Walking a tree by a recursive query."""

from __future__ import annotations

from random import Random
from typing import Any

from .problem import A_TO_Z, Family, Problem, call, name, program, prose
from .sql_text import Value, given, table

Uses = list[tuple[Value, Value, Value]]
Parts = list[tuple[Value, Value]]

_TREE_RULES = """
Write `@name@(script, root)`, which says what a product is made of. @given@
- One piece of `@parent@` needs `count` pieces of `@child@`. Rows with a `count` below 1 or `NULL` have no
  effect. @twice@
- The result lists what one piece of `root` is made of, through all levels@deep@: a list of `[part, pieces,
  level]`, `pieces` being the sum over all ways that lead to the part. @which@
- `level` is the @level@ number of steps from `root` to the part.
- A part that is reached but does not stand in `parts` @unknown@. A `NULL` @price@ counts as 0.
- If a part is reached from itself below `root`, `ValueError` is raised; what cannot be reached@reach@ does
  not matter. `ValueError` is also raised if `root` does not stand in `parts`.
- The list is ordered by @order@, then by part, @az@. @last@
"""

_TREE = '''
import sqlite3

QUERY = """
WITH RECURSIVE needs AS (
    SELECT @parent@ AS parent, @child@ AS child, @united@ AS count
    FROM uses WHERE count >= 1 GROUP BY @parent@, @child@
),
walk(part, pieces, level, path, looped) AS (
    SELECT :root, 1, 0, char(10) || :root || char(10), 0
    UNION ALL
    SELECT needs.child, walk.pieces * needs.count, walk.level + 1, walk.path || needs.child || char(10),
        instr(walk.path, char(10) || needs.child || char(10)) > 0
    FROM walk JOIN needs ON needs.parent = walk.part
    WHERE NOT walk.looped AND walk.level < @deepest@
)
SELECT walk.part, SUM(walk.pieces) AS pieces, @extreme@(walk.level) AS level, MAX(walk.looped),
    parts.part IS NULL, @cost@,
    walk.part IN (SELECT parent FROM needs)
FROM walk LEFT JOIN parts ON parts.part = walk.part
WHERE walk.level > 0
GROUP BY walk.part
ORDER BY @order@, walk.part
"""


def @name@(script, root):
    database = sqlite3.connect(":memory:")
    database.executescript(script)
    if not database.execute("SELECT COUNT(*) FROM parts WHERE part = ?", [root]).fetchone()[0]:
        raise ValueError(f"no such part: {root!r}")
    rows = database.execute(QUERY, {"root": root}).fetchall()
    if any(looped for _, _, _, looped, _, _, _ in rows):
        raise ValueError("a part needs itself")
    @unknown@
    kept = [row for row in rows if not (row[6] and @leaves@)]
    result = [[part, pieces, level] for part, pieces, level, _, _, _, _ in kept]
    @last@
    return result
'''

_ORDERS = [
    ("level, smallest first", "level"),
    ("level, largest first", "level DESC"),
    ("pieces, most first", "SUM(walk.pieces) DESC"),
    ("pieces, fewest first, equal ones by level, largest first", "SUM(walk.pieces), level DESC"),
]
_UNKNOWN = [
    (
        "raises `ValueError`",
        'if any(row[4] for row in rows):\n        raise ValueError("a part is not known")',
    ),
    ("is left out of the list (not so what it is made of)", "rows = [row for row in rows if not row[4]]"),
    ("has no price, but is listed like any other", "rows = list(rows)"),
]


def sql_trees(rng: Random) -> Problem:
    """What a product is made of, through all levels."""
    order, clause = rng.choice(_ORDERS)
    unknown, action = rng.choice(_UNKNOWN)
    leaves, largest, added, priced = (rng.random() < 0.5 for _ in range(4))
    deepest = rng.choice([0, 0, 2, 3])
    parent, child = rng.choice(
        [("assembly", "component"), ("made", "needed"), ("whole", "piece"), ("dish", "ingredient")]
    )
    words: dict[str, Any] = {
        "name": name(rng, "explode list expand unfold", "parts product components tree"),
        "parent": parent,
        "child": child,
        "price": rng.choice(["cents", "grams", "minutes"]),
    }
    label = rng.choice(["total", "sum", "all"])
    total = (
        f'At the end stands `["{label}", pieces, {words["price"]}]`, also when nothing is listed: the '
        "pieces listed above it, and "
        f"their {words['price']}, each piece having those of its part."
    )
    declared = [
        "parts (part TEXT PRIMARY KEY, {price} INTEGER)",
        "uses ({parent} TEXT, {child} TEXT, count INTEGER)",
    ]
    heads = [text.format(**words) for text in declared]

    def script(parts: Parts, uses: Uses) -> str:
        return f"{table(heads[0], parts)}\n{table(heads[1], uses)}"

    shown: Uses = [("bike", "wheel", 2), ("wheel", "spoke", rng.randint(12, 99))]
    rows = [*_tree_edges(), *(_tree(rng) for _ in range(16))]
    return Problem(
        name=words["name"],
        rules=prose(
            _TREE_RULES,
            **words,
            given=given(*heads),
            twice="Of several rows for the same pair the counts are added up."
            if added
            else "Of several rows for the same pair the one with the largest count holds.",
            deep=f", but not deeper than level {deepest}" if deepest else "",
            which="Only parts that are made of nothing else (whatever their level) are listed."
            if leaves
            else "All parts below `root` are listed, those that are made of others too.",
            level="largest" if largest else "smallest",
            unknown=unknown,
            reach=f" in at most {deepest} steps" if deepest else "",
            order=order,
            az=A_TO_Z,
            last=total if priced else "",
        ),
        reference=program(
            _TREE,
            **words,
            united="SUM(count)" if added else "MAX(count)",
            deepest=deepest or 1000000,
            extreme="MAX" if largest else "MIN",
            order=clause,
            unknown=action,
            leaves=leaves,
            cost=f"SUM(walk.pieces) * COALESCE(parts.{words['price']}, 0)" if priced else "0",
            last=f'result.append(["{label}", sum(row[1] for row in kept), sum(row[5] for row in kept)])'
            if priced
            else "result = list(result)",
        ),
        examples=[
            call(
                script([("bike", 0), ("wheel", 9), ("spoke", 2)], shown),
                "bike",
            )
        ],
        cases=[call(script(parts, uses), root) for parts, uses, root in rows],
    )


def _tree_edges() -> list[tuple[Parts, Uses, str]]:
    parts: Parts = [(part, 10 + i) for i, part in enumerate("abcdefg")]
    chain: Uses = [("a", "b", 2), ("b", "c", 3), ("c", "d", 4), ("d", "e", 5)]
    return [
        ([], [], "a"), (parts, [], "a"), (parts, [], "z"), (parts, chain, "a"), (parts, chain, "c"),
        (parts, chain, "e"), (parts, [("a", "a", 1)], "a"), (parts, [("a", "b", 1), ("b", "a", 1)], "a"),
        (parts, [("b", "c", 1), ("c", "b", 1)], "a"),
        (parts, [("a", "b", 1), ("b", "c", 1), ("c", "d", 1), ("d", "b", 1)], "a"),
        (parts, [*chain, ("e", "a", 1)], "a"), (parts, [*chain, ("a", "d", 1)], "a"),
        (parts, [*chain, ("a", "e", 7), ("b", "e", 1)], "a"), (parts, [*chain, ("a", "b", 5)], "a"),
        (parts, [("a", "b", 0), ("a", "c", -2), ("a", "d", None), ("a", "e", 1)], "a"),
        (parts, [("a", "b", 3), ("a", "b", 0), ("a", "b", -1)], "a"),
        (parts, [("a", "x", 2), ("x", "b", 3)], "a"), (parts, [("a", "b", 2), ("b", "x", 3)], "a"),
        ([*parts, ("n", None)], [("a", "n", 4)], "a"),
        (parts, [(*pair, 2) for pair in ("ac", "ab", "bd", "cd", "df", "de")], "a"),
        (parts, [("b", "a", 1)], "a"),
        (parts, [("a", "c", 6), ("a", "b", 6), ("c", "b", 1), ("b", "d", 1)], "a"),
        (parts, [("a", "b", 1), ("b", "b", 0)], "a"),
        ([("it's", 3), ("ab", 1), ("B", 5)], [("it's", "ab", 2), ("it's", "B", 2), ("ab", "B", 1)], "it's"),
        (parts, [("x", "a", 1)], "x"),
    ]  # fmt: skip


def _tree(rng: Random) -> tuple[Parts, Uses, str]:
    named = ["a", "b", "c", "D", "e", "f", "gg", "h"][: rng.randint(4, 8)]
    parts: Parts = [(part, rng.choice([rng.randint(1, 90), None])) for part in named]
    uses: Uses = []
    for i, child in enumerate(named[1:], start=1):
        for parent in rng.sample(named[:i], min(i, rng.choice([1, 1, 2]))):
            uses.append((parent, child, rng.choice([1, 2, 3, 4, rng.randint(1, 9), 0])))
    if rng.random() < 0.15:
        uses.append((named[-1], named[1], 1))
    if rng.random() < 0.15:
        parts.pop()
    return parts, rng.sample(uses, len(uses)), rng.choice(["a", "a", "b"])


FAMILIES: tuple[Family, ...] = (sql_trees,)
