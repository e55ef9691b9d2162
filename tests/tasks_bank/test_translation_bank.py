"""The bank of technical passages."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel import registry
from whichmodel.domain import Answer, Item
from whichmodel.scoring import translation
from whichmodel.scoring.languages import spoken_in

CARD = registry.find(["technical"])[0]
BANK = registry.bank(CARD)
REFUSAL = "I cannot help with that."


def score(text: str, item: Item) -> float:
    return translation.score(Answer(text), item, CARD.options).score


def test_every_reference_scores_one() -> None:
    assert [item.id for item in BANK.items if score(item.reference, item) != 1.0] == []


@pytest.mark.parametrize("text", ["", REFUSAL, "42", "N/A"])
def test_no_answer_scores_under_one(text: str) -> None:
    assert max(score(text, item) for item in BANK.items) < 0.2


def test_no_gold_stands_in_a_prompt() -> None:
    assert [item.id for item in BANK.items if item.reference in item.input] == []


def test_ids_and_prompts_are_unique_and_strata_balanced() -> None:
    assert len({item.id for item in BANK.items}) == len({item.input for item in BANK.items}) == CARD.count
    sizes = Counter(item.stratum for item in BANK.items)
    assert len(sizes) == 6
    assert max(sizes.values()) - min(sizes.values()) <= 1


def test_seeds_are_disjoint_and_repeatable() -> None:
    prompts = [{item.input for item in registry.bank(CARD, seed=seed).items} for seed in range(4)]
    assert sum(map(len, prompts)) == len(set().union(*prompts))
    assert registry.bank(CARD, seed=1, count=50) == registry.bank(CARD, seed=1, count=50)


def test_an_untranslated_copy_scores_under_a_half() -> None:
    assert max(score(item.input, item) for item in BANK.items) < 0.5
    assert max(score(item.input.rpartition("Passage:\n")[2], item) for item in BANK.items) < 0.2


def test_a_changed_number_or_a_lost_term_costs_score() -> None:
    for item in BANK.items:
        other_number = re.sub(r"(\d)(?=\D*$)", lambda digit: str((int(digit[1]) + 1) % 10), item.reference)
        assert score(other_number, item) < 1.0, item.id
        term = item.target["terms"][0][0]
        assert score(re.sub(term, "Xyz", item.reference, flags=re.IGNORECASE), item) < 1.0, item.id


NEGATION = re.compile(
    r"\b(do not|never|not|nicht|niemals|ne|pas|jamais|no|nunca)\b ?|\bn'(?=[a-zéèu])", re.IGNORECASE
)


def test_a_lost_negation_halves_the_score() -> None:
    guarded = [item for item in BANK.items if any("needs" in sense for sense in item.target["senses"])]
    assert len(guarded) > 0.5 * len(BANK.items)
    for item in guarded:
        verdict = translation.score(Answer(NEGATION.sub("", item.reference)), item, {})
        assert verdict.score <= 0.5, item.id
        assert verdict.detail["turned"], item.id


def test_a_negation_put_in_halves_the_score() -> None:
    ordered = [item for item in BANK.items if item.stratum.endswith("-en") and item.target["senses"]]
    hit = 0
    for item in ordered:
        turned = re.sub(
            r"(^|\. )(Tighten|Replace|Connect|Check|Apply|Set|Lubricate)", r"\1Do not \2", item.reference
        )
        if turned != item.reference:
            hit += 1
            assert score(turned, item) <= 0.5, item.id
    assert hit > 50


def test_a_translation_into_the_wrong_language_scores_nothing() -> None:
    for item, other in zip(BANK.items, BANK.items[1:], strict=False):
        if item.stratum[-2:] != other.stratum[-2:]:
            assert score(other.reference, item) == 0.0


def test_every_reference_is_told_to_be_in_its_language() -> None:
    told = [spoken_in(item.reference) == item.target["language"] for item in BANK.items]
    assert sum(told) > 0.95 * len(told)


def test_a_glossary_lists_the_terms_of_the_passage_and_two_others() -> None:
    for item in BANK.items:
        listed = item.input.partition("):\n")[2].partition("\n\nPassage")[0].splitlines()
        assert len(listed) == len(item.target["terms"]) + 2
        source, passage = item.metadata["glossary"], item.input.partition("Passage:\n")[2].casefold()
        assert all(term.casefold() in passage for term in source), item.id
        used = {forms[0] for forms in item.target["terms"]}
        strangers = [line.partition(" = ")[2] for line in listed if line.partition(" = ")[2] not in used]
        assert len(strangers) == 2, item.id


def test_each_language_writes_its_own_numbers() -> None:
    by_direction = {item.stratum: item for item in registry.bank(CARD, seed=3, count=600).items}
    assert set(by_direction) == {"en-de", "en-fr", "en-es", "de-en", "fr-en", "es-en"}
    for item in registry.bank(CARD, seed=3, count=600).items:
        if item.stratum.endswith("-de"):
            assert not re.search(r"\d\.\d(?!\d\d)", item.reference), item.reference


@given(st.sampled_from(BANK.items), st.data())
def test_a_part_of_the_reference_never_scores_more_than_the_whole(item: Item, data: st.DataObject) -> None:
    end = data.draw(st.integers(0, len(item.reference)))
    assert 0.0 <= score(item.reference[:end], item) <= 1.0
