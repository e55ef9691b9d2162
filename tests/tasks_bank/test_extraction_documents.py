"""The banks of mails, CVs and contracts: gold, strata, what costs score, and what rules reach on them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from statistics import fmean

import pytest
from inspect_ai.util import JSONSchema

from whichmodel.domain import Answer, Bank, Item, Json
from whichmodel.providers import rules
from whichmodel.registry import bank, find
from whichmodel.scoring import fields, scorer
from whichmodel.scoring.answer_schema import schema_of

STRATA = {"emails": 6, "resumes": 7, "contracts": 6}
RULES = {"emails": (0.65, 0.8), "resumes": (0.65, 0.8), "contracts": (0.65, 0.8)}
BANKS: Mapping[str, Bank] = {name: bank(find([name])[0]) for name in STRATA}


def score(made: Bank, item: Item, answer: Json) -> float:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return fields.score(Answer(text), item, made.card.options).score


@pytest.fixture(params=STRATA, scope="module")
def made(request: pytest.FixtureRequest) -> Bank:
    return BANKS[request.param]


def test_every_reference_scores_one(made: Bank) -> None:
    assert len(made.items) == made.card.count == 400
    assert {score(made, item, item.reference) for item in made.items} == {1.0}


@pytest.mark.parametrize("answer", ["", "I cannot help with that.", "{}", "null", "[]"])
def test_no_answer_scores_nothing(made: Bank, answer: str) -> None:
    assert {score(made, item, answer) for item in made.items} == {0.0}


def test_all_null_is_worth_what_the_documents_lack(made: Bank) -> None:
    empty = dict.fromkeys(made.card.options["fields"])
    assert fmean(score(made, item, empty) for item in made.items) < 0.45


def test_a_change_in_any_field_costs_score(made: Bank) -> None:
    for item in made.items[::10]:
        for name, value in item.target.items():
            assert score(made, item, {**item.target, name: wrong(value)}) < 1, (item.id, name)
            assert score(made, item, {k: v for k, v in item.target.items() if k != name}) < 1


def wrong(value: Json) -> Json:
    """Another value of the same kind; something invented where there is nothing."""
    if isinstance(value, list):
        return value[1:] or ["XX-1"]
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int | float) else f"{value or 'P'} X" if value != "X" else None


def test_the_answer_to_the_next_item_is_wrong(made: Bank) -> None:
    pairs = zip(made.items, made.items[1:], strict=False)
    assert max(score(made, item, other.reference) for item, other in pairs) < 0.9


def test_the_prompt_shows_schema_and_document_and_no_gold(made: Bank) -> None:
    asked = schema_of(made.card)
    assert asked is not None
    for item in made.items:
        schema = json.loads(item.input.partition("Schema:\n")[2].partition("\n\n<document>")[0])
        assert schema["required"] == list(item.target) == asked["required"]
        assert item.reference not in item.input
        assert item.input.count("<document>") == item.input.count("</document>") == 1
        document = item.input.partition("<document>")[2]
        assert "{" not in document
        assert "None" not in document


def test_the_strict_schema_allows_what_the_prompt_s_schema_allows(made: Bank) -> None:
    schema = json.loads((made.card.folder / "schema.json").read_text(encoding="utf-8"))
    strict = schema_of(made.card)
    assert strict is not None
    for name, shown in schema["properties"].items():
        value, null = strict["properties"][name]["anyOf"]
        assert null == {"type": "null"}
        words = [word for word in shown.get("enum", []) if word is not None]
        assert value.get("enum", []) == words
        assert value["type"] in (shown.get("type", "string"), (shown.get("type") or [None])[0])
        if value["type"] == "array" and "properties" in value["items"]:
            row = value["items"]
            assert row["required"] == list(row["properties"]) == shown["items"]["required"]
            assert row["additionalProperties"] is False


@pytest.mark.parametrize("name", ["contracts", "emails", "entities", "invoices", "receipts", "resumes"])
def test_a_request_carries_the_strict_schema_whole(name: str) -> None:
    schema = schema_of(find([name])[0])
    assert schema is not None
    assert JSONSchema.model_validate(schema).model_dump(exclude_none=True) == schema
    for part in objects(schema):
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])


def objects(schema: Json) -> Iterator[dict[str, Json]]:
    """Each object that a schema describes, at any depth."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for inner in schema.values():
            yield from objects(inner)
    if isinstance(schema, list):
        for inner in schema:
            yield from objects(inner)


