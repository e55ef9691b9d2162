"""Prices as of a day, by a query."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from .problem import A_TO_Z, Family, Problem, call, name, program, prose
from .sql_text import Value, given, table

Prices = list[tuple[Value, Value, Value]]
Orders = list[tuple[Value, Value, Value, Value]]

_PRICE_RULES = """
Write `@name@(script)`, which adds up orders at the prices of their days. It returns a list of lists `[@by@,
orders, cents, unpriced]`. @given@
- Days are written `YYYY-MM-DD`. The price of an order is the one of its item with the latest `since` that
  is @before@ its `day`; of several with that `since`, the @twice@.
- A price whose `cents` are `NULL` @null@
- An order without a price @without@.
- An order of @many@ pieces or more costs @percent@ percent less, its cents (count * price) rounded
  @rounded@ to whole cents.
- Orders with a count below 1, or `NULL` as item, day or count, do not count at all.
- A row of the result stands for @group@: the number of its orders (unpriced ones included), the sum of
  their cents, and the number of those that are unpriced.
- @filter@
- Rows are ordered by @order@.
"""

_PRICE = '''
import sqlite3

QUERY = """
WITH counted AS (
    SELECT number, item, day, count FROM orders
    WHERE item IS NOT NULL AND day IS NOT NULL AND count >= 1
),
offers AS (
    SELECT counted.number, prices.cents,
        ROW_NUMBER() OVER (
            PARTITION BY counted.number
            ORDER BY @nearest@, @twice@
        ) AS place
    FROM counted JOIN prices ON prices.item = counted.item@bound@
    WHERE @given@
),
priced AS (
    SELECT counted.day, counted.item, offers.cents IS NULL AS unpriced,
        CASE WHEN count >= @many@ THEN (count * offers.cents * @left@ + @add@) / 100
            ELSE count * offers.cents END AS cents
    FROM counted LEFT JOIN offers ON offers.number = counted.number AND offers.place = 1
)
SELECT @group@ AS label, COUNT(*) AS orders, COALESCE(SUM(cents), 0) AS total, SUM(unpriced) AS unpriced
FROM priced GROUP BY label @having@
ORDER BY @order@
"""


def @name@(script):
    database = sqlite3.connect(":memory:")
    database.executescript(script)
    return [list(row) for row in database.execute(QUERY)]
'''

_NEAREST = (
    "prices.since {operator} counted.day DESC, "
    "CASE WHEN prices.since {operator} counted.day THEN -julianday(prices.since) ELSE "
    "julianday(prices.since) END"
)
_TWICE = [
    ("highest", "prices.cents DESC"),
    ("lowest (`NULL` is the lowest of all)", "prices.cents"),
    ("one inserted last", "prices.rowid DESC"),
]
_GROUPS = [
    ("month", "a month (`YYYY-MM`) with any order that counts", "substr(day, 1, 7)"),
    ("item", "an item with any order that counts", "item"),
    ("day", "a day with any order that counts", "day"),
    (
        "quarter",
        "a quarter (as in `2026-Q1`) with any order that counts",
        "substr(day, 1, 4) || '-Q' || ((substr(day, 6, 2) + 2) / 3)",
    ),
]
_ORDERS = [
    ("`{by}`, {az}", "label"),
    ("cents, most first, then `{by}`, {az}", "total DESC, label"),
    (
        "the number of unpriced orders, most first, then cents, fewest first, then `{by}`, {az}",
        "SUM(unpriced) DESC, total, label",
    ),
    ("the number of orders, most first, then `{by}`, {az}", "orders DESC, label"),
]


def sql_prices(rng: Random) -> Problem:
    """Orders at the prices that held on their days."""
    twice, chosen = rng.choice(_TWICE)
    by, group, label = rng.choice(_GROUPS)
    order, clause = rng.choice(_ORDERS)
    same_day, ends, falls, up, cut = (rng.random() < 0.5 for _ in range(5))
    many, percent, least = rng.randint(3, 10), rng.choice([5, 10, 12, 15, 33]), rng.randint(100, 900)
    words: dict[str, Any] = {
        "name": name(rng, "price bill total value", "orders sales purchases demand"),
        "by": by,
        "many": many,
    }
    operator = "<=" if same_day else "<"
    heads = [
        "prices (item TEXT, since TEXT, cents INTEGER)",
        "orders (number INTEGER PRIMARY KEY, item TEXT, day TEXT, count INTEGER)",
    ]

    def script(prices: Prices, orders: Orders) -> str:
        return f"{table(heads[0], prices)}\n{table(heads[1], orders)}"

    shown: Orders = [
        (1, "nut", "2026-02-03", 2),
        (2, "nut", "2026-03-01", many),
        (3, "bolt", "2026-03-09", 1),
    ]
    prices: Prices = [
        ("nut", "2026-01-01", rng.randint(11, 99)),
        ("nut", "2026-03-01", rng.randint(101, 199)),
    ]
    return Problem(
        name=words["name"],
        rules=prose(
            _PRICE_RULES,
            **words,
            given=given(*heads),
            before="at or before" if same_day else "before",
            twice=twice,
            null="ends the item's prices: an order to which it falls has no price."
            if ends
            else "is as if it were not there.",
            without="takes the item's earliest price instead (of several with that `since`, the one named "
            "above); "
            "if there is none either, it is unpriced and adds no cents"
            if falls and not ends
            else "is unpriced and adds no cents",
            percent=percent,
            rounded="up" if up else "down",
            group=group,
            filter=f"Rows with fewer than {least} cents and no unpriced order are left out."
            if cut
            else "All rows are returned, those without any cents too.",
            order=order.format(by=by, az=A_TO_Z),
        ),
        reference=program(
            _PRICE,
            **words,
            bound="" if falls and not ends else f" AND prices.since {operator} counted.day",
            nearest=_NEAREST.format(operator=operator) if falls and not ends else "prices.since DESC",
            twice=chosen,
            given="1" if ends else "prices.cents IS NOT NULL",
            left=100 - percent,
            add=99 if up else 0,
            group=label,
            having=f"HAVING total >= {least} OR SUM(unpriced) > 0" if cut else "",
            order=clause,
        ),
        examples=[call(script(prices, shown))],
        cases=[
            call(script(prices, orders))
            for prices, orders in [*_price_edges(many, least), *(_book(rng, many) for _ in range(10))]
        ],
    )


def _price_edges(many: int, least: int) -> list[tuple[Prices, Orders]]:
    big = least + 1

    def one(day: str, count: Value = 1, item: Value = "nut") -> Orders:
        return [(1, item, day, count)]

    p: Prices = [("nut", "2026-03-01", 101), ("nut", "2026-02-01", 77)]
    after, between, before = "2026-04-04", "2026-02-14", "2026-01-31"
    same: Prices = [("nut", "2026-03-01", 500), ("nut", "2026-03-01", 900), ("nut", "2026-03-01", 700)]
    gone: Prices = [*p, ("nut", "2026-03-05", None), ("nut", "2026-03-09", 60)]
    none: Prices = [("nut", "2026-03-01", None), ("nut", "2026-03-01", 800)]
    dear: Prices = [("nut", "2026-01-01", big), ("Bolt", "2026-01-01", 3 * big), ("rod", "2026-02-02", big)]
    mixed: Orders = [
        (1, "nut", "2026-02-03", 1),
        (2, "Bolt", "2026-02-28", 1),
        (3, "rod", "2026-02-01", 1),
        (4, "rod", "2026-05-01", 2),
    ]
    return [
        ([], []), ([], one(after)), (p, []), (p, one(after)), (p, one(between)), (p, one(before)),
        (p, one("2026-03-01")), (p, one("2026-02-01")), (p, one(after, many)), (p, one(after, many - 1)),
        (p, one(after, many + 1)), (p, one(between, 7 * many)), (p, one(after, 0)), (p, one(after, -3)),
        (p, one(after, None)), (p, [(1, None, after, 9), (2, "nut", None, 9), (3, "nut", after, 9)]),
        (same, one(after)), (same, one("2026-03-01")), (same, one(before)), (same[::-1], one(after, 2)),
        (gone, one("2026-03-06")), (gone, one("2026-03-05", 40)), (gone, one("2026-03-09", 40)),
        (none, one(after)), (none[::-1], one(after)), (none, one(before)), (dear, mixed),
        (dear, [*mixed, (9, "none", "2026-02-09", 1)]), ([("nut", "2026-01-01", least)], one(after)),
        ([("nut", "2026-01-01", least - 1)], one(after)), ([("nut", "2026-01-01", 0)], one(after)),
        ([("NUT", "2026-01-01", 900)], one(after)),
        (dear, [(i, "nut", f"2026-{i:02d}-10", 13 - i) for i in range(1, 13)]),
        (dear, [(5, "Bolt", "2025-12-31", 1), (4, "Bolt", "2026-01-01", 1)]),
        ([*p, ("nut", "2026-05-05", 300), ("nut", "2026-06-06", 400)], one(before, 30)),
        ([("nut", "2027-01-01", None)], one(after)),
    ]  # fmt: skip


def _book(rng: Random, many: int) -> tuple[Prices, Orders]:
    def day() -> str:
        return f"{date(2025, 12, 20) + timedelta(days=rng.choice([rng.randint(0, 8), rng.randint(0, 120)]))}"

    items = ["nut", "Bolt", "rod"]
    prices: Prices = [
        (rng.choice(items), day(), rng.choice([rng.randint(9, 999)] * 6 + [None]))
        for _ in range(rng.randint(2, 9))
    ]
    orders: Orders = [
        (number, rng.choice([*items, "cog"]), day(), rng.choice([1, 2, many - 1, many, many + 3, 0]))
        for number in range(1, rng.randint(4, 14))
    ]
    return prices, orders


FAMILIES: tuple[Family, ...] = (sql_prices,)
