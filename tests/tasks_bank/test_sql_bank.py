"""The bank of SQL questions: references right on every hidden database, near misses wrong on one of them."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
from collections import Counter
from datetime import date, timedelta
from statistics import median

import pytest

from whichmodel import registry, sandbox
from whichmodel.domain import Answer, Bank, Item, Verdict
from whichmodel.scoring import sql
from whichmodel.simulator import corrupt, luck
from whichmodel.simulator.answers import Question

CARD = registry.find(["sql"])[0]
KINDS = 10
FAMILIES = 54


@pytest.fixture(scope="module")
def first() -> Bank:
    return registry.bank(CARD)


@pytest.fixture(scope="module")
def one_of_each(first: Bank) -> list[Item]:
    """An item of every family."""
    return list({item.metadata["family"]: item for item in first.items}.values())


@pytest.fixture(scope="module")
def sandbox_works() -> None:
    found = sandbox.available()
    if not found.ok:
        said = f"{found.reason} {found.remedy}"
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)


def verdicts(items: list[Item], texts: list[str]) -> list[Verdict]:
    async def all_of_them() -> list[Verdict]:
        pairs = zip(items, texts, strict=True)
        return await asyncio.gather(*(sql.score(Answer(text), item, CARD.options) for item, text in pairs))

    return asyncio.run(all_of_them())


def rows(item: Item, number: int, query: str) -> list[tuple[object, ...]]:
    """What a query gives on one of an item's databases, run here."""
    with sqlite3.connect(":memory:") as database:
        database.executescript(item.target["schema"] + item.target["setup"][number])
        return database.execute(query).fetchall()


def of_family(bank: Bank, name: str) -> list[Item]:
    return [item for item in bank.items if item.metadata["family"] == name]


def test_the_card_promises_what_the_bank_holds(first: Bank) -> None:
    assert (CARD.category, CARD.scorer, CARD.sandbox) == ("coding", "sql", True)
    assert len(first.items) == CARD.count == 400


def test_kinds_are_balanced_and_every_family_and_domain_occurs(first: Bank) -> None:
    kinds = Counter(item.stratum for item in first.items)
    assert len(kinds) == KINDS
    assert set(kinds.values()) == {40}
    assert len({item.metadata["family"] for item in first.items}) == FAMILIES
    domains = Counter(item.metadata["domain"] for item in first.items)
    assert len(domains) == 6
    assert max(domains.values()) - min(domains.values()) <= 6
    met = {(item.metadata["family"], item.metadata["domain"]) for item in first.items}
    assert min(Counter(family for family, _ in met).values()) >= 3


def test_seeds_give_disjoint_items_and_the_same_seed_the_same(first: Bank) -> None:
    made = [first, *(registry.bank(CARD, seed=seed) for seed in (1, 2))]
    prompts = set().union(*({item.input for item in bank.items} for bank in made))
    assert len(prompts) == 1200
    assert registry.bank(CARD, seed=1, count=30).items == made[1].items[:30]


def test_items_of_a_cluster_share_their_databases_and_others_do_not(first: Bank) -> None:
    setups: dict[str, set[str]] = {}
    for item in first.items:
        assert item.cluster_id
        setups.setdefault(item.cluster_id, set()).add("".join(item.target["setup"]))
    assert {len(found) for found in setups.values()} == {1}
    assert len(set().union(*setups.values())) == len(setups)
    assert max(Counter(item.cluster_id for item in first.items).values()) <= 8


def test_the_prompt_shows_schema_rows_and_question_but_no_hidden_row(first: Bank) -> None:
    for item in first.items:
        assert "CREATE TABLE" in item.input
        assert "one ```sql block" in item.input
        assert "```sql\nSELECT" not in item.input
        assert not re.search(r"@[a-z_.]+@|@day\(", item.input + item.reference), "a place was left open"
        shown = re.findall(r"^\w+: (\(.*\))$", item.input, re.MULTILINE)
        assert len(shown) == 8
        people = re.findall(r"\(\d+, '[^']+', [^)]*'\d{4}-[^)]*\)", shown[0])
        assert people
        assert not any(row.replace(", ", ",") in setup for row in people for setup in item.target["setup"])


def test_every_item_has_rows_on_two_databases_and_differs_between_them(first: Bank) -> None:
    for item in first.items:
        found = [repr(given) for given in item.target["rows"]]
        assert len(found) == len(item.target["setup"]) == 5
        assert sum(given != "[]" for given in found) >= 2
        assert len(set(found)) >= 3


