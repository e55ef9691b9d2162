"""What a simulated model makes of an item."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from whichmodel.domain import Bank
from whichmodel.simulator.answers import Answers, Question
from whichmodel.simulator.behaviour import Reply, Unanswerable, reply
from whichmodel.simulator.panel import PANEL, SimulatedModel

PLAIN = SimulatedModel(
    id="test/plain",
    wire="plain",
    protocol="openai",
    price=PANEL[0].price,
    median_s=0.1,
    skill={"extraction": 0.8, "reasoning": 0.8},
)


def ask(model: SimulatedModel, question: Question, *, seed: int = 0, max_tokens: int | None = 1024) -> Reply:
    return reply(model, question, seed=seed, characters=400, max_tokens=max_tokens)


def questions(bank: Bank) -> list[Question]:
    answers = Answers([bank])
    return [found for item in bank.items if (found := answers.find(item.input))]


@pytest.mark.parametrize("skill", [0.6, 0.95])
def test_over_a_bank_the_share_right_is_the_skill_within_a_binomial_bound(
    additions: Bank, skill: float
) -> None:
    model = replace(PLAIN, skill={"reasoning": skill})
    right = sum(ask(model, q).text == q.item.reference for q in questions(additions))
    bound = 4 * (skill * (1 - skill) * 300) ** 0.5
    assert abs(right - 300 * skill) < bound


def test_habits_come_at_their_rates(invoices: Bank) -> None:
    model = replace(PLAIN, untidy=0.1, refuses=0.1, cut_off=0.1)
    asked = questions(invoices)
    replies = [ask(model, q) for q in asked]
    stops = Counter(r.stop for r in replies)
    assert 12 < stops["refused"] < 50
    assert 12 < stops["truncated"] < 50
    assert 12 < sum(r.stop == "stop" and not r.text.endswith("}") for r in replies) < 50


def test_a_refusal_is_empty_and_a_truncated_answer_uses_the_whole_limit(invoices: Bank) -> None:
    refusing = ask(replace(PLAIN, refuses=1.0), questions(invoices)[0])
    assert (refusing.text, refusing.stop) == ("", "refused")
    runaway = ask(replace(PLAIN, cut_off=1.0), questions(invoices)[0], max_tokens=500)
    assert runaway.stop == "truncated"
    assert runaway.output_tokens == 500
    thinking = ask(replace(PLAIN, cut_off=1.0, reasoning_tokens=50), questions(invoices)[0], max_tokens=500)
    assert thinking.reasoning_tokens > 400


def test_an_answer_longer_than_the_limit_is_cut_there(invoices: Bank) -> None:
    question = questions(invoices)[0]
    cut = ask(PLAIN, question, max_tokens=10)
    assert cut.stop == "truncated"
    assert cut.output_tokens == 10
    assert cut.text == ask(PLAIN, question, max_tokens=None).text[:40]


def test_usage_counts_about_a_token_for_four_characters_and_reasoning_inside_output(invoices: Bank) -> None:
    question = questions(invoices)[0]
    plain = ask(PLAIN, question)
    assert plain.input_tokens == 100
    assert plain.output_tokens == round(len(plain.text) / 4)
    thinking = ask(replace(PLAIN, reasoning_tokens=80), question)
    assert thinking.reasoning_tokens > 0
    assert thinking.output_tokens == plain.output_tokens + thinking.reasoning_tokens


def test_the_seed_decides_which_items_go_wrong(additions: Bank) -> None:
    asked = questions(additions)
    assert [ask(PLAIN, q).text for q in asked] == [ask(PLAIN, q).text for q in asked]
    assert [ask(PLAIN, q).text for q in asked] != [ask(PLAIN, q, seed=1).text for q in asked]


def test_without_a_skill_or_a_reference_there_is_no_answer(additions: Bank) -> None:
    question = questions(additions)[0]
    with pytest.raises(Unanswerable, match="no skill in reasoning"):
        ask(replace(PLAIN, skill={"coding": 0.9}), question)
    with pytest.raises(Unanswerable, match="no reference answer"):
        ask(PLAIN, replace(question, item=replace(question.item, reference="")))


def test_an_item_is_found_by_its_exact_prompt_alone(additions: Bank) -> None:
    answers = Answers([additions])
    prompt = additions.items[3].input
    found = answers.find(f"\n{prompt}  ")
    assert found is not None
    assert found.item is additions.items[3]
    assert answers.find(prompt.replace("3", "4", 1)) is answers.find(additions.items[4].input)
    assert answers.find(f"{prompt} Please.") is None
