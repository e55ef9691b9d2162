"""The bank of support threads."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel import registry
from whichmodel.domain import Answer, Item
from whichmodel.scoring import summary

CARD = registry.find(["support_threads"])[0]
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


def test_a_lost_line_costs_one_fact() -> None:
    for item in BANK.items[:60]:
        lines = item.reference.splitlines()
        for at in (1, 3, 5):
            assert score("\n".join(lines[:at] + lines[at + 1 :]), item) < 1.0, (item.id, lines[at])


def test_what_was_put_right_stands_in_the_thread_and_is_wrong() -> None:
    corrected = [item for item in BANK.items[:120] if item.stratum.startswith("corrected")]
    for item in corrected:
        for fact in item.target["facts"]:
            if fact["slot"] in ("order", "amount"):
                [old], [new] = fact["instead"], fact["accept"]
                assert old in item.input
                assert old != new
                assert score(item.reference.replace(new, old), item) < 1.0, (item.id, old, new)


def test_an_implicit_date_stands_nowhere_in_its_thread() -> None:
    implicit = [item for item in BANK.items if item.stratum == "implicit-1"]
    dates = [next(f for f in item.target["facts"] if f["slot"] == "date")["accept"][0] for item in implicit]
    written = [f"on {int(day[-2:])} " in item.input for day, item in zip(dates, implicit, strict=True)]
    assert sum(written) < 0.2 * len(implicit)


@given(st.sampled_from(BANK.items), st.randoms(use_true_random=False))
def test_the_order_of_a_case_does_not_matter(item: Item, rng: random.Random) -> None:
    if item.stratum.endswith("2"):
        return
    lines = item.reference.splitlines()
    rng.shuffle(lines)
    assert score("\n".join(lines), item) == 1.0
