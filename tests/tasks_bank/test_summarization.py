"""The bank of meetings."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel import registry
from whichmodel.domain import Answer, Item
from whichmodel.scoring import summary

CARD = registry.find(["meetings"])[0]
BANK = registry.bank(CARD)
REFUSAL = "I cannot help with that."


def score(text: str, item: Item) -> float:
    return summary.score(Answer(text), item, CARD.options).score


def test_every_reference_scores_one() -> None:
    assert [item.id for item in BANK.items if score(item.reference, item) != 1.0] == []


@pytest.mark.parametrize("text", ["", REFUSAL, "42", "N/A"])
def test_no_answer_scores_under_one(text: str) -> None:
    assert max(score(text, item) for item in BANK.items) < 0.1


def test_no_gold_stands_in_a_prompt() -> None:
    assert [item.id for item in BANK.items if item.reference in item.input] == []


def source(item: Item) -> str:
    return item.input.partition("<source>\n")[2].partition("\n</source>")[0]


@pytest.mark.parametrize("sentences", [3, 4, 5, 6, 8])
def test_a_lead_summary_gets_a_fifth_to_a_half(sentences: int) -> None:
    leads = [" ".join(re.split(r"(?<=[.!?])\s+", source(item))[:sentences]) for item in BANK.items]
    scores = [score(lead, item) for lead, item in zip(leads, BANK.items, strict=True)]
    assert 0.2 < sum(scores) / len(scores) < 0.5


def test_every_number_date_and_name_of_a_source_is_known() -> None:
    for item in BANK.items:
        verdict = summary.score(Answer(source(item)), item, CARD.options)
        assert verdict.detail["invented"] == [], item.id


def test_a_dropped_or_wrong_fact_costs_score() -> None:
    for item in BANK.items:
        lines = item.reference.splitlines()
        assert score("\n".join(lines[1:]), item) < 1.0
        owner = next(fact["accept"][0] for fact in item.target["facts"] if fact["slot"] == "owner")
        other = next(name for name in item.target["names"] if name != owner)
        assert score("\n".join([lines[0].replace(owner, other), *lines[1:]]), item) < 1.0


def test_the_first_proposals_of_a_revised_meeting_are_wrong() -> None:
    revised = [item for item in BANK.items if item.stratum.startswith("revised")]
    for item in revised:
        final = {fact["accept"][0] for fact in item.target["facts"] if fact["slot"] == "deadline"}
        assert final < set(item.target["dates"])
    assert revised


@given(st.sampled_from(BANK.items), st.randoms(use_true_random=False))
def test_the_order_of_the_facts_does_not_matter(item: Item, rng: random.Random) -> None:
    lines = item.reference.splitlines()
    rng.shuffle(lines)
    assert score("\n".join(lines), item) == 1.0