def test_hidden_databases_hold_edge_cases(first: Bank) -> None:
    for item in first.items[::40]:
        text = [setup.count("NULL") for setup in item.target["setup"]]
        assert max(text) > 15
        assert item.target["setup"][-1].count("INSERT") == 5, "the last one has no events, lines or periods"


def test_an_order_is_asked_for_exactly_where_it_counts(first: Bank) -> None:
    for item in first.items:
        assert ("Order the rows by" in item.input) == item.target["ordered"]
        assert item.target["ordered"] == bool(re.search(r"ORDER BY [^()]*\Z", item.reference))


def test_medians_modes_and_bands_are_those_of_the_rows(first: Bank) -> None:
    for item in of_family(first, "median"):
        inner = re.search(r"ranked AS \(\n(.*?)\n\)", item.reference, re.DOTALL)
        assert inner
        for number, expected in enumerate(item.target["rows"]):
            by_place: dict[object, list[int]] = {}
            for place, amount, *_ in rows(item, number, inner[1]):
                assert isinstance(amount, int)
                by_place.setdefault(place, []).append(amount)
            assert expected == [[p, len(a), median(a)] for p, a in sorted(by_place.items(), key=repr)]


def test_longest_runs_are_those_of_the_rows(first: Bank) -> None:
    for item in of_family(first, "longest_run"):
        table, state = re.findall(r"FROM (\w+) AS e", item.reference)[0], item.reference.split("state = '")[1]
        for number, expected in enumerate(item.target["rows"]):
            runs: dict[object, list[int]] = {}
            for _, party, _, found, _ in sorted(rows(item, number, f"SELECT * FROM {table}"), key=_by_day):
                longest, current = runs.get(party, [0, 0])
                current = current + 1 if found == state.partition("'")[0] else 0
                runs[party] = [max(longest, current), current]
            assert sorted(map(tuple, expected)) == sorted((p, longest) for p, (longest, _) in runs.items())


def test_series_and_peaks_are_those_of_the_rows(first: Bank) -> None:
    for item in of_family(first, "series"):
        table, days = (
            re.findall(r"FROM (\w+) AS e", item.reference)[0],
            re.findall(r"<= (\d+), 0", item.reference),
        )
        for number, expected in enumerate(item.target["rows"]):
            sizes: dict[object, list[int]] = {}
            last: dict[object, date] = {}
            for row in sorted(rows(item, number, f"SELECT * FROM {table}"), key=_by_day):
                day = date.fromisoformat(str(row[2])[:10])
                if row[1] in last and (day - last[row[1]]).days <= int(days[0]):
                    sizes[row[1]][-1] += 1
                else:
                    sizes.setdefault(row[1], []).append(1)
                last[row[1]] = day
            assert sorted(map(tuple, expected)) == sorted((p, len(s), max(s)) for p, s in sizes.items())
    for item in of_family(first, "peaks"):
        table = re.findall(r"FROM (\w+) AS s", item.reference)[0]
        for number, expected in enumerate(item.target["rows"]):
            spans = rows(item, number, f"SELECT * FROM {table}")
            for thing, most, day in expected:
                loads = {d: _running(spans, thing, d) for d in _days()}
                assert (max(loads.values()), min(d for d in loads if loads[d] == most)) == (most, day)
            assert {row[0] for row in expected} == {span[2] for span in spans}


def _running(spans: list[tuple[object, ...]], thing: object, day: str) -> int:
    return sum(s[2] == thing and str(s[3]) <= day <= str(s[4] or "9") for s in spans)


def _days() -> list[str]:
    return [(date(2023, 12, 1) + timedelta(n)).isoformat() for n in range(400)]


def _by_day(row: tuple[object, ...]) -> tuple[str, int]:
    return str(row[2]), int(str(row[0]))


def test_no_rounding_hangs_on_how_the_formula_is_written(first: Bank) -> None:
    """A share in another right form rounds to the same value."""
    for family in ("shares_of_states", "rates_of_things"):
        for item in of_family(first, family):
            other = re.sub(r"100\.0 \* (.*?) / (.*), 2\)", r"(1.0 * \1 / \2) * 100, 2)", item.reference)
            query = sql.extract(other)
            assert query is not None
            assert other != item.reference
            for number, expected in enumerate(item.target["rows"]):
                assert [list(row) for row in rows(item, number, query.text)] == expected


