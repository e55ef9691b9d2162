"""Windows: running totals, the row before, moving averages, shares of a group, runs."""

from __future__ import annotations

from .question import Family

FAMILIES = (
    Family(
        name="running_total",
        text="For each entry of `@e@` that is not '@state@': the running total of `@e.amount@` over the "
        "same @p.one@'s such entries up to and including it, by `@e.day@`, then `@e.id@`. Unknown "
        "amounts count as 0.",
        columns=("`@e.p@`", "`@e.id@`", "running total"),
        order="`@e.p@`, then by `@e.day@`, then by `@e.id@`",
        query="""
SELECT e.@e.p@, e.@e.id@,
  SUM(COALESCE(e.@e.amount@, 0)) OVER (PARTITION BY e.@e.p@ ORDER BY e.@e.day@, e.@e.id@)
FROM @e@ AS e
WHERE e.@e.state@ <> '@state@'
ORDER BY e.@e.p@, e.@e.day@, e.@e.id@
""",
    ),
    Family(
        name="days_since",
        text="For each entry of `@e@`: how many days lie between its date and the date of the same "
        "@p.one@'s entry before it (by `@e.day@`, then `@e.id@`)?@time_note@",
        columns=("`@e.p@`", "`@e.id@`", "days, an integer (NULL for the first of a @p.one@)"),
        order="`@e.p@`, then by `@e.day@`, then by `@e.id@`",
        query="""
SELECT e.@e.p@, e.@e.id@,
  CAST(julianday(@day(e)@) - julianday(LAG(@day(e)@) OVER entries) AS INTEGER)
FROM @e@ AS e
WINDOW entries AS (PARTITION BY e.@e.p@ ORDER BY e.@e.day@, e.@e.id@)
ORDER BY e.@e.p@, e.@e.day@, e.@e.id@
""",
    ),
    Family(
        name="moving_average",
        text="Add up the `@e.amount@` of each date that has an entry in `@e@` (unknown amounts count as "
        "0). Then give for each of these dates the average of its sum and those of the two such "
        "dates before it, or of as many as there are.",
        columns=("date as 'YYYY-MM-DD'", "sum of the date", "average, rounded to 2 decimals"),
        order="date",
        query="""
WITH days AS (
  SELECT @day(e)@ AS day, COALESCE(SUM(e.@e.amount@), 0) AS total
  FROM @e@ AS e
  GROUP BY @day(e)@
)
SELECT day, total, ROUND(AVG(total) OVER (ORDER BY day ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), 2)
FROM days
ORDER BY day
""",
    ),
    Family(
        name="share_of_group",
        text="For the @t.many@ with both a `@t.price@` and a @c.one@: what percentage is their "
        "`@t.price@` of the sum of the prices in the same @c.one@?",
        columns=("`@t.c@`", "`@t.id@`", "percentage, rounded to 2 decimals"),
        order="`@t.c@`, then by `@t.price@`, the highest first, then by `@t.id@`",
        query="""
SELECT t.@t.c@, t.@t.id@, ROUND(100.0 * t.@t.price@ / SUM(t.@t.price@) OVER (PARTITION BY t.@t.c@), 2)
FROM @t@ AS t
WHERE t.@t.price@ IS NOT NULL
  AND t.@t.c@ IS NOT NULL
ORDER BY t.@t.c@, t.@t.price@ DESC, t.@t.id@
""",
    ),
    Family(
        name="first_to_reach",
        text="When did each of the @p.many@ first reach a running total of at least @limit@ in "
        "`@e.amount@` over their entries in `@e@`, by `@e.day@`, then `@e.id@`? Unknown amounts add "
        "nothing. Leave out who never did.",
        columns=("`@p.id@`", "`@e.id@` of the entry that reached it", "running total there"),
        order="`@p.id@`",
        query="""
WITH totals AS (
  SELECT e.@e.p@ AS party, e.@e.id@ AS entry, COALESCE(e.@e.amount@, 0) AS amount,
    SUM(e.@e.amount@) OVER (PARTITION BY e.@e.p@ ORDER BY e.@e.day@, e.@e.id@) AS total
  FROM @e@ AS e
)
SELECT party, entry, total
FROM totals
WHERE total >= @limit@
  AND total - amount < @limit@
ORDER BY party
""",
    ),
    Family(
        name="longest_run",
        text="For each of the @p.many@ with entries in `@e@`, take these by `@e.day@`, then `@e.id@`. "
        "What is the longest run of entries directly after one another with the `@e.state@` "
        "'@state@'?",
        columns=("`@p.id@`", "length of the longest run (0 when there is no such entry)"),
        order="the length, the highest first, then by `@p.id@`",
        query="""
WITH numbered AS (
  SELECT e.@e.p@ AS party, e.@e.state@ AS state,
    ROW_NUMBER() OVER (PARTITION BY e.@e.p@ ORDER BY e.@e.day@, e.@e.id@)
    - ROW_NUMBER() OVER (PARTITION BY e.@e.p@, e.@e.state@ ORDER BY e.@e.day@, e.@e.id@) AS island
  FROM @e@ AS e
),
runs AS (
  SELECT party, SUM(state = '@state@') AS size
  FROM numbered
  GROUP BY party, state, island
)
SELECT party, MAX(size) AS longest
FROM runs
GROUP BY party
ORDER BY longest DESC, party
""",
    ),
    Family(
        name="series",
        text="Take the entries of `@e@` of each of the @p.many@ by `@e.day@`, then `@e.id@`. An entry "
        "belongs to the same series as the one before it when it is dated at most @days@ days later; "
        "otherwise a new series begins.@time_note@ How many series does each have, and how many entries has "
        "the largest?",
        columns=("`@p.id@`", "number of series", "number of entries in the largest"),
        order="the number of series, the highest first, then by `@p.id@`",
        query="""
WITH flagged AS (
  SELECT e.@e.p@ AS party, e.@e.id@ AS entry, e.@e.day@ AS day,
    COALESCE(julianday(@day(e)@) - julianday(LAG(@day(e)@) OVER entries) <= @days@, 0) AS follows
  FROM @e@ AS e
  WINDOW entries AS (PARTITION BY e.@e.p@ ORDER BY e.@e.day@, e.@e.id@)
),
numbered AS (
  SELECT party, SUM(1 - follows) OVER (PARTITION BY party ORDER BY day, entry) AS series
  FROM flagged
),
sizes AS (
  SELECT party, series, COUNT(*) AS size
  FROM numbered
  GROUP BY party, series
)
SELECT party, COUNT(*) AS number, MAX(size)
FROM sizes
GROUP BY party
ORDER BY number DESC, party
""",
    ),
)
