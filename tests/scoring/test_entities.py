"""Entities are compared by exact span and type, as WNUT17's own figures show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Answer, Item
from whichmodel.scoring import entities

GOLD = [{"text": "Sonmarg", "type": "location"}, {"text": "New York", "type": "location"}]
ITEM = Item(id="e-1", input="...", target=GOLD, reference=json.dumps(GOLD))
NOTHING = Item(id="e-2", input="...", target=[])

PUBLISHED = {
    "uh_ritual": 41.86,
    "spinningbytes": 40.78,
    "sjtu_adapt": 40.42,
    "arcada": 39.98,
    "flytxt": 38.35,
    "mic-cis": 37.06,
    "drexel_cci": 26.30,
}


def read_tags(file: Path) -> list[list[str]]:
    """The last column of a CoNLL file, a list of tags for each sentence."""
    sentences: list[list[str]] = [[]]
    for line in file.read_text(encoding="utf-8").splitlines():
        cells = line.split()
        if cells:
            sentences[-1].append(cells[-1])
        elif sentences[-1]:
            sentences.append([])
    return [sentence for sentence in sentences if sentence]


@pytest.mark.parametrize("system", PUBLISHED)
def test_f1_of_the_shared_task_is_the_published_one(real_data: Path, system: str) -> None:
    gold = read_tags(real_data / "wnut17" / "emerging.test.annotated")
    predicted = read_tags(real_data / "wnut17" / f"submission_{system}.conll")
    assert len(gold) == 1287
    assert round(100 * entities.corpus(gold, predicted).f1, 2) == PUBLISHED[system]


def test_unequal_sentences_are_an_error() -> None:
    with pytest.raises(ValueError, match="sentence 0 has 2 gold tags but 1"):
        entities.corpus([["O", "O"]], [["O"]])


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["O", "B-a", "I-a", "O"], [(1, 3, "a")]),
        (["B-a", "B-a"], [(0, 1, "a"), (1, 2, "a")]),
        (["I-a", "I-b"], [(0, 1, "a"), (1, 2, "b")]),
        (["B-creative-work", "I-creative-work"], [(0, 2, "creative-work")]),
        ([], []),
    ],
)
def test_bio_tags_become_spans(tags: list[str], expected: list[entities.Span]) -> None:
    assert entities.spans(tags) == expected


@pytest.mark.parametrize(
    "text",
    [
        ITEM.reference,
        f"<think>[1]</think>Here they are:\n```json\n{ITEM.reference}\n```\nDone.",
        '{"location": ["new york", "Sonmarg"]}',
        json.dumps({"entities": GOLD}),
    ],
)
def test_the_gold_scores_one_in_each_accepted_form(text: str) -> None:
    verdict = entities.score(Answer(text), ITEM, {})
    assert (verdict.score, verdict.parsed) == (1.0, True)


@pytest.mark.parametrize(
    ("text", "score", "parsed"),
    [
        ("", 0.0, False),
        ("I cannot help with that.", 0.0, False),
        ("[]", 0.0, True),
        ('[{"text": "Sonmarg", "type": "person"}]', 0.0, True),
        ('[{"text": "Sonmarg", "type": "location"}]', 2 / 3, True),
        ('[{"text": "York", "type": "location"}, {"text": "Sonmarg", "type": "location"}]', 0.5, True),
    ],
)
def test_what_is_missed_or_wrong_costs_f1(text: str, score: float, parsed: bool) -> None:
    verdict = entities.score(Answer(text), ITEM, {})
    assert verdict.score == pytest.approx(score)
    assert verdict.parsed is parsed


def test_a_mention_named_twice_is_wrong_once() -> None:
    twice = json.dumps([GOLD[0], GOLD[0], GOLD[1]])
    verdict = entities.score(Answer(twice), ITEM, {})
    assert verdict.score == pytest.approx(4 / 5)
    assert verdict.detail["wrong"] == [["sonmarg", "location"]]


def test_nothing_to_find_and_nothing_found_is_right() -> None:
    assert entities.score(Answer("[]"), NOTHING, {}).score == 1.0
    assert entities.score(Answer(ITEM.reference), NOTHING, {}).score == 0.0


@given(
    st.text()
    | st.recursive(st.text() | st.integers(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)).map(
        json.dumps
    )
)
def test_any_answer_has_one_score_between_0_and_1(text: str) -> None:
    first = entities.score(Answer(text), ITEM, {})
    assert 0.0 <= first.score <= 1.0
    assert first == entities.score(Answer(text), ITEM, {})
