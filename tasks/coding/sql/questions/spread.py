"""What SQLite has no function for: medians, modes, bands, cumulative shares, changes."""

from __future__ import annotations

from .question import Family

FAMILIES = (
    Family(
        name="median",
        text="What is the median of the known `@e.amount@` over the @e.many@ of the @p.many@ of each "
        "known `@p.area@`? Of an even number of amounts it is the mean of the middle two.",
        columns=("`@p.area@`", "number of known amounts", "median"),
        order="`@p.area@`",
        query="""
WITH ranked AS (
  SELECT p.@p.area@ AS place, e.@e.amount@ AS amount,
    ROW_NUMBER() OVER (PARTITION BY p.@p.area@ ORDER BY e.@e.amount@) AS n,
    COUNT(*) OVER (PARTITION BY p.@p.area@) AS total
  FROM @e@ AS e
  JOIN @p@ AS p ON p.@p.id@ = e.@e.p@
  WHERE e.@e.amount@ IS NOT NULL
    AND p.@p.area@ IS NOT NULL
)
SELECT place, total, AVG(amount)
FROM ranked
WHERE n IN ((total + 1) / 2, (total + 2) / 2)
GROUP BY place, total
ORDER BY place
""",
    ),
    Family(
        name="mode",
        text="What is the most frequent `@e.state@` among the entries in `@e@` of each of the @p.many@? "
        "Of several as frequent, the alphabetically first.",
        columns=("`@p.id@`", "that `@e.state@`", "how often it occurs"),
        order="`@p.id@`",
        query="""
WITH counts AS (
  SELECT e.@e.p@ AS party, e.@e.state@ AS state, COUNT(*) AS number
  FROM @e@ AS e
  GROUP BY e.@e.p@, e.@e.state@
),
ranked AS (
  SELECT party, state, number, ROW_NUMBER() OVER (PARTITION BY party ORDER BY number DESC, state) AS place
  FROM counts
)
SELECT party, state, number
FROM ranked
WHERE place = 1
ORDER BY party
""",
    ),
    Family(
        name="bands",
        text="Sort the known `@e.amount@` into bands of width @width@: 0 to @width_end@, @width@ to "
        "@second_end@ and so on. How many entries of `@e@` are in each band that has any, and how "
        "many different @p.many@ do they belong to?",
        columns=("the lowest amount of the band", "number of entries", "number of @p.many@"),
        order="the lowest amount",
        query="""
SELECT e.@e.amount@ / @width@ * @width@ AS band, COUNT(*), COUNT(DISTINCT e.@e.p@)
FROM @e@ AS e
WHERE e.@e.amount@ IS NOT NULL
GROUP BY band
ORDER BY band
""",
    ),
    Family(
        name="few_make_most",
        text="Take the @t.many@ with @l.many@ by their total `@l.qty@`, the highest first, then by "
        "`@t.id@`. List them up to and including the first one with which the running total reaches "
        "@share@ percent of the total of all.",
        columns=("`@t.id@`", "total `@l.qty@`", "running total"),
        order="running total",
        query="""
WITH totals AS (
  SELECT l.@l.t@ AS thing, SUM(l.@l.qty@) AS total
  FROM @l@ AS l
  GROUP BY l.@l.t@
),
running AS (
  SELECT thing, total, SUM(total) OVER (ORDER BY total DESC, thing) AS reached, SUM(total) OVER () AS whole
  FROM totals
)
SELECT thing, total, reached
FROM running
WHERE 100 * (reached - total) < @share@ * whole
ORDER BY reached
""",
    ),
    Family(
        name="month_changes",
        text="Add up the `@e.amount@` of the entries of `@e@` by month (unknown amounts count as 0; "
        "months without entries do not occur). By what percentage does each month's sum differ from "
        "that of the month before it in this list?",
        columns=(
            "the month as 'YYYY-MM'",
            "sum",
            "percentage with its sign, rounded to 1 decimal (NULL for the first month and after a sum of 0)",
        ),
        order="month",
        query="""
WITH months AS (
  SELECT strftime('%Y-%m', e.@e.day@) AS month, COALESCE(SUM(e.@e.amount@), 0) AS total
  FROM @e@ AS e
  GROUP BY month
),
pairs AS (
  SELECT month, total, LAG(total) OVER (ORDER BY month) AS before
  FROM months
)
SELECT month, total, CASE WHEN before <> 0 THEN ROUND(100.0 * (total - before) / before, 1) END
FROM pairs
ORDER BY month
""",
    ),
)
