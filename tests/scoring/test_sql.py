"""Queries are judged by the rows they give in the sandbox, on every database."""

from __future__ import annotations

import asyncio
import os

import pytest

from whichmodel import sandbox
from whichmodel.domain import Answer, Item, Json, Verdict
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import scorer, sql

SETUP = """
CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT, people INTEGER, area REAL);
INSERT INTO city VALUES (1, 'Ulm', 126, 118.7), (2, 'Jena', NULL, 114.8), (3, 'Bonn', 330, 141.1);
"""
EMPTY = "CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT, people INTEGER, area REAL);"
BY_NAME: list[list[Json]] = [["Bonn", 330], ["Jena", None], ["Ulm", 126]]
RIGHT = "SELECT name, people FROM city ORDER BY name"


@pytest.fixture(scope="module", autouse=True)
def sandbox_works() -> None:
    found = sandbox.available()
    if not found.ok:
        said = f"{found.reason} {found.remedy}"
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)


def item(**target: Json) -> Item:
    given = {"setup": [SETUP, EMPTY], "rows": [BY_NAME, []], "ordered": True} | target
    if "query" in target:
        del given["rows"]
    return Item(id="q", input="?", target=given)


def judge(text: str, asked: Item | None = None, **options: Json) -> Verdict:
    return asyncio.run(sql.score(Answer(text), asked or item(), options))


def fenced(query: str) -> str:
    return f"Here it is:\n\n```sql\n{query}\n```\n"


def test_the_scorer_is_known_by_name() -> None:
    assert scorer("sql") is sql.score


@pytest.mark.parametrize(
    ("text", "wrapping"),
    [
        (fenced(RIGHT + ";"), "sql block"),
        (fenced("SELECT 1") + "No, rather:\n" + fenced(RIGHT) + "```text\nBonn 330\n```", "sql block"),
        (f"```sqlite\n-- by name\n{RIGHT} -- all\n", "sql block"),
        (f"```\n{RIGHT}\n```\n```\nBonn|330\n```", "block"),
        (f"-- by name\n{RIGHT};", "bare"),
        (f"with c as (select * from city) {RIGHT.replace('city', 'c')}", "bare"),
        (f"The query:\n{RIGHT};\nWith this query each city is given.", "prose"),
        (f"<think>```sql\nSELECT 1\n```</think>{RIGHT}", "bare"),
    ],
)
def test_a_query_is_found_in_what_stands_around_it(text: str, wrapping: str) -> None:
    found = judge(text)
    assert (found.score, found.parsed, found.detail["wrapping"]) == (1.0, True, wrapping)


@pytest.mark.parametrize("text", ["", "I am sorry, I cannot help with that.", "<think>SELECT 1"])
def test_an_answer_without_a_query_is_not_parsed(text: str) -> None:
    found = judge(text)
    assert (found.score, found.parsed, found.detail["error_class"]) == (0.0, False, "no query")


def test_prose_that_only_looks_like_a_query_is_not_parsed() -> None:
    found = judge("I would do this:\nselect each name and sort them")
    assert (found.score, found.parsed) == (0.0, False)


def test_a_query_that_is_right_on_one_database_alone_scores_zero() -> None:
    literal = fenced("VALUES ('Bonn', 330), ('Jena', NULL), ('Ulm', 126)")
    found = judge(literal)
    assert (found.score, found.parsed, found.detail["passed"]) == (0.0, True, 1)
    assert "right on 1 of 2 databases: database 2: 0 rows are due, 3 came" in str(found.detail["explanation"])
    assert found.detail["failing"] == {
        "call": "the query on database 2", "expected": "0 rows", "got": "3 rows"}  # fmt: skip


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (
            "SELECT name, people FROM city ORDER BY name DESC",
            "row 1 should be ('Bonn', 330), is ('Ulm', 126)",
        ),
        ("SELECT name FROM city ORDER BY name", "2 columns are due, 1 came"),
        ("SELECT name, coalesce(people, 0) FROM city ORDER BY name", "row 2 should be ('Jena', None)"),
        (
            "SELECT name, people || '' FROM city ORDER BY name",
            "row 1 should be ('Bonn', 330), is ('Bonn', '330')",
        ),
        ("SELECT name, people FROM town", "no such table: town"),
        ("SELECT name, people FROM city; SELECT 2", "one statement at a time"),
    ],
)
def test_wrong_rows_and_wrong_sql_score_zero_and_say_why(query: str, says: str) -> None:
    found = judge(fenced(query))
    assert (found.score, found.parsed) == (0.0, True)
    assert says in str(found.detail["explanation"])
    assert set(found.detail["failing"]) == {"call", "expected", "got"}


