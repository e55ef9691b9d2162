"""Groups: conditions on them, shares, and columns made from rows."""

from __future__ import annotations

from .question import Family

FAMILIES = (
    Family(
        name="areas_that_count",
        text="Which known `@p.area@` have at least @n@ different @p.many@ with an entry in `@e@` and an "
        "average `@e.amount@` over all these entries of at least @limit@? Unknown amounts do not "
        "enter the average.",
        columns=("`@p.area@`", "number of those @p.many@", "the average, rounded to 2 decimals"),
        order="the rounded average, the highest first, then by `@p.area@`",
        query="""
SELECT p.@p.area@, COUNT(DISTINCT p.@p.id@), ROUND(AVG(e.@e.amount@), 2) AS mean
FROM @p@ AS p
JOIN @e@ AS e ON e.@e.p@ = p.@p.id@
WHERE p.@p.area@ IS NOT NULL
GROUP BY p.@p.area@
HAVING COUNT(DISTINCT p.@p.id@) >= @n@ AND AVG(e.@e.amount@) >= @limit@
ORDER BY mean DESC, p.@p.area@
""",
    ),
    Family(
        name="shares_of_states",
        text="How are the entries of `@e@` dated @date@ or later spread over `@e.state@`? Only values "
        "that occur there.",
        columns=("`@e.state@`", "number of entries", "percentage of those entries, rounded to 2 decimals"),
        order="the number, the highest first, then by `@e.state@`",
        query="""
SELECT e.@e.state@, COUNT(*) AS number,
  ROUND(100.0 * COUNT(*) / (SELECT COUNT(*) FROM @e@ AS x WHERE @day(x)@ >= '@date@'), 2)
FROM @e@ AS e
WHERE @day(e)@ >= '@date@'
GROUP BY e.@e.state@
ORDER BY number DESC, e.@e.state@
""",
    ),
    Family(
        name="months_by_state",
        text="For each month in which there is an entry in `@e@`: how many entries are '@state@', how "
        "many are '@other_state@', and what do the `@e.amount@` of the '@state@' ones add up to?",
        columns=(
            "the month as 'YYYY-MM'",
            "number of '@state@'",
            "number of '@other_state@'",
            "sum (NULL when no amount of the '@state@' entries is known)",
        ),
        order="month",
        query="""
SELECT strftime('%Y-%m', e.@e.day@) AS month,
  COUNT(CASE WHEN e.@e.state@ = '@state@' THEN 1 END),
  COUNT(CASE WHEN e.@e.state@ = '@other_state@' THEN 1 END),
  SUM(CASE WHEN e.@e.state@ = '@state@' THEN e.@e.amount@ END)
FROM @e@ AS e
GROUP BY month
ORDER BY month
""",
    ),
    Family(
        name="rates_of_things",
        text="For the @t.many@ that are in at least @n@ entries of `@e@`: what percentage of these "
        "entries has the `@e.state@` '@state@'?",
        columns=("`@t.id@`", "number of entries", "percentage, rounded to 2 decimals"),
        order="the rounded percentage, the highest first, then by `@t.id@`",
        query="""
SELECT l.@l.t@, COUNT(*), ROUND(100.0 * SUM(e.@e.state@ = '@state@') / COUNT(*), 2) AS rate
FROM @l@ AS l
JOIN @e@ AS e ON e.@e.id@ = l.@l.e@
GROUP BY l.@l.t@
HAVING COUNT(*) >= @n@
ORDER BY rate DESC, l.@l.t@
""",
    ),
)
