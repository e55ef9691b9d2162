"""Entities are compared by exact span and type, as WNUT17's own figures show."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Answer, Item
from whichmodel.errors import ScoringFailed
from whichmodel.scoring import entities
from whichmodel.scoring.entity_tags import Span, spans, tagged

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


def read_tags(file: Path, column: int = -1) -> list[list[str]]:
    """A column of a CoNLL file, by default its tags: a list for each sentence."""
    sentences: list[list[str]] = [[]]
    for line in file.read_text(encoding="utf-8").splitlines():
        cells = line.split()
        if cells:
            sentences[-1].append(cells[column])
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


@pytest.mark.parametrize("system", ["uh_ritual", "drexel_cci"])
@pytest.mark.parametrize("form", ["list", "tags", "lines"])
def test_the_details_of_single_answers_add_up_to_nearly_the_published_figure(
    real_data: Path, system: str, form: str
) -> None:
    """Never less, and hardly more: a text that stands twice in a sentence may be found at the other place,
    and a full stop or a quote too many is forgiven."""
    folder = real_data / "wnut17"
    words = read_tags(folder / "emerging.test.annotated", 0)
    gold = read_tags(folder / "emerging.test.annotated")
    predicted = read_tags(folder / f"submission_{system}.conll")
    details = []
    for tokens, right, given_tags in zip(words, gold, predicted, strict=True):
        target = [{"text": text, "type": kind} for text, kind in tagged(tokens, right)]
        item = Item("i", "", target, metadata={"tokens": tokens})
        answers = {
            "list": json.dumps([{"text": text, "type": kind} for text, kind in tagged(tokens, given_tags)]),
            "tags": json.dumps(given_tags),
            "lines": "\n".join(f"{token}\t{tag}" for token, tag in zip(tokens, given_tags, strict=True)),
        }
        details.append(entities.score(Answer(answers[form]), item, {}).detail)
    counts = entities.Counts.total(details)
    assert counts.gold == 1079
    assert -0.005 <= 100 * counts.f1 - PUBLISHED[system] < 0.25


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["O", "B-a", "I-a", "O"], [(1, 3, "a")]),
        (["B-a", "B-a"], [(0, 1, "a"), (1, 2, "a")]),
        (["I-a", "I-b"], [(0, 1, "a"), (1, 2, "b")]),
        (["B-creative-work", "I-creative-work"], [(0, 2, "creative-work")]),
        (["B-a", "E-a", "S-a", "O"], [(0, 2, "a"), (2, 3, "a")]),
        (["B-a", "I-a", "L-a", "U-b"], [(0, 3, "a"), (3, 4, "b")]),
        (["L-a", "E-b", "I-b"], [(0, 1, "a"), (1, 2, "b"), (2, 3, "b")]),
        (["a", "a", "O", "b"], [(0, 2, "a"), (3, 4, "b")]),
        (["B_a", "I_a"], [(0, 2, "a")]),
        ([], []),
    ],
)
def test_tags_of_each_scheme_become_spans(tags: list[str], expected: list[Span]) -> None:
    assert spans(tags) == expected


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


TYPED = {"types": ["location", "person"], "aliases": {"location": ["LOC", "GPE"]}}
SEEN = Item(
    id="e-3",
    input="Tag this.\n<text>\nSonmarg is not New York.\n</text>",
    target=GOLD,
    metadata={"tokens": ["Sonmarg", "is", "not", "New", "York", "."]},
)


@pytest.mark.parametrize(
    ("text", "form", "parsed"),
    [
        ('[{"entity": "Sonmarg", "label": "LOC"}, {"entity": "New York", "label": "GPE"}]', "list", True),
        ('[{"entity_group": "LOC", "word": "Sonmarg"}, {"entity": "LOC", "word": "New York"}]', "list", True),
        (
            '{"result": [{"Text": "Sonmarg", "Type": "loc"}, {"Text": "New York", "Type": "loc"}]}',
            "list",
            True,
        ),
        ('[["Sonmarg", "LOC"], ["New York", "LOC"]]', "pairs", True),
        ('[["LOC", "Sonmarg"], ["LOC", "New York"]]', "pairs", True),
        ('{"LOC": ["Sonmarg", "New York"], "person": null}', "by type", True),
        ('{"LOC": [{"text": "Sonmarg"}], "GPE": "New York"}', "by type", True),
        ('{"entities": {"Location": ["Sonmarg", "New York"]}}', "by type", True),
        (
            '[{"start": 0, "end": 7, "label": "LOC"}, {"start": 15, "end": 23, "label": "LOC"}]',
            "offsets",
            True,
        ),
        ('{"entities": [[0, 7, "LOC"], [15, 23, "LOC"]]}', "offsets", True),
        ('["B-LOC", "O", "O", "B-LOC", "I-LOC", "O"]', "tags", True),
        ("Sonmarg B-LOC\nis O\nnot O\nNew B-LOC\nYork E-LOC\n. O", "lines", False),
        ("Sonmarg NNP U-LOC\nis VB O\n\nNew NNP B-LOC\nYork NNP L-LOC", "lines", False),
        ("<LOC>Sonmarg</LOC> is <b>not</b> <GPE>New York</GPE>.", "markup", False),
        ('<entity type="location">Sonmarg</entity> or <e label="loc">New York</e>', "markup", False),
        ("[{'text': 'Sonmarg', 'type': 'LOC'}, {'text': 'New York', 'type': 'LOC'}]", "list", False),
        ('[{"text": "Sonmarg", "type": "LOC"}, {"text": "New York", "type": "LOC"}', "list", False),
    ],
)
def test_other_forms_of_the_gold_score_one_and_say_their_name(text: str, form: str, parsed: bool) -> None:
    verdict = entities.score(Answer(text), SEEN, TYPED)
    assert (verdict.score, verdict.detail["form"], verdict.parsed) == (1.0, form, parsed), verdict.detail


@pytest.mark.parametrize(
    "text",
    [
        '{"error": ["no entities"]}',
        '{"answer": "Sonmarg"}',
        '[{"start": 0, "end": 700, "label": "LOC"}]',
        '[["a", 1], ["b", 2]]',
        "[1, 2]",
        "<p>Sonmarg</p>",
        "Go\nO",
    ],
)
def test_what_names_no_entity_is_unparsed_where_the_types_are_known(text: str) -> None:
    verdict = entities.score(Answer(text), SEEN, TYPED)
    assert (verdict.score, verdict.parsed, verdict.detail["gold"]) == (0.0, False, 2)


def test_an_entry_that_is_no_entity_is_a_wrong_one() -> None:
    text = json.dumps([*GOLD, {"text": "it"}])
    assert entities.score(Answer(text), ITEM, {}).score == pytest.approx(4 / 5)


def test_case_quotes_and_full_stops_do_not_count_and_neither_do_separators_in_types() -> None:
    gold = [{"text": "The O’Neill Co.", "type": "creative-work"}]
    answer = '[{"text": "the o\'neill  co", "type": "Creative Work"}]'
    assert entities.score(Answer(answer), Item("i", "", gold), {}).score == 1.0


def test_the_usual_short_words_for_types_need_no_alias() -> None:
    item = Item("i", "", [{"text": "Ada", "type": "PER"}, {"text": "Acme", "type": "organization"}])
    answer = '[{"text": "Ada", "type": "person"}, {"text": "Acme", "type": "ORG"}]'
    assert entities.score(Answer(answer), item, {}).score == 1.0


def test_without_a_fallback_what_is_no_json_scores_nothing() -> None:
    strict = {**TYPED, "fallback": "none"}
    marked = "<LOC>Sonmarg</LOC> is not <GPE>New York</GPE>."
    assert entities.score(Answer(marked), SEEN, TYPED).score == 1.0
    assert entities.score(Answer(marked), SEEN, strict).score == 0.0
    assert entities.score(Answer(ITEM.reference), SEEN, strict).score == 1.0


def test_counts_are_kept_by_type() -> None:
    answer = '[{"text": "Sonmarg", "type": "location"}, {"text": "York", "type": "person"}]'
    verdict = entities.score(Answer(answer), ITEM, {})
    assert verdict.detail["by_type"] == {"location": [1, 1, 2], "person": [0, 1, 0]}


def test_a_target_that_is_no_list_of_entities_is_no_verdict() -> None:
    with pytest.raises(ScoringFailed, match="no list of entities"):
        entities.score(Answer("[]"), Item("i", "", [{"text": "Sonmarg"}]), {})


@pytest.mark.parametrize(
    "target",
    [
        {"location": ["Sonmarg", "New York"]},
        [{"start": 0, "end": 7, "label": "location"}, {"start": 15, "end": 23, "label": "location"}],
        ["U-LOC", "O", "O", "B-LOC", "L-LOC", "O"],
        [["Sonmarg", "location"], ["New York", "location"]],
    ],
)
def test_a_target_may_have_another_form_too(target: object) -> None:
    item = Item("i", SEEN.input, target, metadata=SEEN.metadata)
    assert entities.score(Answer(ITEM.reference), item, TYPED).score == 1.0


@pytest.mark.parametrize(
    "text", ["<LOC>" * 40_000, "[" * 200_000, "\n" * 200_000 + "x B-LOC", "{'a':" * 40_000]
)
def test_hostile_answers_cost_little(text: str) -> None:
    started = time.process_time()
    assert 0 <= entities.score(Answer(text), SEEN, TYPED).score < 1
    assert time.process_time() - started < 2


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
