"""Dates kept as text: gaps, whole calendars, periods that overlap or are still open."""

from __future__ import annotations

from .question import Family

FAMILIES = (
    Family(
        name="long_gaps",
        text="Find where two entries in `@e@` that follow one another for the same @p.one@ are dated more "
        "than @days@ days apart.@time_note@",
        columns=(
            "`@p.id@`",
            "earlier date as 'YYYY-MM-DD'",
            "later date as 'YYYY-MM-DD'",
            "days between them, an integer",
        ),
        order="the days, the most first, then by `@p.id@`, then by the earlier date",
        query="""
WITH pairs AS (
  SELECT e.@e.p@ AS party, @day(e)@ AS day,
    LEAD(@day(e)@) OVER (PARTITION BY e.@e.p@ ORDER BY e.@e.day@, e.@e.id@) AS next
  FROM @e@ AS e
)
SELECT party, day, next, CAST(julianday(next) - julianday(day) AS INTEGER) AS days
FROM pairs
WHERE julianday(next) - julianday(day) > @days@
ORDER BY days DESC, party, day
""",
    ),
    Family(
        name="calendar",
        text="For each month from January to June 2024: how many entries are dated in it in `@e@`, and of "
        "how many different @p.many@? Months without entries count 0.",
        columns=("the month as 'YYYY-MM'", "number of entries", "number of @p.many@"),
        order="month",
        query="""
WITH RECURSIVE months(first) AS (
  SELECT '2024-01-01'
  UNION ALL
  SELECT date(first, '+1 month') FROM months WHERE first < '2024-06-01'
)
SELECT strftime('%Y-%m', m.first), COUNT(e.@e.id@), COUNT(DISTINCT e.@e.p@)
FROM months AS m
LEFT JOIN @e@ AS e ON strftime('%Y-%m', e.@e.day@) = strftime('%Y-%m', m.first)
GROUP BY m.first
ORDER BY m.first
""",
    ),
    Family(
        name="overlaps",
        text="Find the pairs of @s.many@ of the same @t.one@ that have at least one day in common. The "
        "last day belongs to a @s.one@; without one it never ends. Each pair once.",
        columns=("the lower `@s.id@`", "the higher `@s.id@`", "the first day they have in common"),
        order="the lower id, then by the higher",
        query="""
SELECT a.@s.id@, b.@s.id@, MAX(a.@s.from@, b.@s.from@)
FROM @s@ AS a
JOIN @s@ AS b ON b.@s.t@ = a.@s.t@
WHERE a.@s.id@ < b.@s.id@
  AND a.@s.from@ <= COALESCE(b.@s.to@, '9999-12-31')
  AND b.@s.from@ <= COALESCE(a.@s.to@, '9999-12-31')
ORDER BY a.@s.id@, b.@s.id@
""",
    ),
    Family(
        name="first_within",
        text="Whose first entry in `@e@` on or after their `@p.joined@` is dated at most @days@ days "
        "after it? Entries before `@p.joined@` do not count.@time_note@",
        columns=("`@p.id@`", "date of that entry as 'YYYY-MM-DD'", "days since `@p.joined@`, an integer"),
        order="the days, then by `@p.id@`",
        query="""
SELECT p.@p.id@, MIN(@day(e)@) AS first,
  CAST(julianday(MIN(@day(e)@)) - julianday(p.@p.joined@) AS INTEGER) AS days
FROM @p@ AS p
JOIN @e@ AS e ON e.@e.p@ = p.@p.id@
WHERE @day(e)@ >= p.@p.joined@
GROUP BY p.@p.id@
HAVING days <= @days@
ORDER BY days, p.@p.id@
""",
    ),
    Family(
        name="running_on",
        text="For every one of the @t.many@: how many @s.many@ run on @later_date@ (first and last day "
        "included; without a last day they do not end), and what is the latest `@s.from@` among "
        "those?",
        columns=("`@t.id@`", "number (0 if none)", "latest `@s.from@` (NULL if none)"),
        order="the number, the highest first, then by `@t.id@`",
        query="""
SELECT t.@t.id@, COUNT(s.@s.id@) AS number, MAX(s.@s.from@)
FROM @t@ AS t
LEFT JOIN @s@ AS s ON s.@s.t@ = t.@t.id@
  AND s.@s.from@ <= '@later_date@'
  AND (s.@s.to@ IS NULL OR s.@s.to@ >= '@later_date@')
GROUP BY t.@t.id@
ORDER BY number DESC, t.@t.id@
""",
    ),
    Family(
        name="weekdays",
        text="How many entries of `@e@` fall on each day of the week, and what is their average "
        "`@e.amount@` (unknown amounts left out)? Only days of the week that occur.",
        columns=(
            "day of the week as an integer, Monday = 1 to Sunday = 7",
            "number of entries",
            "average rounded to 2 decimals (NULL when no amount is known)",
        ),
        order="day of the week",
        query="""
SELECT (CAST(strftime('%w', e.@e.day@) AS INTEGER) + 6) % 7 + 1 AS weekday,
  COUNT(*), ROUND(AVG(e.@e.amount@), 2)
FROM @e@ AS e
GROUP BY weekday
ORDER BY weekday
""",
    ),
    Family(
        name="peaks",
        text="For each of the @t.many@ with @s.many@: what is the largest number of its @s.many@ that run on "
        "the same day, and which is the first such day? First and last day are included; without a last day "
        "they do not end.",
        columns=("`@t.id@`", "largest number", "first day with that number as 'YYYY-MM-DD'"),
        order="the number, the highest first, then by `@t.id@`",
        query="""
WITH starts AS (
  SELECT DISTINCT s.@s.t@ AS thing, s.@s.from@ AS day
  FROM @s@ AS s
),
loads AS (
  SELECT a.thing, a.day, COUNT(*) AS number
  FROM starts AS a
  JOIN @s@ AS s ON s.@s.t@ = a.thing
  WHERE s.@s.from@ <= a.day
    AND COALESCE(s.@s.to@, a.day) >= a.day
  GROUP BY a.thing, a.day
),
ranked AS (
  SELECT thing, day, number, ROW_NUMBER() OVER (PARTITION BY thing ORDER BY number DESC, day) AS place
  FROM loads
)
SELECT thing, number, day
FROM ranked
WHERE place = 1
ORDER BY number DESC, thing
""",
    ),
)
