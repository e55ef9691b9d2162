"""Over the tasks that come along, an error of the demo panel is an error to the task's own scorer."""

from __future__ import annotations

from importlib import import_module

import pytest

from whichmodel.domain import Answer, Bank, TaskCard
from whichmodel.registry import bank, find
from whichmodel.simulator import corrupt, drawing, luck
from whichmodel.simulator.answers import Answers, Question

ITEMS = 40
CARDS = {card.name: card for card in find([]) if card.hub is None}
TEXTS = sorted(name for name, card in CARDS.items() if card.answers == "text")
PURE = sorted(name for name in TEXTS if not CARDS[name].sandbox)
PICTURES = sorted(set(CARDS) - set(TEXTS))


def asked(card: TaskCard) -> list[Question]:
    made: Bank = bank(card, count=ITEMS)
    answers = Answers([made])
    return [found for item in made.items if (found := answers.find(item.input))]


def errors(question: Question) -> list[str]:
    return [corrupt.wrong(question, luck.generator(n, question.item.input)) for n in range(3)]


@pytest.mark.parametrize("name", TEXTS)
def test_no_error_is_the_reference(name: str) -> None:
    questions = asked(CARDS[name])
    assert len(questions) == ITEMS
    for question in questions:
        assert all(text.strip() != question.item.reference.strip() for text in errors(question))


@pytest.mark.parametrize("name", PURE)
def test_errors_keep_to_the_format_and_hardly_one_gets_the_full_mark(name: str) -> None:
    card = CARDS[name]
    score = import_module(f"whichmodel.scoring.{card.scorer}").score
    verdicts = [
        score(Answer(text), question.item, card.options)
        for question in asked(card)
        for text in errors(question)
    ]
    assert all(verdict.parsed for verdict in verdicts)
    assert sum(verdict.score >= 1 for verdict in verdicts) <= 0.05 * len(verdicts)


@pytest.mark.parametrize("name", PICTURES)
def test_every_spec_can_be_drawn_right_and_wrong(name: str) -> None:
    for question in asked(CARDS[name]):
        spec = question.item.metadata["spec"]
        right = drawing.draw(spec, seed=1, correct=True)
        assert drawing.draw(spec, seed=1, correct=False) != right
