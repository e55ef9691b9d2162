"""The banks of invoices and receipts: gold, strata, damage, and what rules reach on them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from statistics import fmean

import pytest

from whichmodel.domain import Answer, Bank, Item, Json
from whichmodel.providers import rules
from whichmodel.registry import bank, find
from whichmodel.scoring import fields

TASKS = ("invoices", "receipts")
BANKS: Mapping[str, Bank] = {name: bank(find([name])[0]) for name in TASKS}
ITEMS = [pytest.param(made, item, id=item.id) for made in BANKS.values() for item in made.items[::20]]


def score(made: Bank, item: Item, answer: Json) -> float:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return fields.score(Answer(text), item, made.card.options).score


@pytest.mark.parametrize("made", BANKS.values(), ids=TASKS)
def test_every_reference_scores_one(made: Bank) -> None:
    assert len(made.items) == 400
    assert {score(made, item, item.reference) for item in made.items} == {1.0}


@pytest.mark.parametrize("answer", ["", "I cannot help with that.", "{}", "null"])
@pytest.mark.parametrize("made", BANKS.values(), ids=TASKS)
def test_no_answer_scores_nothing(made: Bank, answer: str) -> None:
    assert {score(made, item, answer) for item in made.items} == {0.0}


@pytest.mark.parametrize(("made", "item"), ITEMS)
def test_a_change_in_any_field_costs_score(made: Bank, item: Item) -> None:
    for field, value in item.target.items():
        assert score(made, item, {**item.target, field: wrong(value)}) < 1
        assert score(made, item, {k: v for k, v in item.target.items() if k != field}) < 1


def wrong(value: Json) -> Json:
    """Another value of the same kind; something invented where there is nothing."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return (date.fromisoformat(value) + timedelta(days=1)).isoformat()
    if isinstance(value, list):
        return value[1:]
    return value + 1 if isinstance(value, float) else f"{value or 'PO-1'} X" if value != "X" else None


@pytest.mark.parametrize("made", BANKS.values(), ids=TASKS)
def test_the_prompt_shows_schema_and_document_and_no_gold(made: Bank) -> None:
    for item in made.items:
        schema = json.loads(item.input.partition("Schema:\n")[2].partition("\n\n<document>")[0])
        assert schema["required"] == list(item.target) == list(made.card.options["fields"])
        assert item.reference not in item.input
        assert item.input.count("<document>") == 1
        document = item.input.partition("<document>")[2]
        assert not any(f'"{field}"' in document for field in item.target)


@pytest.mark.parametrize("name", TASKS)
def test_seeds_repeat_themselves_and_share_no_prompt(name: str) -> None:
    card, first = find([name])[0], BANKS[name]
    again, other = bank(card), bank(card, seed=1)
    assert again == first
    prompts = {item.input for item in first.items}
    assert len(prompts) == 400
    assert prompts.isdisjoint(item.input for item in other.items)
    assert Counter(i.stratum for i in other.items) == Counter(i.stratum for i in first.items)


@pytest.mark.parametrize(("name", "each"), [("invoices", 50), ("receipts", 80)])
def test_strata_are_equally_large(name: str, each: int) -> None:
    assert set(Counter(item.stratum for item in BANKS[name].items).values()) == {each}


def test_invoices_add_up() -> None:
    for item in BANKS["invoices"].items:
        gold = item.target
        assert sum(row["amount"] for row in gold["line_items"]) == pytest.approx(gold["subtotal"])
        assert gold["subtotal"] - (gold["discount"] or 0) + (gold["tax"] or 0) == pytest.approx(gold["total"])


def test_invoices_vary_in_what_they_hold() -> None:
    for field in ("due_date", "po_number", "discount", "tax"):
        absent = fmean(item.target[field] is None for item in BANKS["invoices"].items)
        assert 0.1 < absent < 0.7
    assert {item.target["currency"] for item in BANKS["invoices"].items} == {"EUR", "USD", "GBP", "CHF"}


def test_a_receipt_without_labels_still_tells_its_total() -> None:
    for item in BANKS["receipts"].items:
        document = item.input.partition("<document>")[2]
        if item.stratum == "unlabelled":
            paid, change = re.findall(r"(?:Cash|Change)  (\d+\.\d\d)", document)
            assert float(paid) - float(change) == pytest.approx(item.target["total"])
        if item.stratum == "confused":
            mended = document.replace("O", "0").replace("l", "1").replace("I", "1")
            assert f"{item.target['total']:.2f}" in mended


@pytest.mark.parametrize(("name", "low", "high"), [("invoices", 0.4, 0.6), ("receipts", 0.55, 0.75)])
def test_rules_read_a_part_of_the_fields(name: str, low: float, high: float) -> None:
    made = BANKS[name]
    mean = fmean(score(made, item, rules.extract(item.input)) for item in made.items)
    assert low < mean < high
