"""Joins: over many tables, of a table with itself, and rows that have no partner."""

from __future__ import annotations

from .question import Family

FAMILIES = (
    Family(
        name="lines_of_month",
        text="List the @l.many@ of the @e.many@ of @month_name@ whose `@e.state@` is not '@state@'.",
        columns=(
            "`@e.id@`",
            "name of the @p.one@",
            "name of the @t.one@",
            "name of the @t.one@'s @c.one@ (NULL when it has none)",
            "`@l.qty@`",
        ),
        order="`@e.id@`, then by the id of the @t.one@",
        query="""
SELECT e.@e.id@, p.@p.name@, t.@t.name@, c.@c.name@, l.@l.qty@
FROM @e@ AS e
JOIN @p@ AS p ON p.@p.id@ = e.@e.p@
JOIN @l@ AS l ON l.@l.e@ = e.@e.id@
JOIN @t@ AS t ON t.@t.id@ = l.@l.t@
LEFT JOIN @c@ AS c ON c.@c.id@ = t.@t.c@
WHERE e.@e.state@ <> '@state@'
  AND strftime('%Y-%m', e.@e.day@) = '@month@'
ORDER BY e.@e.id@, t.@t.id@
""",
    ),
    Family(
        name="never",
        text="Which @p.many@ have no entry in `@e@` whose `@e.state@` is '@state@'? They may have others, "
        "or none at all.",
        columns=("`@p.id@`", "name of the @p.one@", "how many entries in `@e@` they have in all"),
        order="name, then by `@p.id@`",
        query="""
SELECT p.@p.id@, p.@p.name@, COUNT(e.@e.id@)
FROM @p@ AS p
LEFT JOIN @e@ AS e ON e.@e.p@ = p.@p.id@
WHERE NOT EXISTS (
  SELECT 1
  FROM @e@ AS x
  WHERE x.@e.p@ = p.@p.id@
    AND x.@e.state@ = '@state@'
)
GROUP BY p.@p.id@, p.@p.name@
ORDER BY p.@p.name@, p.@p.id@
""",
    ),
    Family(
        name="neighbours",
        text="Find the pairs of @p.many@ with the same `@p.area@` whose `@p.joined@` are at most @days@ "
        "days apart. Each pair once; a missing `@p.area@` is the same as no other.",
        columns=("the lower `@p.id@`", "the higher `@p.id@`", "their `@p.area@`"),
        order="the lower id, then by the higher",
        query="""
SELECT a.@p.id@, b.@p.id@, a.@p.area@
FROM @p@ AS a
JOIN @p@ AS b ON b.@p.area@ = a.@p.area@
WHERE a.@p.id@ < b.@p.id@
  AND ABS(julianday(a.@p.joined@) - julianday(b.@p.joined@)) <= @days@
ORDER BY a.@p.id@, b.@p.id@
""",
    ),
    Family(
        name="before_their_up",
        text="Which @p.many@ have a `@p.joined@` that lies before that of their @p.up_word@ (`@p.up@`)?",
        columns=(
            "`@p.id@`",
            "name of the @p.one@",
            "name of the @p.up_word@",
            "days between the two dates (a positive integer)",
        ),
        order="those days, the most first, then by `@p.id@`",
        query="""
SELECT p.@p.id@, p.@p.name@, u.@p.name@,
  CAST(julianday(u.@p.joined@) - julianday(p.@p.joined@) AS INTEGER) AS days
FROM @p@ AS p
JOIN @p@ AS u ON u.@p.id@ = p.@p.up@
WHERE p.@p.joined@ < u.@p.joined@
ORDER BY days DESC, p.@p.id@
""",
    ),
    Family(
        name="covered_lines",
        text="For every one of the @l.many@: how many @s.many@ of the same @p.one@ and the same @t.one@ run "
        "on the date of the entry in `@e@` that it belongs to? First and last day are included; without a "
        "last day they do not end.@time_note@",
        columns=("`@l.e@`", "`@l.t@`", "number of @s.many@ (0 if none)"),
        order="the number, the highest first, then by `@l.e@`, then by `@l.t@`",
        query="""
SELECT l.@l.e@, l.@l.t@, COUNT(s.@s.id@) AS number
FROM @l@ AS l
JOIN @e@ AS e ON e.@e.id@ = l.@l.e@
LEFT JOIN @s@ AS s ON s.@s.p@ = e.@e.p@ AND s.@s.t@ = l.@l.t@
  AND s.@s.from@ <= @day(e)@
  AND COALESCE(s.@s.to@, @day(e)@) >= @day(e)@
GROUP BY l.@l.e@, l.@l.t@
ORDER BY number DESC, l.@l.e@, l.@l.t@
""",
    ),
)
