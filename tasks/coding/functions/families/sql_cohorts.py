"""Customers by the month of their first order, by a query."""

from __future__ import annotations

from random import Random
from typing import Any

from .problem import Family, Problem, call, name, program, prose
from .sql_text import Value, given, table

Orders = list[tuple[Value, Value, Value]]

_COHORT_RULES = """
Write `@name@(script)`, which follows customers by the month of their first order. It returns a list of
lists `[month, customers, @share@ after 1 month, ..., after @months@ months]`. @given@
- Days are written `YYYY-MM-DD`, a month `YYYY-MM`. Orders with `NULL` in any column, or a `@value@` of
  @void@, do not count at all.
- The cohort of a customer is the month of its first order@first@. `customers` is the number of customers of
  the cohort.
- A customer is active after k months if @active@ in the k-th calendar month after the cohort's.
- Each of the last @months@ figures is @figure@; where that month is later than the month of the latest
  order of all that count, it is `None`.
- @small@The result has, from the earliest to the latest, @between@.
"""

_COHORT = '''
import sqlite3

QUERY = """
WITH RECURSIVE counted AS (
    SELECT customer, day, @value@ AS value,
        12 * substr(day, 1, 4) + substr(day, 6, 2) - 1 AS month
    FROM orders
    WHERE customer IS NOT NULL AND day IS NOT NULL AND @value@ >= @above@
),
firsts AS (
    SELECT customer, MIN(month) AS cohort FROM counted GROUP BY customer @having@
),
cohorts AS (
    SELECT cohort, COUNT(*) AS size FROM firsts GROUP BY cohort @small@
),
calendar(month) AS (
    SELECT MIN(cohort) FROM cohorts
    UNION ALL
    SELECT month + 1 FROM calendar WHERE month < (SELECT MAX(cohort) FROM cohorts)
),
ages(age) AS (SELECT 1 UNION ALL SELECT age + 1 FROM ages WHERE age < @months@),
active AS (
    SELECT customer, month FROM counted GROUP BY customer, month HAVING @active@
),
returned AS (
    SELECT cohort, month - cohort AS age, COUNT(*) AS back
    FROM firsts JOIN active USING (customer) GROUP BY cohort, month
)
SELECT printf('%04d-%02d', calendar.month / 12, calendar.month % 12 + 1), COALESCE(size, 0), ages.age,
    CASE WHEN calendar.month + ages.age <= (SELECT MAX(month) FROM counted) THEN @figure@ END
FROM calendar CROSS JOIN ages
LEFT JOIN cohorts ON cohorts.cohort = calendar.month
LEFT JOIN returned ON returned.cohort = cohorts.cohort AND returned.age = ages.age
WHERE calendar.month IS NOT NULL @gaps@
ORDER BY calendar.month, ages.age
"""


def @name@(script):
    database = sqlite3.connect(":memory:")
    database.executescript(script)
    rows = {}
    for month, size, _, figure in database.execute(QUERY):
        rows.setdefault(month, [month, size]).append(figure)
    return list(rows.values())
'''

_FIGURES = [
    ("the number of the cohort's customers that are active then", "active", "COALESCE(back, 0)"),
    (
        "the percentage of the cohort's customers that are active then, rounded down to an int (0 for a "
        "cohort of none)",
        "percent",
        "CASE WHEN size > 0 THEN 100 * COALESCE(back, 0) / size ELSE 0 END",
    ),
    (
        "the number of the cohort's customers that are not active then",
        "lost",
        "COALESCE(size, 0) - COALESCE(back, 0)",
    ),
]
_ACTIVE = [
    ("it has an order", "COUNT(*) >= 1"),
    ("it has orders on at least two different days", "COUNT(DISTINCT day) >= 2"),
    ("its orders add up to at least {n}", "SUM(value) >= {n}"),
]


