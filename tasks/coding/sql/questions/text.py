"""Text: parts of names, addresses and codes; patterns; what is unknown."""

from __future__ import annotations

from .question import Family

FAMILIES = (
    Family(
        name="first_words",
        text="Group the @p.many@ by the first word of their name, which ends at the first blank; a name "
        "without a blank is one word. Which first words do at least 2 of the @p.many@ share?",
        columns=("the word", "number of @p.many@", "their lowest `@p.id@`"),
        order="the number, the highest first, then by the word",
        query="""
SELECT substr(p.@p.name@ || ' ', 1, instr(p.@p.name@ || ' ', ' ') - 1) AS word,
  COUNT(*) AS number, MIN(p.@p.id@)
FROM @p@ AS p
GROUP BY word
HAVING COUNT(*) >= 2
ORDER BY number DESC, word
""",
    ),
    Family(
        name="mail_hosts",
        text="For each host of `@p.email@` (what stands after the at sign, in lower case): how many "
        "@p.many@ use it, and how many different addresses are there, upper and lower case being the "
        "same? Leave out who has no address.",
        columns=("host in lower case", "number of @p.many@", "number of different addresses"),
        order="",
        query="""
SELECT lower(substr(p.@p.email@, instr(p.@p.email@, '@') + 1)) AS host,
  COUNT(*), COUNT(DISTINCT lower(p.@p.email@))
FROM @p@ AS p
WHERE p.@p.email@ IS NOT NULL
GROUP BY host
""",
    ),
    Family(
        name="code_parts",
        text="A regular `@t.code@` is two capital letters, a hyphen, four digits, a hyphen and one "
        "capital letter. For the @t.many@ with a regular code: what are the number in the middle and "
        "the last letter?",
        columns=("`@t.id@`", "the number as an integer", "the letter"),
        order="the number, the highest first, then by `@t.id@`",
        query="""
SELECT t.@t.id@, CAST(substr(t.@t.code@, 4, 4) AS INTEGER) AS number, substr(t.@t.code@, 9)
FROM @t@ AS t
WHERE t.@t.code@ GLOB '[A-Z][A-Z]-[0-9][0-9][0-9][0-9]-[A-Z]'
ORDER BY number DESC, t.@t.id@
""",
    ),
    Family(
        name="underscores",
        text="Which @t.many@ have a `@t.code@` with an underscore in it, and what would it be with a "
        "hyphen in place of each underscore?",
        columns=("`@t.id@`", "the code with hyphens", "how many underscores it had"),
        order="the code with hyphens, then by `@t.id@`",
        query="""
SELECT t.@t.id@, replace(t.@t.code@, '_', '-') AS code,
  length(t.@t.code@) - length(replace(t.@t.code@, '_', ''))
FROM @t@ AS t
WHERE t.@t.code@ LIKE '%\\_%' ESCAPE '\\'
ORDER BY code, t.@t.id@
""",
    ),
    Family(
        name="elsewhere",
        text="List the @p.many@ whose `@p.area@` is not '@area@'; an unknown one is not '@area@' either. "
        "Of each, give the part of `@p.email@` before the at sign, or '?' when there is no address.",
        columns=(
            "`@p.id@`",
            "`@p.area@` in capitals, or 'UNKNOWN'",
            "that part of the address, as it is written",
        ),
        order="the second column, then by `@p.id@`",
        query="""
SELECT p.@p.id@, COALESCE(upper(p.@p.area@), 'UNKNOWN') AS place,
  COALESCE(substr(p.@p.email@, 1, instr(p.@p.email@, '@') - 1), '?')
FROM @p@ AS p
WHERE p.@p.area@ IS NOT '@area@'
ORDER BY place, p.@p.id@
""",
    ),
)
