"""Errors of SQL: a condition lost, an outer join made inner, a tie broken, an order turned round."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random

from whichmodel.simulator.answers import Question

FENCE = re.compile(r"```sql[ \t]*\n(.*?)```", re.DOTALL)
SLIPS = 2
"""Where one may change no row, two hardly ever both do."""
EXCHANGES = (
    (r"\bLEFT JOIN\b", "JOIN"),
    (r"\bCOUNT\(DISTINCT ", "COUNT("),
    (r" DESC\b", ""),
    (r" <= ", " < "),
    (r" >= ", " > "),
    (r" < ", " <= "),
    (r" > ", " >= "),
    (r" <> ", " = "),
    (r"\bNOT EXISTS\b", "EXISTS"),
    (r"\bNOT IN\b", "IN"),
    (r"\bIS NOT (?!NULL)", "<> "),
    (r"\bSUM\(", "COUNT("),
    (r"\bMAX\(", "MIN("),
    (r"\bMIN\(", "MAX("),
    (r"\bAVG\(", "SUM("),
    (r"(?<!_)\bRANK\(\)", "ROW_NUMBER()"),
    (r"\bDENSE_RANK\(\)", "RANK()"),
    (r"\bPARTITION BY [^()]+? ORDER BY\b", "ORDER BY"),
    (r"\bPRECEDING\b", "FOLLOWING"),
    (r"\bEXCEPT\b", "INTERSECT"),
    (r"\b100\.0 \*", "100 *"),
    (r"\bLAG\(", "LEAD("),
    (r"\bLEAD\(", "LAG("),
    (r"'%Y-%m'", "'%m'"),
    (r"(?<=WHERE )[^\n()]+\n +AND ", ""),
    (r"\n +AND [^\n()]+(?=\n|\Z)", ""),
    (r"\nWHERE [^\n()]+(?=\n(?! +AND )|\Z)", ""),
    (r"\blower(?=\()", ""),
    (r"\nHAVING [^\n]+", ""),
)
"""A pattern, and what one of its places becomes."""
_NUMBER = re.compile(r"(?<=[<>=] )\d+\b|(?<=, )[12](?=\))")
_ORDER = re.compile(r"\nORDER BY ([^,\n]+)(?=[^()]*\Z)")
_FILLED = re.compile(r"\bCOALESCE\(([\w.]+|\w+\([\w.]+\)), [^()]+\)")
_RESULT = re.compile(r"(?:\A|\n)SELECT ([\w.]+), ([\w.]+)(?=[,\n])(?!.*\nSELECT )", re.DOTALL)
Slip = Callable[[str], str]


def wrong(question: Question, chance: Random) -> str:
    """The reference's query with slips; it still reads as SQL."""
    reference = question.item.reference
    found = FENCE.search(reference)
    query = found.group(1) if found else reference
    broken = query.rstrip().removesuffix(";")
    for _ in range(SLIPS):
        slips = list(_slips(broken))
        if slips:
            broken = chance.choice(slips)(broken)
    return reference.replace(query, f"{broken};\n") if found else broken


def described(text: str) -> str:
    """A description where a query was asked for."""
    tables = list(dict.fromkeys(re.findall(r"\b(?:FROM|JOIN) (\w+)", text)))
    named = ", ".join(tables) or "the tables"
    return f"To answer this, one would join {named}, keep the rows that are asked for and sort them."


def _slips(query: str) -> Iterator[Slip]:
    """Every slip that this query offers."""
    for pattern, put in EXCHANGES:
        for found in re.finditer(pattern, query):
            yield _put(found, put)
    for found in _NUMBER.finditer(query):
        yield _put(found, str(int(found.group()) + 1))
    for found in _FILLED.finditer(query):
        yield _put(found, found[1])
    for found in _ORDER.finditer(query):
        turned = found[1].removesuffix(" DESC") if found[1].endswith(" DESC") else f"{found[1]} DESC"
        yield _put(found, f"\nORDER BY {turned}")
    for found in _RESULT.finditer(query):
        yield _put(found, found.group().replace(f"{found[1]}, {found[2]}", f"{found[2]}, {found[1]}"))


def _put(found: re.Match[str], text: str) -> Slip:
    return lambda query: query[: found.start()] + text + query[found.end() :]