@pytest.mark.parametrize(
    ("family", "old", "new"),
    [
        ("lines_of_month", r"strftime\('%Y-%m', (\S+)\) = ('\S+)'", r"\1 LIKE \2%'"),
        ("one_month_only", r"strftime\('%Y-%m', (\S+)\) = ('\S+)'", r"substr(\1, 1, 7) = \2'"),
        ("months_by_state", r"COUNT\(CASE WHEN (.*?) THEN 1 END\)", r"SUM(\1)"),
        ("elsewhere", r"(\S+) IS NOT ('\w[^']*')", r"(\1 <> \2 OR \1 IS NULL)"),
        ("nobodys_up", r"p.(\w+) NOT IN \(SELECT u.(\w+) FROM (\w+) AS u WHERE .*?\)",
         r"NOT EXISTS (SELECT 1 FROM \3 AS u WHERE u.\2 = p.\1)"),
        ("overlaps", r"COALESCE\((\S+), '9999-12-31'\)", r"ifnull(\1, date('2024-01-01', '+100 years'))"),
        ("weekdays", r"\(CAST\(strftime\('%w', (\S+)\) AS INTEGER\) \+ 6\) % 7 \+ 1",
         r"CASE strftime('%w', \1) WHEN '0' THEN 7 ELSE strftime('%w', \1) + 0 END"),
        ("bands", r"(\S+) / (\d+) \* \2", r"\1 - \1 % \2"),
        ("latest", r"ROW_NUMBER\(\) OVER \(PARTITION BY (\S+) ORDER BY (\S+) DESC, (\S+) DESC\)",
         r"RANK() OVER (PARTITION BY \1 ORDER BY \2 || '#' || substr('0000' || \3, -4) DESC)"),
    ],
)  # fmt: skip
def test_another_right_way_gives_the_same_rows(first: Bank, family: str, old: str, new: str) -> None:
    for item in of_family(first, family):
        other = sql.extract(re.sub(old, new, item.reference))
        assert other is not None
        assert other.text not in item.reference
        for number, expected in enumerate(item.target["rows"]):
            found = [list(row) for row in rows(item, number, other.text)]
            assert found == expected or (not item.target["ordered"] and sorted(found) == sorted(expected))


@pytest.mark.usefixtures("sandbox_works")
def test_references_earn_the_full_score(one_of_each: list[Item]) -> None:
    assert len(one_of_each) == FAMILIES
    found = verdicts(one_of_each, [item.reference for item in one_of_each])
    assert [v.detail["explanation"] for v in found if v.score != 1.0] == []


@pytest.mark.usefixtures("sandbox_works")
@pytest.mark.parametrize(
    ("text", "parsed"),
    [("", False), ("I cannot help with that.", False), ("```sql\nSELECT NULL WHERE 0\n```", True)],
)
def test_other_answers_earn_nothing(one_of_each: list[Item], text: str, parsed: bool) -> None:
    items = one_of_each[::10]
    found = verdicts(items, [text] * len(items))
    assert {(v.score, v.parsed) for v in found} == {(0.0, parsed)}


@pytest.mark.usefixtures("sandbox_works")
def test_the_rows_of_one_database_written_out_are_wrong_on_the_others(one_of_each: list[Item]) -> None:
    items = one_of_each[::10]
    texts = []
    for item in items:
        listed = next(given for given in item.target["rows"] if given)
        values = ", ".join(f"({', '.join(map(_literal, row))})" for row in listed)
        texts.append(f"```sql\nVALUES {values}\n```")
    found = verdicts(items, texts)
    assert {v.score for v in found} == {0.0}
    assert {v.detail["passed"] for v in found} <= {0, 1, 2}


def _literal(value: object) -> str:
    return "NULL" if value is None else repr(value)


@pytest.mark.usefixtures("sandbox_works")
def test_slips_of_the_demo_panel_hardly_ever_earn_the_full_score(one_of_each: list[Item]) -> None:
    items = one_of_each[::2]
    texts = [
        corrupt.wrong(Question(CARD, item, ()), luck.generator(number, item.input))
        for number, item in enumerate(items)
    ]
    found = verdicts(items, texts)
    assert all(v.parsed for v in found)
    assert sum(v.score == 1.0 for v in found) <= 0.1 * len(found)
    assert sum(v.detail["error_class"] == "wrong rows" for v in found) >= 0.8 * len(found)