@pytest.mark.parametrize(
    ("query", "expected", "got"),
    [
        (
            "SELECT name, people FROM city ORDER BY name DESC",
            "row 1: ('Bonn', 330)",
            "row 1: ('Ulm', 126)",
        ),
        ("SELECT name FROM city ORDER BY name", "2 columns", "1 column"),
        ("SELECT name, people FROM town", "the right rows", "the query fails: no such table: town"),
    ],
)
def test_where_the_results_part_is_kept(query: str, expected: str, got: str) -> None:
    failing = judge(fenced(query)).detail["failing"]
    assert (failing["expected"], failing["got"]) == (expected, got)


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM city",
        "DROP TABLE city",
        "ATTACH '/tmp/x.db' AS x",
        "PRAGMA table_info(city)",
        "CREATE TABLE t AS SELECT * FROM city",
        "SELECT load_extension('x')",
        "WITH c AS (SELECT 1) INSERT INTO city (name) SELECT * FROM c RETURNING name, people",
    ],
)
def test_a_statement_that_does_more_than_read_is_refused(query: str) -> None:
    found = judge(fenced(query))
    assert found.score == 0.0
    assert "not authorized" in str(found.detail["explanation"])


def test_endless_and_huge_results_are_wrong_answers() -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT "
    assert judge(fenced(endless + "max(i), 1 FROM n"), query_s=0.2).detail["error_class"] == "timeout"
    assert judge(fenced(endless + "i, 1 FROM n"), query_s=0.5).detail["error_class"] == "flood"
    assert judge(fenced("SELECT hex(zeroblob(900000)), 1")).score == 0.0


def test_without_an_order_rows_count_as_often_as_they_come() -> None:
    doubled = "SELECT people FROM city WHERE id <> 2 UNION ALL SELECT 126 FROM city WHERE id = 1"
    asked = item(setup=SETUP, rows=[[[126], [126], [330]]], ordered=False)
    assert judge(fenced(doubled), asked).score == 1.0
    assert judge(fenced(doubled.replace("UNION ALL", "UNION")), asked).score == 0.0


def test_numbers_compare_by_value_and_columns_have_any_name() -> None:
    asked = item(setup=SETUP, rows=[[[0.3, 456, 2.0]]])
    assert (
        judge(fenced("SELECT 0.1 + 0.2 AS x, sum(people) * 1.0, count(people) FROM city"), asked).score == 1.0
    )
    assert judge(fenced("SELECT 0.3001, sum(people), 2 FROM city"), asked).score == 0.0


def test_databases_may_share_a_schema() -> None:
    filled = SETUP.replace(EMPTY, "")
    assert judge(fenced(RIGHT), item(schema=EMPTY, setup=[filled, ""])).score == 1.0


def test_equal_findings_have_one_normal_form() -> None:
    same = [fenced(RIGHT), fenced("SELECT name AS n, people * 1.0 FROM city ORDER BY 1")]
    other = fenced("SELECT name, id FROM city ORDER BY 1")
    assert len({judge(text).answer_norm for text in same}) == 1
    assert judge(other).answer_norm != judge(RIGHT).answer_norm


def test_a_gold_query_of_a_data_set_is_run_inside_as_well() -> None:
    asked = item(query=RIGHT, ordered=False)
    assert judge(fenced("SELECT name, people FROM city"), asked).score == 1.0
    assert judge(fenced("SELECT name, area FROM city"), asked).score == 0.0


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ({"query": "SELECT nobody"}, "gold query of q fails on database 1: no such column"),
        ({"setup": ["CREATE TABEL x", EMPTY]}, "cannot be set up"),
    ],
)
def test_trouble_of_our_own_is_no_score(target: dict[str, Json], says: str) -> None:
    with pytest.raises(ScoringFailed, match=says):
        judge(fenced(RIGHT), item(**target))
