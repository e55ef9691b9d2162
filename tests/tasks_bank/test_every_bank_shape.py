"""What every generated bank is: balanced, without doubles, another by seed, and growing at its end."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from whichmodel.domain import Bank
from whichmodel.registry import all_cards, bank

CARDS = {card.name: card for card in all_cards() if card.items == "generate.py"}
FEW = 120


@cache
def whole(name: str) -> Bank:
    return bank(CARDS[name])


@pytest.mark.parametrize("name", sorted(CARDS))
def test_ids_and_prompts_are_unique_and_strata_balanced(name: str) -> None:
    items = whole(name).items
    assert len({item.id for item in items}) == len({item.input for item in items}) == CARDS[name].count
    sizes = Counter(item.stratum for item in items)
    assert len(sizes) >= 4
    assert max(sizes.values()) - min(sizes.values()) <= 1


@pytest.mark.parametrize("name", sorted(CARDS))
def test_seeds_are_disjoint_and_a_larger_bank_begins_with_the_smaller(name: str) -> None:
    made = [bank(CARDS[name], seed=seed, count=FEW) for seed in range(3)]
    prompts = [{item.input for item in other.items} for other in made]
    assert sum(map(len, prompts)) == len(set().union(*prompts)) == 3 * FEW
    assert whole(name).items[:FEW] == made[0].items


@pytest.mark.parametrize("name", sorted(CARDS))
def test_a_category_can_settle_three_points(name: str) -> None:
    assert CARDS[name].count >= 400
