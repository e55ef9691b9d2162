"""Sets: in one and not the other, all of a list, and the traps that NULL sets."""

from __future__ import annotations

from .question import Family

FAMILIES = (
    Family(
        name="one_month_only",
        text="Which @p.many@ have an entry in `@e@` dated in @month_name@ but none dated in @later_name@?",
        columns=("`@p.id@`", "name of the @p.one@"),
        order="",
        query="""
SELECT p.@p.id@, p.@p.name@
FROM @p@ AS p
WHERE p.@p.id@ IN (
  SELECT e.@e.p@ FROM @e@ AS e WHERE strftime('%Y-%m', e.@e.day@) = '@month@'
  EXCEPT
  SELECT e.@e.p@ FROM @e@ AS e WHERE strftime('%Y-%m', e.@e.day@) = '@later@'
)
""",
    ),
    Family(
        name="all_of_the_first",
        text="Which @p.many@ have, in `@h@`, every one of the @g.many@ that the @p.one@ with the lowest "
        "`@p.id@` has? They may have more. When that one has none, all the others do. Leave that one "
        "itself out.",
        columns=("`@p.id@`", "number of all @g.many@ they have"),
        order="`@p.id@`",
        query="""
SELECT p.@p.id@, (SELECT COUNT(*) FROM @h@ AS k WHERE k.@h.p@ = p.@p.id@)
FROM @p@ AS p
WHERE p.@p.id@ > (SELECT MIN(q.@p.id@) FROM @p@ AS q)
  AND NOT EXISTS (
    SELECT 1
    FROM @h@ AS f
    WHERE f.@h.p@ = (SELECT MIN(q.@p.id@) FROM @p@ AS q)
      AND NOT EXISTS (SELECT 1 FROM @h@ AS m WHERE m.@h.p@ = p.@p.id@ AND m.@h.g@ = f.@h.g@)
  )
ORDER BY p.@p.id@
""",
    ),
    Family(
        name="nobodys_up",
        text="Which of the @p.many@ with a `@p.joined@` of @later_date@ or earlier are nobody's "
        "@p.up_word@ (they stand in no row's `@p.up@`) and have no @s.many@ without a last day?",
        columns=("`@p.id@`", "name of the @p.one@"),
        order="name, then by `@p.id@`",
        query="""
SELECT p.@p.id@, p.@p.name@
FROM @p@ AS p
WHERE p.@p.joined@ <= '@later_date@'
  AND p.@p.id@ NOT IN (SELECT u.@p.up@ FROM @p@ AS u WHERE u.@p.up@ IS NOT NULL)
  AND p.@p.id@ NOT IN (SELECT s.@s.p@ FROM @s@ AS s WHERE s.@s.to@ IS NULL)
ORDER BY p.@p.name@, p.@p.id@
""",
    ),
    Family(
        name="one_of_two_tables",
        text="Which @t.many@ occur in `@l@` or in `@s@`, but not in both?",
        columns=("`@t.id@`", "the name of the table it occurs in, '@l@' or '@s@'"),
        order="",
        query="""
SELECT t.@t.id@, CASE WHEN t.@t.id@ IN (SELECT l.@l.t@ FROM @l@ AS l) THEN '@l@' ELSE '@s@' END
FROM @t@ AS t
WHERE (t.@t.id@ IN (SELECT l.@l.t@ FROM @l@ AS l)) <> (t.@t.id@ IN (SELECT s.@s.t@ FROM @s@ AS s))
""",
    ),
    Family(
        name="shared_marks",
        text="Find the pairs of @p.many@ that have at least @n@ @g.many@ in common but differ in "
        "`@p.area@`, where a missing `@p.area@` differs from every known one but not from another "
        "missing one. Each pair once.",
        columns=("the lower `@p.id@`", "the higher `@p.id@`", "number of @g.many@ in common"),
        order="the number, the highest first, then by the lower id, then by the higher",
        query="""
SELECT a.@h.p@, b.@h.p@, COUNT(*) AS common
FROM @h@ AS a
JOIN @h@ AS b ON b.@h.g@ = a.@h.g@ AND b.@h.p@ > a.@h.p@
JOIN @p@ AS p ON p.@p.id@ = a.@h.p@
JOIN @p@ AS q ON q.@p.id@ = b.@h.p@
WHERE p.@p.area@ IS NOT q.@p.area@
GROUP BY a.@h.p@, b.@h.p@
HAVING COUNT(*) >= @n@
ORDER BY common DESC, a.@h.p@, b.@h.p@
""",
    ),
    Family(
        name="same_marks",
        text="Find the pairs of @p.many@ that have exactly the same @g.many@: at least one, and neither has "
        "any that the other lacks. Each pair once.",
        columns=("the lower `@p.id@`", "the higher `@p.id@`", "number of @g.many@ that each has"),
        order="the lower id, then by the higher",
        query="""
WITH sizes AS (
  SELECT h.@h.p@ AS party, COUNT(*) AS size
  FROM @h@ AS h
  GROUP BY h.@h.p@
)
SELECT a.party, b.party, a.size
FROM sizes AS a
JOIN sizes AS b ON b.size = a.size AND b.party > a.party
WHERE a.size = (
  SELECT COUNT(*)
  FROM @h@ AS x
  JOIN @h@ AS y ON y.@h.g@ = x.@h.g@
  WHERE x.@h.p@ = a.party
    AND y.@h.p@ = b.party
)
ORDER BY a.party, b.party
""",
    ),
)
