"""The bank of named entities: gold in the text, strata, and what rules reach on it."""

from __future__ import annotations

import json
import re
from collections import Counter
from statistics import fmean

import pytest

from whichmodel.domain import Answer, Item
from whichmodel.providers import rules
from whichmodel.registry import bank, find
from whichmodel.scoring import entities
from whichmodel.scoring.answer_schema import schema_of

CARD = find(["entities"])[0]
BANK = bank(CARD)
TYPES = CARD.options["types"]


def score(item: Item, answer: str) -> float:
    return entities.score(Answer(answer), item, CARD.options).score


def text_of(item: Item) -> str:
    return item.input.partition("<text>\n")[2].removesuffix("\n</text>")


def test_every_reference_scores_one() -> None:
    assert len(BANK.items) == CARD.count == 400
    assert {score(item, item.reference) for item in BANK.items} == {1.0}


@pytest.mark.parametrize("answer", ["", "I cannot help with that.", "There are none.", "null"])
def test_no_answer_scores_nothing(answer: str) -> None:
    assert {score(item, answer) for item in BANK.items} == {0.0}


def test_an_empty_list_is_right_where_there_is_nothing_alone() -> None:
    assert all(score(item, "[]") == float(not item.target) for item in BANK.items)
    assert 10 < sum(not item.target for item in BANK.items) < 40


def test_every_entity_stands_in_the_text_as_often_as_it_is_gold() -> None:
    for item in BANK.items:
        text, names = text_of(item), Counter(entity["text"] for entity in item.target)
        for name, times in names.items():
            assert len(re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", text)) >= times, (item.id, name)


def test_the_entities_stand_in_the_order_of_the_text_and_do_not_overlap() -> None:
    for item in BANK.items:
        rest = text_of(item)
        for entity in item.target:
            assert entity["text"] in rest, (item.id, entity)
            rest = rest.partition(entity["text"])[2]


def test_every_type_is_frequent_and_one_name_has_many_types() -> None:
    met = Counter(entity["type"] for item in BANK.items for entity in item.target)
    assert set(met) == set(TYPES)
    assert min(met.values()) > 150
    lincoln = {e["type"] for item in BANK.items for e in item.target if "Lincoln" in e["text"]}
    assert lincoln == {"person", "organisation", "place", "product"}


def test_each_entity_left_out_mistyped_or_miscut_costs_score() -> None:
    for item in BANK.items[::8]:
        for place, entity in enumerate(item.target):
            others = [*item.target[:place], *item.target[place + 1 :]]
            other = next(kind for kind in TYPES if kind != entity["type"])
            for wrong in ([], [{**entity, "type": other}], [{**entity, "text": entity["text"][2:]}]):
                assert score(item, json.dumps([*others, *wrong])) < 1


def test_other_words_for_the_types_are_taken() -> None:
    short = {"person": "PER", "organisation": "ORG", "place": "GPE", "amount": "MONEY"}
    for item in BANK.items[:60]:
        answer = [{"entity": e["text"], "label": short.get(e["type"], e["type"])} for e in item.target]
        assert score(item, json.dumps(answer)) == 1.0


def test_strata_are_balanced() -> None:
    sizes = Counter(item.stratum for item in BANK.items)
    assert len(sizes) == 6
    assert max(sizes.values()) - min(sizes.values()) <= 1


def test_no_gold_stands_in_a_prompt_and_no_slot_is_left_open() -> None:
    for item in BANK.items:
        assert item.reference not in item.input or item.reference == "[]"
        assert not re.search(r"\{\w+\}", text_of(item))


def test_rules_find_a_part_and_the_corpus_figure_is_another_than_the_mean() -> None:
    verdicts = [entities.score(Answer(rules.extract(i.input)), i, CARD.options) for i in BANK.items]
    mean, corpus = fmean(v.score for v in verdicts), entities.Counts.total(v.detail for v in verdicts).f1
    assert 0.55 < mean < 0.75
    assert mean < corpus < 0.85


def test_the_strict_schema_lists_the_types() -> None:
    schema = schema_of(CARD)
    assert schema is not None
    entity = schema["properties"]["entities"]["items"]
    assert entity["properties"]["type"]["enum"] == TYPES
    assert entity["required"] == ["text", "type"]
    wrapped = json.dumps({"entities": BANK.items[0].target})
    assert score(BANK.items[0], wrapped) == 1.0
