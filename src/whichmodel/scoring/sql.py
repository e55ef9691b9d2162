"""One SQLite query against hidden databases: it gives the right rows on each of them, or the score is 0.

The query is the last ```sql block of an answer, else its last block that begins as a query does, else its
last block; without a block, a text or a line that begins as a query does, up to its semicolon. It runs in the
sandbox on databases in memory: one statement that reads, with limits of time and rows. Queries are compared
by what they give, never as text; expected rows stay out here.

`item.target` is {"setup": [script, ...], "rows": [[row, ...], ...], "ordered": bool}: a SQL script for each
database (under 1 MB) and the rows it must give. "query" in place of "rows" is a gold query, run in the
sandbox as well; "schema" is a script that each database begins with; "setup" may be a single script. Without
"ordered" the rows count in any order. Names of columns are not compared.
Options: query_s (seconds of one query), call_s and total_s (see sandbox.Limits).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from whichmodel.domain import Answer, Item, Json, Verdict, content_hash
from whichmodel.errors import ScoringFailed
from whichmodel.sandbox import CandidateError, Limits, Session, session
from whichmodel.scoring.code import failing_case
from whichmodel.scoring.reading import spoken

RELATIVE, ABSOLUTE = 1e-9, 1e-9
"""Tolerance of a float: |got - expected| <= max(RELATIVE * the larger one, ABSOLUTE)."""
MOST_ROWS = 5000
"""Of one result; a query that gives more is wrong."""
QUERY_S = 2.0
DRIVER = """
import sqlite3
import time

READS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}


def permitted(action, first, second, *_):
    return sqlite3.SQLITE_OK if action in READS and second != "load_extension" else sqlite3.SQLITE_DENY


def run(setup, query, query_s, most_rows):
    database = sqlite3.connect(":memory:")
    try:
        database.executescript(setup)
    except (sqlite3.Error, sqlite3.Warning) as error:
        return {"broken": f"{type(error).__name__}: {error}"}
    end = time.monotonic() + query_s
    database.set_authorizer(permitted)
    database.set_progress_handler(lambda: time.monotonic() > end, 1000)
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1 << 20)
    try:
        cursor = database.execute(query)
        if cursor.description is None:
            return {"error": "no query", "text": "the statement gives no rows"}
        rows = cursor.fetchmany(most_rows + 1)
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError, MemoryError) as error:
        if time.monotonic() > end:
            return {"error": "timeout", "text": f"the query took over {query_s:g} s"}
        return {"error": type(error).__name__, "text": str(error)[:300]}
    if len(rows) > most_rows:
        return {"error": "flood", "text": f"more than {most_rows} rows"}
    return {"rows": [list(row) for row in rows]}
