"""The rule baselines as functions of a prompt."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Answer
from whichmodel.providers import rules
from whichmodel.registry import bank, find
from whichmodel.scoring import fields

INVOICE = """fields: "invoice_number"
<document>
Acme Tools Ltd

Bill to: Fox Bakery
Invoice No.: A-17
Invoice date: 9 March 2024
Due date: 2024-04-08

Pen, blue            2     $5.00      $10.00
Ink                  1   $1,000.50   $1,000.50

Subtotal            $1,010.50
VAT 20%               $202.10
Total due           $1,212.60
</document>"""

RECEIPT = """fields: "payment_method"
<document>
FOX BAKERY LTD
12, MILL LANE, LEEDS
DATE: 03/04/2024 12:30
BREAD  3.10
SUBTOTAL  3.10
TOTAL  RM 3.10
VISA ****1234  3.10
</document>"""

LISTED = """Labels:
- card_lost: the card is lost or stolen
- refund_request: wants money back
- out_of_scope: none of the above

<ticket>
{}
</ticket>"""


def test_an_invoice_with_the_usual_labels_is_read() -> None:
    assert json.loads(rules.extract(INVOICE)) == {
        "invoice_number": "A-17",
        "invoice_date": "2024-03-09",
        "due_date": "2024-04-08",
        "supplier": "Acme Tools Ltd",
        "customer": "Fox Bakery",
        "po_number": None,
        "currency": "USD",
        "subtotal": 1010.5,
        "discount": None,
        "tax": 202.1,
        "total": 1212.6,
        "line_items": [
            {"description": "Pen, blue", "quantity": 2, "unit_price": 5, "amount": 10},
            {"description": "Ink", "quantity": 1, "unit_price": 1000.5, "amount": 1000.5},
        ],
    }


def test_a_receipt_is_read_with_the_day_first() -> None:
    assert json.loads(rules.extract(RECEIPT)) == {
        "company": "FOX BAKERY LTD",
        "address": "12, MILL LANE, LEEDS",
        "date": "2024-04-03",
        "total": 3.1,
        "payment_method": "card",
    }


@pytest.mark.parametrize(
    ("ticket", "label"),
    [
        ("My card was stolen.", "card_lost"),
        ("I want a refund.", "refund_request"),
        ("The card I lost is found. Please refund me!", "refund_request"),
        ("Good evening.", "out_of_scope"),
    ],
)
def test_a_ticket_gets_the_label_whose_words_it_uses(ticket: str, label: str) -> None:
    assert rules.classify(LISTED.format(ticket)) == label


def test_the_lead_is_the_first_sentences_of_the_source() -> None:
    prompt = "Summarise. Be short.\n<source>\nOne. Two!\nThree? Four.\n</source>"
    assert rules.lead(prompt, sentences=3) == "One. Two! Three?"


def test_the_lead_of_a_meeting_comes_from_its_source() -> None:
    item = bank(find(["meetings"])[0], count=1).items[0]
    source = " ".join(item.input.partition("<source>")[2].split())
    assert rules.lead(item.input)
    assert rules.lead(item.input) in source


@pytest.mark.parametrize("name", ["contracts", "emails", "invoices", "receipts", "resumes"])
def test_extraction_answers_in_the_asked_format(name: str) -> None:
    made = bank(find([name])[0], count=40)
    for item in made.items:
        verdict = fields.score(Answer(rules.extract(item.input)), item, made.card.options)
        assert verdict.parsed
        assert verdict.detail["wrapping"] == "plain"
        assert verdict.detail["unexpected"] == verdict.detail["repaired"] == []


def test_a_document_that_no_rule_is_for_gets_an_empty_object() -> None:
    assert rules.extract("Read the weather.\n<document>\nSunny\n</document>") == "{}"


def test_entities_are_found_by_their_notation_and_the_words_in_them() -> None:
    text = "On 3 May 2024 the University of Graz paid €5 million to Ada Fox, who runs Acme Foods in Leeds."
    found = json.loads(rules.extract(f"Find the named entities.\n<text>\n{text}\n</text>"))
    assert sorted((entity["text"], entity["type"]) for entity in found) == [
        ("3 May 2024", "date"),
        ("Acme Foods", "organisation"),
        ("Ada Fox", "person"),
        ("Leeds", "place"),
        ("University of Graz", "organisation"),
        ("€5 million", "amount"),
    ]


def test_mails_cvs_and_contracts_are_read_by_their_usual_words() -> None:
    mail = """"site_phone"
<document>
We have booked order SO-12345:
  3 x lamp (LMP-101)
  4 x desk (DSK-102)
Please make it 5 of the lamp instead of 3. Cancel the desk, please. Please add 2 of the fan (FAN-103) too.
Please deliver to 1 High Street, Leeds instead.
</document>"""
    read = json.loads(rules.extract(mail))
    assert read["changed"] == [{"article": "LMP-101", "quantity": 5}]
    assert (read["cancelled"], read["added"]) == (["DSK-102"], [{"article": "FAN-103", "quantity": 2}])
    assert (read["order_number"], read["delivery_address"]) == ("SO-12345", "1 High Street, Leeds")
    cv = "Dr. Ada Fox\n03/2019 - 05/2021  Clerk, Acme Ltd\nSkills\nSQL, Go"
    read = json.loads(rules.extract(f'"positions"\n<document>\n{cv}\n</document>'))
    assert (read["name"], read["skills"]) == ("Ada Fox", ["SQL", "Go"])
    assert read["positions"] == [
        {"title": "Clerk", "employer": "Acme Ltd", "from": "2019-03", "to": "2021-05"}
    ]
    deed = '(1) A Ltd (the "Provider") and\nan initial term of two (2) years.'
    read = json.loads(rules.extract(f'"renewal_term"\n<document>\n{deed}\n</document>'))
    assert (read["provider"], read["initial_term"], read["auto_renewal"]) == ("A Ltd", "P2Y", False)


@given(st.text())
def test_any_prompt_gets_an_answer(prompt: str) -> None:
    assert isinstance(json.loads(rules.extract(prompt)), dict)
    assert isinstance(json.loads(rules.extract_invoice(prompt)), dict)
    for said in rules.READERS:
        assert isinstance(json.loads(rules.extract(f"{said} {prompt}")), dict | list)
    assert isinstance(rules.classify(prompt), str)
    assert isinstance(rules.lead(prompt), str)