def test_another_process_makes_the_same_items() -> None:
    names = [*BANKS, "entities"]
    code = (
        "import sys; from whichmodel.registry import bank, find\n"
        "print(*(bank(find([name])[0], count=60).task_hash for name in sys.argv[1:]))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77"}
    ended = subprocess.run(
        [sys.executable, "-c", code, *names], env=environment, capture_output=True, text=True
    )
    assert ended.stdout.split() == [bank(find([name])[0], count=60).task_hash for name in names], ended.stderr


def test_strata_are_balanced(made: Bank) -> None:
    sizes = Counter(item.stratum for item in made.items)
    assert len(sizes) == STRATA[made.card.name]
    assert max(sizes.values()) - min(sizes.values()) <= 1


def test_rules_read_a_part_of_the_fields(made: Bank) -> None:
    low, high = RULES[made.card.name]
    assert low < fmean(score(made, item, rules.extract(item.input)) for item in made.items) < high


@pytest.mark.parametrize("name", ["contracts", "emails", "entities", "invoices", "receipts", "resumes"])
def test_the_readme_says_what_rules_reach(name: str) -> None:
    made = BANKS.get(name) or bank(find([name])[0])
    verdicts = [
        scorer(made.card.scorer)(Answer(rules.extract(i.input)), i, made.card.options) for i in made.items
    ]
    readme = " ".join((made.card.folder / "README.md").read_text(encoding="utf-8").split())
    said = re.findall(r"`rule/extract` reaches (\.\d\d) on seed 0", readme)
    assert said == [f"{fmean(verdict.score for verdict in verdicts):.2f}".removeprefix("0")]
    by_stratum: dict[str, list[float]] = {}
    for item, verdict in zip(made.items, verdicts, strict=True):
        by_stratum.setdefault(item.stratum, []).append(verdict.score)
    for stratum, scores in by_stratum.items():
        if f"| {stratum} |" in readme:
            row = re.search(rf"\| {stratum} \|[^|]+\| (\.\d\d) \|", readme)
            assert row is not None
            assert row[1] == f"{fmean(scores):.2f}".removeprefix("0"), stratum


def test_each_field_is_now_there_and_now_not() -> None:
    sometimes = {
        "emails": ("delivery_address", "delivery_date", "shipping", "site_phone", "cancelled", "added"),
        "resumes": ("phone", "city"),
        "contracts": ("initial_term", "renewal_term", "notice_period", "late_interest", "liability_cap"),
    }
    for name, optional in sometimes.items():
        for field in optional:
            absent = fmean(not item.target[field] for item in BANKS[name].items)
            assert 0.05 < absent < 0.95, (name, field, absent)


def test_each_article_of_a_thread_has_one_fate() -> None:
    for item in BANKS["emails"].items:
        document = item.input.partition("<document>")[2]
        rows = [*item.target["changed"], *item.target["added"]]
        codes = [*(row["article"] for row in rows), *item.target["cancelled"]]
        assert len(set(codes)) == len(codes)
        assert all(code in document for code in codes)
        assert all(row["quantity"] > 0 for row in rows)


def test_superseded_wishes_are_more_than_what_is_left_of_them() -> None:
    items = [item for item in BANKS["emails"].items if item.stratum == "superseded"]
    back = sum("after all" in item.input and item.target["delivery_date"] is None for item in items)
    assert back > 10


def test_positions_have_their_dates_in_order_and_leave_out_what_is_unpaid() -> None:
    for item in BANKS["resumes"].items:
        for job in item.target["positions"]:
            assert job["to"] is None or job["from"][:4] <= job["to"][:4]
        employers = {job["employer"] for job in item.target["positions"]}
        assert not any("Volunteer" in employer or "Food Bank" in employer for employer in employers)


def test_a_contract_s_values_follow_from_its_text() -> None:
    """The gold of a plain contract stands in it; the cap of a defined one follows from its fee."""
    for item in BANKS["contracts"].items:
        document, gold = item.input.partition("<document>")[2], item.target
        assert gold["provider"] in document
        assert gold["customer"] in document
        if item.stratum == "plain":
            assert f"{gold['annual_fee']:,}" in document
            assert f"{gold['liability_cap']:,}" in document
        if item.stratum == "defined":
            assert f"{gold['annual_fee']:,}" not in document
            assert (100 * gold["liability_cap"] / gold["annual_fee"]) in (50, 75, 100, 125, 150, 200, 300)


def test_an_amendment_that_is_not_in_force_changes_nothing() -> None:
    for item in BANKS["contracts"].items:
        document = item.input.partition("<document>")[2]
        if "revoked as a whole" in document:
            first = document.partition("AMENDMENT No. 1")[0]
            last = document.partition("AMENDMENT No. 3")[2]
            assert item.target["provider"] in first + last
            assert item.target["customer"] in first + last
