"""The bank of reports."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel import registry
from whichmodel.domain import Answer, Item
from whichmodel.scoring import summary

CARD = registry.find(["reports"])[0]
BANK = registry.bank(CARD)


def score(text: str, item: Item) -> float:
    return summary.score(Answer(text), item, CARD.options).score


def test_every_reference_scores_one() -> None:
    assert [item.id for item in BANK.items if score(item.reference, item) != 1.0] == []


@pytest.mark.parametrize("text", ["", "I cannot help with that.", "42", "N/A"])
def test_no_answer_scores_under_one(text: str) -> None:
    assert max(score(text, item) for item in BANK.items[:100]) < 0.1


def test_no_gold_stands_in_a_prompt_and_nothing_in_a_source_is_an_invention() -> None:
    for item in BANK.items[:60]:
        assert item.reference not in item.input
        source = item.input.partition("<source>\n")[2].partition("\n</source>")[0]
        assert summary.score(Answer(source), item, CARD.options).detail["invented"] == [], item.id


def test_each_line_of_a_reference_holds_a_fact() -> None:
    for item in BANK.items[:30]:
        lines = item.reference.splitlines()
        for at in range(len(lines)):
            assert score("\n".join(lines[:at] + lines[at + 1 :]), item) < 1.0, (item.id, lines[at])


def test_the_other_direction_is_a_contradiction() -> None:
    for item in BANK.items[:60]:
        if not item.stratum.startswith("quarterly"):
            continue
        line = next(line for line in item.reference.splitlines() if ", up " in line or ", down " in line)
        turned = line.replace(", up ", ", @").replace(", down ", ", up ").replace("@", "down ")
        verdict = summary.score(Answer(item.reference.replace(line, turned)), item, CARD.options)
        assert len(verdict.detail["contradicted"]) == 1, item.id


def test_the_figures_of_another_column_of_the_table_are_wrong() -> None:
    for item in BANK.items[:60]:
        for fact in item.target["facts"]:
            if fact["slot"] != "figure":
                continue
            verdict = summary.score(Answer(item.reference), item, CARD.options)
            assert set(fact["accept"]).isdisjoint(fact["instead"])
            assert f"{fact['topic']}: figure" not in verdict.detail["missing"]


@given(st.sampled_from(BANK.items), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_matter(item: Item, rng: random.Random) -> None:
    lines = item.reference.splitlines()
    rng.shuffle(lines)
    verdict = summary.score(Answer("\n".join(lines)), item, CARD.options)
    assert verdict.detail["coverage"] == 1.0
