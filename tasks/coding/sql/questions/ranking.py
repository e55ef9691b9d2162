"""Ranks: the first few of each group with ties, the latest row, the second highest value."""

from __future__ import annotations

from .question import Family

FAMILIES = (
    Family(
        name="top_of_groups",
        text="Within each @c.one@, rank the @t.many@ directly in it by their total `@l.qty@` over all "
        "@l.many@. Give those of rank @n@ or better; equal totals share a rank, and the ranks after "
        "them are skipped (1, 1, 3). Leave out @t.many@ without @l.many@ and those without a @c.one@.",
        columns=("name of the @c.one@", "`@t.id@`", "total", "rank"),
        order="name of the @c.one@, then by rank, then by `@t.id@`",
        query="""
WITH totals AS (
  SELECT t.@t.id@ AS thing, t.@t.c@ AS kind, SUM(l.@l.qty@) AS total
  FROM @t@ AS t
  JOIN @l@ AS l ON l.@l.t@ = t.@t.id@
  WHERE t.@t.c@ IS NOT NULL
  GROUP BY t.@t.id@, t.@t.c@
),
ranked AS (
  SELECT thing, kind, total, RANK() OVER (PARTITION BY kind ORDER BY total DESC) AS place
  FROM totals
)
SELECT c.@c.name@, r.thing, r.total, r.place
FROM ranked AS r
JOIN @c@ AS c ON c.@c.id@ = r.kind
WHERE r.place <= @n@
ORDER BY c.@c.name@, r.place, r.thing
""",
    ),
    Family(
        name="latest",
        text="What is the latest entry in `@e@` of each of the @p.many@ (by `@e.day@`; of several at the "
        "same, the one with the highest `@e.id@`)? Leave out those whose latest entry has the "
        "`@e.state@` '@state@', and those without entries.",
        columns=("`@p.id@`", "`@e.id@` of that entry", "its `@e.state@`", "its `@e.amount@`"),
        order="`@p.id@`",
        query="""
WITH ranked AS (
  SELECT e.*, ROW_NUMBER() OVER (PARTITION BY e.@e.p@ ORDER BY e.@e.day@ DESC, e.@e.id@ DESC) AS place
  FROM @e@ AS e
)
SELECT r.@e.p@, r.@e.id@, r.@e.state@, r.@e.amount@
FROM ranked AS r
WHERE r.place = 1
  AND r.@e.state@ <> '@state@'
ORDER BY r.@e.p@
""",
    ),
    Family(
        name="second_highest",
        text="What is the second highest `@e.amount@` among the different amounts of each of the "
        "@p.many@? Leave out those with fewer than two different amounts.",
        columns=("`@p.id@`", "that amount", "how many of their entries in `@e@` have it"),
        order="the amount, the highest first, then by `@p.id@`",
        query="""
WITH ranked AS (
  SELECT e.@e.p@ AS party, e.@e.amount@ AS amount,
    DENSE_RANK() OVER (PARTITION BY e.@e.p@ ORDER BY e.@e.amount@ DESC) AS place
  FROM @e@ AS e
  WHERE e.@e.amount@ IS NOT NULL
)
SELECT party, amount, COUNT(*)
FROM ranked
WHERE place = 2
GROUP BY party, amount
ORDER BY amount DESC, party
""",
    ),
    Family(
        name="above_own_average",
        text="Which entries of `@e@` have a known `@e.amount@` that is higher than the average `@e.amount@` "
        "of the same @p.one@'s entries of the same `@e.state@`?",
        columns=("`@e.id@`", "name of the @p.one@", "`@e.amount@`"),
        order="`@e.id@`",
        query="""
SELECT e.@e.id@, p.@p.name@, e.@e.amount@
FROM @e@ AS e
JOIN @p@ AS p ON p.@p.id@ = e.@e.p@
WHERE e.@e.amount@ > (
  SELECT AVG(x.@e.amount@)
  FROM @e@ AS x
  WHERE x.@e.p@ = e.@e.p@
    AND x.@e.state@ = e.@e.state@
)
ORDER BY e.@e.id@
""",
    ),
    Family(
        name="best_of_month",
        text="For each month, which of the @p.many@ have the most entries in `@e@`? Of several with as "
        "many, all.",
        columns=("the month as 'YYYY-MM'", "`@p.id@`", "number of entries"),
        order="month, then by `@p.id@`",
        query="""
WITH counts AS (
  SELECT strftime('%Y-%m', e.@e.day@) AS month, e.@e.p@ AS party, COUNT(*) AS number
  FROM @e@ AS e
  GROUP BY month, party
)
SELECT a.month, a.party, a.number
FROM counts AS a
WHERE a.number = (
  SELECT MAX(b.number)
  FROM counts AS b
  WHERE b.month = a.month
)
ORDER BY a.month, a.party
""",
    ),
)
