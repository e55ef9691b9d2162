"""The bank of support tickets."""

from __future__ import annotations

import re
from collections import Counter
from statistics import fmean

import pytest

from whichmodel.domain import Answer, Item
from whichmodel.providers import rules
from whichmodel.registry import bank, find
from whichmodel.scoring import choice

CARD = find(["tickets"])[0]
BANK = bank(CARD)


def score(item: Item, answer: str) -> float:
    return choice.score(Answer(answer), item, CARD.options).score


def ticket(item: Item) -> str:
    return item.input.partition("<ticket>\n")[2].partition("\n</ticket>")[0]


def test_every_reference_scores_one() -> None:
    assert len(BANK.items) == CARD.count == 420
    assert {score(item, item.reference) for item in BANK.items} == {1.0}


@pytest.mark.parametrize("answer", ["", "I cannot help with that.", "refund_request or cancel_order"])
def test_no_single_label_scores_nothing(answer: str) -> None:
    assert {score(item, answer) for item in BANK.items} == {0.0}


def test_a_constant_label_scores_one_in_twenty_one() -> None:
    assert fmean(score(item, "out_of_scope") for item in BANK.items) == pytest.approx(1 / 21, abs=0.01)


def test_labels_and_strata_alternate() -> None:
    assert set(Counter(item.stratum for item in BANK.items).values()) == {84}
    assert set(Counter(item.target for item in BANK.items).values()) == {20}
    pairs = Counter((item.target, item.stratum) for item in BANK.items)
    assert pairs == dict.fromkeys(pairs, 4)
    assert len(pairs) == 21 * 5


def test_tickets_do_not_name_labels() -> None:
    labels = BANK.items[0].metadata["labels"]
    assert len(labels) == 21
    for item in BANK.items:
        assert not any(label in ticket(item) for label in labels)
        assert "{" not in ticket(item)


def test_word_lists_do_well_where_the_words_are_and_badly_where_not() -> None:
    by_stratum = {
        stratum: fmean(score(i, rules.classify(i.input)) for i in BANK.items if i.stratum == stratum)
        for stratum in ("direct", "indirect", "typos", "two-topics", "contrast")
    }
    assert by_stratum["direct"] > 0.7
    assert by_stratum["indirect"] < 0.3
    assert by_stratum["contrast"] < 0.35
    assert 0.35 < fmean(by_stratum.values()) < 0.6


def test_tickets_of_one_intent_are_no_near_copies() -> None:
    """Of three words in a row, the nearest ticket of the same intent shares few."""
    trigrams = [(item.target, _trigrams(ticket(item))) for item in BANK.items]
    nearest = [
        max(
            len(mine & theirs) / len(mine | theirs)
            for k, (other, theirs) in enumerate(trigrams)
            if other == label and k != n
        )
        for n, (label, mine) in enumerate(trigrams)
    ]
    assert sorted(nearest)[len(nearest) // 2] < 0.15
    assert max(nearest) < 0.6


def _trigrams(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[n : n + 3]) for n in range(len(words) - 2)}


def test_a_thousand_tickets_are_a_thousand_prompts() -> None:
    assert len({item.input for item in bank(CARD, seed=5, count=1000).items}) == 1000
