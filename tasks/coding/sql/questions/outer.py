"""Outer joins: what counts zero must not be lost, and nothing may be counted twice."""

from __future__ import annotations

from .question import Family

FAMILIES = (
    Family(
        name="counts_with_zero",
        text="For every one of the @p.many@: how many of their entries in `@e@` have the `@e.state@` "
        "'@state@', and what do the `@e.amount@` of those add up to? Unknown amounts count as 0.",
        columns=("`@p.id@`", "number of those entries (0 if none)", "sum (0 if none)"),
        order="the number, the highest first, then by `@p.id@`",
        query="""
SELECT p.@p.id@, COUNT(e.@e.id@) AS number, COALESCE(SUM(e.@e.amount@), 0)
FROM @p@ AS p
LEFT JOIN @e@ AS e ON e.@e.p@ = p.@p.id@ AND e.@e.state@ = '@state@'
GROUP BY p.@p.id@
ORDER BY number DESC, p.@p.id@
""",
    ),
    Family(
        name="reach_of_groups",
        text="For every entry in `@c@`: how many @t.many@ are directly in it, and how many different "
        "@p.many@ had at least one of these @t.many@ in any of their entries in `@e@`?",
        columns=("name of the @c.one@", "number of @t.many@ (0 if none)", "number of @p.many@ (0 if none)"),
        order="`@c.id@`",
        query="""
SELECT c.@c.name@, COUNT(DISTINCT t.@t.id@), COUNT(DISTINCT e.@e.p@)
FROM @c@ AS c
LEFT JOIN @t@ AS t ON t.@t.c@ = c.@c.id@
LEFT JOIN @l@ AS l ON l.@l.t@ = t.@t.id@
LEFT JOIN @e@ AS e ON e.@e.id@ = l.@l.e@
GROUP BY c.@c.id@, c.@c.name@
ORDER BY c.@c.id@
""",
    ),
    Family(
        name="quantities_between",
        text="For every one of the @t.many@: what is the total `@l.qty@` in entries of `@e@` dated from "
        "@date@ to @later_date@, both included, whose `@e.state@` is not '@state@'? And in how many "
        "such entries is it?",
        columns=("`@t.id@`", "total (0 if none)", "number of entries (0 if none)"),
        order="the total, the highest first, then by `@t.id@`",
        query="""
SELECT t.@t.id@, COALESCE(SUM(x.qty), 0) AS total, COUNT(x.qty)
FROM @t@ AS t
LEFT JOIN (
  SELECT l.@l.t@ AS thing, l.@l.qty@ AS qty
  FROM @l@ AS l
  JOIN @e@ AS e ON e.@e.id@ = l.@l.e@
  WHERE @day(e)@ >= '@date@'
    AND @day(e)@ <= '@later_date@'
    AND e.@e.state@ <> '@state@'
) AS x ON x.thing = t.@t.id@
GROUP BY t.@t.id@
ORDER BY total DESC, t.@t.id@
""",
    ),
    Family(
        name="areas",
        text="For each `@p.area@`, with '(none)' for the @p.many@ without one: how many @p.many@ are "
        "there, how many of them have at least one entry in `@e@`, and how many of these entries "
        "have no `@e.amount@`?",
        columns=(
            "`@p.area@` or '(none)'",
            "number of @p.many@",
            "those with an entry",
            "entries without amount",
        ),
        order="the first column",
        query="""
SELECT COALESCE(p.@p.area@, '(none)') AS place, COUNT(DISTINCT p.@p.id@), COUNT(DISTINCT e.@e.p@),
  COUNT(CASE WHEN e.@e.id@ IS NOT NULL AND e.@e.amount@ IS NULL THEN 1 END)
FROM @p@ AS p
LEFT JOIN @e@ AS e ON e.@e.p@ = p.@p.id@
GROUP BY place
ORDER BY place
""",
    ),
    Family(
        name="two_totals",
        text="For every one of the @p.many@: what do the `@l.qty@` of all their @l.many@ add up to, and "
        "how many @s.many@ do they have?",
        columns=("`@p.id@`", "total `@l.qty@` (0 if none)", "number of @s.many@ (0 if none)"),
        order="`@p.id@`",
        query="""
SELECT p.@p.id@,
  COALESCE((
    SELECT SUM(l.@l.qty@)
    FROM @e@ AS e
    JOIN @l@ AS l ON l.@l.e@ = e.@e.id@
    WHERE e.@e.p@ = p.@p.id@
  ), 0),
  (SELECT COUNT(*) FROM @s@ AS s WHERE s.@s.p@ = p.@p.id@)
FROM @p@ AS p
ORDER BY p.@p.id@
""",
    ),
)