def sql_cohorts(rng: Random) -> Problem:
    """How many customers come back after one, two, three months."""
    figure, share, formula = rng.choice(_FIGURES)
    n = rng.randint(15, 60)
    active, condition = (text.format(n=n) for text in rng.choice(_ACTIVE))
    gaps, zero, once = rng.random() < 0.5, rng.random() < 0.5, rng.random() < 0.4
    months, least, orders = rng.randint(2, 3), rng.randint(1, 2), rng.randint(2, 3)
    words: dict[str, Any] = {
        "name": name(rng, "follow cohort retention track", "customers months returns orders"),
        "value": rng.choice(["cents", "amount", "paid"]),
        "months": months,
    }
    declared = f"orders (customer TEXT, day TEXT, {words['value']} INTEGER)"
    days = ["2026-01-30", "2026-02-01", "2026-02-09", "2026-03-01"]
    shown: Orders = [
        *(("ann", day, n) for day in days),
        *(("bo", day, rng.randint(1, 99)) for day in days[:3]),
    ]
    return Problem(
        name=words["name"],
        rules=prose(
            _COHORT_RULES,
            **words,
            given=given(declared),
            share=share,
            void="less than 0" if zero else "0 or less",
            first=f"; a customer with fewer than {orders} orders in all has none and counts nowhere (but "
            "its orders do where the latest order is looked for)"
            if once
            else "",
            active=active,
            figure=figure,
            small=f"Cohorts of fewer than {least} customers are left out. " if least > 1 else "",
            between="a row for every month from the earliest cohort that is not left out to the latest; a "
            "month in between without such a cohort counts as one of 0 customers"
            if gaps
            else "a row for every cohort that has customers and is not left out",
        ),
        reference=program(
            _COHORT,
            **words,
            above=0 if zero else 1,
            having=f"HAVING COUNT(*) >= {orders}" if once else "",
            small=f"HAVING COUNT(*) >= {least}" if least > 1 else "",
            active=condition,
            figure=formula,
            gaps="" if gaps else "AND size IS NOT NULL",
        ),
        examples=[call(table(declared, shown))],
        cases=[
            call(table(declared, rows)) for rows in [*_order_edges(n), *(_orders(rng, n) for _ in range(10))]
        ],
    )


def _order_edges(n: int) -> list[Orders]:
    def many(who: str, *days: str) -> Orders:
        return [(who, f"20{day}", n) for day in days]

    a = many("a", "26-01-05", "26-01-31", "26-02-01", "26-02-28", "26-03-01", "26-04-02")
    b = many("b", "26-01-01", "26-01-02", "26-03-03", "26-03-04")
    c = many("c", "26-03-05", "26-03-06", "26-04-09", "26-04-10", "26-06-30")
    return [
        [], [(None, "2026-01-01", n)], [("a", None, n)], [("a", "2026-01-01", None)],
        [("a", "2026-01-01", 0)], [("a", "2026-01-01", -1)], many("a", "26-01-01"),
        many("a", "26-01-01", "26-01-02", "26-01-03"), a, b, c, a + b, b + c, a + b + c,
        [*a, ("z", "2026-08-01", -5)], [*a, *b, ("z", "2026-12-01", n)], [*a, ("a", "2025-12-31", 0)],
        [*a, *b, ("b", "2026-02-02", n - 1)], [*b, ("b", "2026-02-02", n)],
        [*b, ("b", "2026-02-02", n), ("b", "2026-02-02", n)],
        [*b, ("b", "2026-02-02", 1), ("b", "2026-02-03", 1)], many("A", "26-01-01", "26-02-01") + a,
        many("a", "25-11-01", "25-11-02", "25-12-31", "25-12-30", "26-01-01", "26-02-02", "26-02-03"),
        a + many("d", "26-01-09", "26-01-09", "26-02-03"),
        many("a", "24-02-29", "24-02-28", "24-05-31", "24-05-30") +
        many("b", "24-05-01", "24-06-01", "24-06-02"),
        a + many("b", "26-01-07", "26-01-08") + many("c", "26-01-09", "26-01-10", "26-02-02", "26-02-04"),
        many("a", "26-01-01") + many("b", "26-05-01"),
    ]  # fmt: skip


def _orders(rng: Random, n: int) -> Orders:
    made: Orders = []
    for who in "abcdefg"[: rng.randint(3, 7)]:
        begin = rng.choice([0, 0, 0, 1, 2])
        for _ in range(rng.randint(2, 11)):
            month = begin + rng.choice([0, 0, 1, 1, 2, 3, 4])
            day = f"{2025 + (9 + month) // 12}-{(9 + month) % 12 + 1:02d}-{rng.randint(1, 28):02d}"
            made.append((who, day, rng.choice([n, n, n // 2, 1, 0, -3, None])))
    return rng.sample(made, len(made))


FAMILIES: tuple[Family, ...] = (sql_cohorts,)
