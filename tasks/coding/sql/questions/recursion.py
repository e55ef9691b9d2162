"""Trees and series: what lies below, the way down, and days that are in no table."""

from __future__ import annotations

from .question import Family

FAMILIES = (
    Family(
        name="below_groups",
        text="For every entry in `@c@`: how many @t.many@ are in it or in any @c.one@ below it, at any "
        "depth?",
        columns=("`@c.id@`", "number of @t.many@ (0 if none)"),
        order="the number, the highest first, then by `@c.id@`",
        query="""
WITH RECURSIVE below(top, id) AS (
  SELECT @c.id@, @c.id@ FROM @c@
  UNION ALL
  SELECT b.top, c.@c.id@ FROM below AS b JOIN @c@ AS c ON c.@c.up@ = b.id
)
SELECT b.top, COUNT(t.@t.id@) AS number
FROM below AS b
LEFT JOIN @t@ AS t ON t.@t.c@ = b.id
GROUP BY b.top
ORDER BY number DESC, b.top
""",
    ),
    Family(
        name="paths",
        text="Give the path of every entry in `@c@`: the names from the top down to its own, joined by ' "
        "> '. The top has the depth 0.",
        columns=("`@c.id@`", "depth", "path"),
        order="path",
        query="""
WITH RECURSIVE tree(id, depth, path) AS (
  SELECT @c.id@, 0, @c.name@ FROM @c@ WHERE @c.up@ IS NULL
  UNION ALL
  SELECT c.@c.id@, t.depth + 1, t.path || ' > ' || c.@c.name@ FROM tree AS t JOIN @c@ AS c ON c.@c.up@ = t.id
)
SELECT id, depth, path
FROM tree
ORDER BY path
""",
    ),
    Family(
        name="chains",
        text="For each of the @p.many@ who is the @p.up_word@ of somebody: how many are there directly "
        "below (`@p.up@`), and how many below at any depth, the direct ones included?",
        columns=("`@p.id@`", "number directly below", "number below at any depth"),
        order="the last column, the highest first, then by `@p.id@`",
        query="""
WITH RECURSIVE below(top, id, depth) AS (
  SELECT @p.up@, @p.id@, 1 FROM @p@ WHERE @p.up@ IS NOT NULL
  UNION ALL
  SELECT b.top, p.@p.id@, b.depth + 1 FROM below AS b JOIN @p@ AS p ON p.@p.up@ = b.id
)
SELECT top, SUM(depth = 1), COUNT(*) AS number
FROM below
GROUP BY top
ORDER BY number DESC, top
""",
    ),
    Family(
        name="tops",
        text="Each @t.one@ belongs to the top @c.one@ that its own lies under (or is). For each top "
        "@c.one@ with at least one @t.one@: how many @t.many@ belong to it, and what do their "
        "`@l.qty@` over all @l.many@ add up to?",
        columns=("name of the top @c.one@", "number of @t.many@", "total `@l.qty@` (0 if none)"),
        order="name",
        query="""
WITH RECURSIVE tree(id, top) AS (
  SELECT @c.id@, @c.name@ FROM @c@ WHERE @c.up@ IS NULL
  UNION ALL
  SELECT c.@c.id@, t.top FROM tree AS t JOIN @c@ AS c ON c.@c.up@ = t.id
)
SELECT r.top, COUNT(DISTINCT t.@t.id@), COALESCE(SUM(l.@l.qty@), 0)
FROM @t@ AS t
JOIN tree AS r ON r.id = t.@t.c@
LEFT JOIN @l@ AS l ON l.@l.t@ = t.@t.id@
GROUP BY r.top
ORDER BY r.top
""",
    ),
    Family(
        name="quiet_days",
        text="Which days from @date@ to the 20th day after it, both included, have no entry in `@e@`, and "
        "how many @s.many@ run on each of them (first and last day included; without a last day they "
        "do not end)?",
        columns=("day as 'YYYY-MM-DD'", "number of @s.many@ (0 if none)"),
        order="day",
        query="""
WITH RECURSIVE days(day) AS (
  SELECT '@date@'
  UNION ALL
  SELECT date(day, '+1 day') FROM days WHERE day < date('@date@', '+20 days')
)
SELECT d.day, COUNT(s.@s.id@)
FROM days AS d
LEFT JOIN @s@ AS s ON s.@s.from@ <= d.day AND COALESCE(s.@s.to@, d.day) >= d.day
WHERE NOT EXISTS (SELECT 1 FROM @e@ AS e WHERE @day(e)@ = d.day)
GROUP BY d.day
ORDER BY d.day
""",
    ),
)