"""
"""Runs inside. Gives {"rows"}, or {"error", "text"} of the query, or {"broken"} of the setup."""
_BLOCK = re.compile(r"^[ \t]*```[ \t]*([\w+-]*)[^\n]*\n(.*?)(?:^[ \t]*```|\Z)", re.DOTALL | re.MULTILINE)
_REMARK = r"(?:\s|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*"
_OPENS = r"(?:SELECT\b|VALUES\s*\(|WITH\s+(?:RECURSIVE\s+)?\w+\s*(?:\(|AS\b))"
_BEGINS = re.compile(rf"{_REMARK}{_OPENS}", re.DOTALL | re.IGNORECASE)
_LINE = re.compile(rf"^[ \t>`]*({_OPENS}.*?)(?:;|`|\Z)", re.DOTALL | re.MULTILINE | re.IGNORECASE)

Rows = Sequence[Sequence[Json]]


@dataclass(frozen=True, slots=True)
class Query:
    """What was found in an answer."""

    text: str
    wrapping: str
    """How it stood there: sql block, block, bare, prose."""


@dataclass(frozen=True, slots=True)
class _Finding:
    """What the query came to on one database."""

    holds: bool
    words: str
    error_class: str
    normal: Json
    """The rows in normal form, or the error."""
    expected: str = ""
    got: str = ""
    """Where two results part, in words; "" = they are the same, or what came is in `words` alone."""


async def score(answer: Answer, item: Item, options: Mapping[str, Json]) -> Verdict:
    """1 if the query gives the expected rows on every database, else 0; an error in SQL is a wrong answer.

    parsed is False when no query was found. Raises SandboxMissing or ScoringFailed for trouble of our own,
    a setup or a gold query that does not run included.
    """
    setups = _setups(item.target)
    query = extract(spoken(answer.text))
    if query is None:
        return _verdict([], len(setups), "no query was found in the answer", "no query", "", parsed=False)
    limits = Limits(**{key: float(options[key]) for key in ("call_s", "total_s") if key in options})
    query_s = float(options.get("query_s", QUERY_S))
    expected = item.target["rows"] if "rows" in item.target else await _gold(setups, item, limits, query_s)
    results = await _results(setups, query.text, limits, query_s)
    ordered = bool(item.target.get("ordered", False))
    findings = [_compare(rows, got, ordered) for rows, got in zip(expected, results, strict=True)]
    number, first = next(((n, f) for n, f in enumerate(findings, start=1) if not f.holds), (0, findings[0]))
    words = f"database {number}: {first.words}" if number else "the rows are right on every database"
    unread = query.wrapping == "prose" and "syntax error" in first.words
    case = failing_case(
        f"the query on database {number}", first.expected or "the right rows", first.got or first.words
    )
    return _verdict(
        findings,
        len(setups),
        words,
        first.error_class,
        query.wrapping,
        parsed=not unread,
        failing=case if number else None,
    )


def extract(text: str) -> Query | None:
    """The query of an answer. None = there is none. A last block may be left open."""
    blocks = [(language.lower(), body) for language, body in _BLOCK.findall(text) if body.strip()]
    named = [body for language, body in blocks if language.startswith("sql")]
    if named:
        return Query(named[-1].strip(), "sql block")
    if blocks:
        fitting = [body for _, body in blocks if _BEGINS.match(body)]
        return Query((fitting or [body for _, body in blocks])[-1].strip(), "block")
    if _BEGINS.match(text):
        return Query(text.strip(), "bare")
    found = _LINE.findall(text)
    return Query(found[-1].strip(), "prose") if found else None


def _setups(target: Mapping[str, Json]) -> list[str]:
    given = target["setup"]
    return [f"{target.get('schema', '')}\n{one}" for one in ([given] if isinstance(given, str) else given)]


async def _gold(setups: Sequence[str], item: Item, limits: Limits, query_s: float) -> list[Rows]:
    """What the target's own query gives, in a sandbox that the answer's query never enters."""
    results = await _results(setups, str(item.target["query"]), limits, query_s)
    for number, result in enumerate(results, start=1):
        if "rows" not in result:
            raise ScoringFailed(f"The gold query of {item.id} fails on database {number}: {result['text']}.")
    return [result["rows"] for result in results]


async def _results(
    setups: Sequence[str], query: str, limits: Limits, query_s: float
) -> list[Mapping[str, Json]]:
    """{"rows"} or {"error", "text"} of a query for each database; what ends the sandbox ends the rest too."""
    results: list[Mapping[str, Json]] = []
    try:
        async with session(DRIVER, limits) as inside:
            for setup in setups:
                results.append(await _run(inside, setup, query, query_s))
    except CandidateError as error:
        raise ScoringFailed(f"SQLite does not load in the sandbox: {error}.") from error
    return results


async def _run(inside: Session, setup: str, query: str, query_s: float) -> Mapping[str, Json]:
    try:
        found = await inside.call("run", setup, query, query_s, MOST_ROWS)
    except CandidateError as error:
        return {"error": error.kind, "text": error.text}
    if not isinstance(found, dict) or not found.keys() & {"rows", "error"}:
        raise ScoringFailed(f"A database cannot be set up: {found}.")
    return found


def _compare(expected: Rows, result: Mapping[str, Json], ordered: bool) -> _Finding:
    if "rows" not in result:
        return _Finding(False, f"the query fails: {result['text']}", result["error"], result["error"])
    got: Rows = result["rows"]
    normal = [[_normal(value) for value in row] for row in got]
    if not ordered:
        normal.sort(key=repr)
        expected, got = (sorted(rows, key=lambda row: repr([*map(_normal, row)])) for rows in (expected, got))
    words, due, came = _difference(expected, got)
    return _Finding(not words, words, "wrong rows" if words else "", normal, due, came)


def _difference(expected: Rows, got: Rows) -> tuple[str, str, str]:
    """In words, where two results part; and what is due there, and what came. "" = they are the same."""
    if expected and got and len(expected[0]) != len(got[0]):
        due, came = _count(len(expected[0]), "column"), _count(len(got[0]), "column")
        return f"{len(expected[0])} columns are due, {len(got[0])} came", due, came
    if len(expected) != len(got):
        due, came = _count(len(expected), "row"), _count(len(got), "row")
        return f"{len(expected)} rows are due, {len(got)} came", due, came
    for number, (right, given) in enumerate(zip(expected, got, strict=True), start=1):
        if not all(map(same, right, given)):
            due, came = _short(right), _short(given)
            return f"row {number} should be {due}, is {came}", f"row {number}: {due}", f"row {number}: {came}"
    return "", "", ""


def same(expected: Json, got: Json) -> bool:
    """Whether a value is the expected one: text and bytes are exact, numbers compare by value."""
    if _is_number(expected) and _is_number(got):
        return expected == got or math.isclose(expected, got, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return type(expected) is type(got) and bool(expected == got)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _is_number(value: object) -> bool:
    return type(value) in (int, float)


def _normal(value: Json) -> Json:
    """A value so that equal ones are equal JSON."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else f"{value:.9g}"
    return value if value is None or isinstance(value, int) else repr(value)


def _short(row: Sequence[Json]) -> str:
    text = repr(tuple(row))
    return text if len(text) <= 200 else f"{text[:190]}... ({len(text)} characters)"


def _verdict(
    findings: Sequence[_Finding],
    total: int,
    words: str,
    error_class: str,
    wrapping: str,
    *,
    parsed: bool = True,
    failing: Mapping[str, Json] | None = None,
) -> Verdict:
    passed = sum(f.holds for f in findings)
    return Verdict(
        score=1.0 if total and passed == total else 0.0,
        parsed=parsed,
        answer_norm=content_hash([f.normal for f in findings]) if parsed else "",
        detail={
            "passed": passed,
            "total": total,
            "error_class": error_class,
            "wrapping": wrapping,
            "explanation": f"right on {passed} of {total} databases: {words}"[:1000],
            **({"failing": failing} if failing else {}),
        },
    )
