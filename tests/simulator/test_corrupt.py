"""A corruption is wrong, plausible, and in the format that was asked for."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whichmodel.domain import Item, TaskCard
from whichmodel.simulator import corrupt
from whichmodel.simulator.answers import Question
from whichmodel.simulator.corrupt import CORRUPTIONS, program, scalar

SEEDS = st.integers(min_value=0, max_value=10_000)
LEAVES = st.one_of(
    st.text(min_size=1), st.integers(), st.booleans(), st.none(), st.decimals(0, 9999, places=2).map(float)
)
OBJECTS = st.dictionaries(
    st.text(min_size=1),
    st.one_of(LEAVES, st.lists(st.dictionaries(st.text(min_size=1), LEAVES, min_size=1), max_size=4)),
    min_size=1,
)
FUNCTION = '''def last_even(numbers: list[int]) -> int | None:
    """The last even number."""
    for place in range(len(numbers) - 1, -1, -1):  # from behind
        if numbers[place] % 2 == 0:
            return numbers[place]
    return None'''


def question(
    scorer: str,
    reference: str,
    *,
    metadata: dict[str, Any] | None = None,
    options: dict[str, Any] | None = None,
    others: tuple[str, ...] = (),
) -> Question:
    card = TaskCard(
        name="some",
        category="reasoning",
        title="",
        description="",
        version="1",
        licence="",
        source="",
        metric="",
        scorer=scorer,
        folder=Path(),
        options=options or {},
    )
    item = Item(id="i", input="?", target=None, reference=reference, metadata=metadata or {})
    return Question(card, item, others)


@given(st.sampled_from([*sorted(CORRUPTIONS), "a foreign one"]), st.text(min_size=1), SEEDS)
def test_whatever_the_reference_the_answer_differs_from_it(scorer: str, text: str, seed: int) -> None:
    if scorer in {"fields", "entities"}:
        text = json.dumps({"a": text})
    if scorer in {"code", "tests"}:
        text = f"value = {text!r}"
    asked = question(scorer, text, others=("another", "a third"))
    assert corrupt.wrong(asked, Random(seed)).strip() != text.strip()


@given(SEEDS)
def test_the_same_chance_makes_the_same_error(seed: int) -> None:
    asked = question("summary", "Ada met Bob on 3 May. They chose plan 7. Carl was not there.")
    assert corrupt.wrong(asked, Random(seed)) == corrupt.wrong(asked, Random(seed))


@given(OBJECTS, SEEDS)
def test_a_misread_record_is_json_of_another_value(value: dict[str, Any], seed: int) -> None:
    asked = question("fields", json.dumps(value))
    answer = corrupt.wrong(asked, Random(seed))
    assert json.loads(answer) != value


def test_a_record_keeps_its_fence_and_its_keys() -> None:
    value = {"total": 12.5, "lines": [{"name": "bolt", "count": 3}, {"name": "nut", "count": 4}]}
    asked = question("fields", f"```json\n{json.dumps(value, indent=2)}\n```")
    for seed in range(50):
        answer = corrupt.wrong(asked, Random(seed))
        assert answer.startswith("```json\n{\n  ")
        assert answer.endswith("}\n```")
        read = json.loads(answer.removeprefix("```json").removesuffix("```"))
        assert set(read) == set(value)


@given(SEEDS)
def test_a_mutated_program_compiles_and_is_another_program(seed: int) -> None:
    asked = question("code", f"Here it is:\n\n```python\n{FUNCTION}\n```\n")
    answer = corrupt.wrong(asked, Random(seed))
    found = program.FENCE.search(answer)
    assert found is not None
    assert answer.startswith("Here it is:")
    tree = ast.parse(found.group(1))
    compile(tree, "answer", "exec")
    assert ast.dump(tree) != ast.dump(ast.parse(FUNCTION))


def test_a_body_without_its_head_becomes_a_description() -> None:
    answer = corrupt.wrong(question("tests", "    return numbers[0]\n"), Random(0))
    assert "would go through its input" in answer


def test_several_kinds_of_slip_are_made() -> None:
    asked = question("code", FUNCTION)
    assert len({corrupt.wrong(asked, Random(seed)) for seed in range(60)}) >= 5


def test_a_query_in_a_program_slips_word_by_word() -> None:
    query = "SELECT name FROM sales WHERE total >= 3 AND paid IS NULL ORDER BY total DESC"
    asked = question("code", f"def run(database):\n    return database.execute({query!r}).fetchall()")
    answers = [corrupt.wrong(asked, Random(seed)) for seed in range(60)]
    slipped = {
        piece for answer in answers for piece in ("> 3", "OR paid", "IS NOT NULL", "ASC") if piece in answer
    }
    assert slipped == {"> 3", "OR paid", "IS NOT NULL", "ASC"}
    assert all(query not in answer or "fetchall" not in answer for answer in answers)


@given(st.integers(-10_000, 10_000), SEEDS)
def test_a_wrong_number_stands_on_the_answer_line_and_is_near(number: int, seed: int) -> None:
    asked = question("numeric", f"First 3, then 5.\nANSWER: {number}")
    head, _, line = corrupt.wrong(asked, Random(seed)).partition("\n")
    assert head == "First 3, then 5."
    given_number = int(line.removeprefix("ANSWER: "))
    assert given_number != number
    assert len(str(abs(given_number))) == len(str(abs(number)))


def test_a_phrase_gets_another_of_its_words_and_a_word_gives_way_to_one_of_its_stratum() -> None:
    liars = question("verifier", "ANSWER: Ann is a saint, and Bob is a sinner.")
    answers = {corrupt.wrong(liars, Random(seed)) for seed in range(20)}
    assert answers == {
        "ANSWER: Ann is a sinner, and Bob is a sinner.",
        "ANSWER: Ann is a saint, and Bob is a saint.",
    }
    day = question("verifier", "ANSWER: Monday", others=("ANSWER: Monday", "ANSWER: Friday"))
    assert corrupt.wrong(day, Random(0)) == "ANSWER: Friday"


def test_a_number_behind_hashes_loses_them_in_an_untidy_answer() -> None:
    assert corrupt.untidy("numeric", "2 + 3 = 5\n#### 5", Random(0)) == "2 + 3 = 5\nSo it comes to 5"


@pytest.mark.parametrize("place", ["options", "metadata"])
def test_a_wrong_label_is_one_of_the_others(place: str) -> None:
    labels = {"labels": ["card lost", "card", "refund"]}
    asked = question(
        "choice",
        '{"label": "card lost"}',
        options=labels if place == "options" else None,
        metadata=labels if place == "metadata" else None,
    )
    answers = {corrupt.wrong(asked, Random(seed)) for seed in range(20)}
    assert answers == {'{"label": "card"}', '{"label": "refund"}'}


@pytest.mark.parametrize("choices", [["x", "y", "z"], {"A": "x", "B": "y", "C": "z"}])
def test_a_wrong_option_is_another_letter(choices: Any) -> None:
    asked = question("choice", "Answer: B", metadata={"choices": choices})
    assert {corrupt.wrong(asked, Random(seed)) for seed in range(20)} == {"Answer: A", "Answer: C"}


def test_a_translation_loses_its_glossary_or_its_facts() -> None:
    asked = question(
        "translation", "Die Mutter M8 wird mit 20 Nm angezogen.", metadata={"glossary": {"nut": "Mutter"}}
    )
    answers = {corrupt.wrong(asked, Random(seed)) for seed in range(60)}
    assert "Die nut M8 wird mit 20 Nm angezogen." in answers
    assert any("Mutter M8" in answer and "20" not in answer for answer in answers)


def test_a_summary_loses_a_sentence_but_not_all() -> None:
    text = "Ada met Bob on 3 May. They chose plan 7. Carl was not there."
    for seed in range(50):
        answer = corrupt.wrong(question("summary", text), Random(seed))
        assert 0 < len(answer) < len(text)


@given(st.from_regex(r"-?[0-9]{1,6}([.,][0-9]{1,3})?", fullmatch=True), SEEDS)
def test_a_misread_number_has_one_other_digit(number: str, seed: int) -> None:
    read = scalar.number(number, Random(seed))
    assert len(read) == len(number)
    assert sum(a != b for a, b in zip(read, number, strict=True)) == 1


@pytest.mark.parametrize("scorer", [*sorted(CORRUPTIONS)])
def test_an_untidy_answer_is_not_in_the_format_of_the_reference(scorer: str) -> None:
    references = {"fields": '{"a": 1}', "entities": '[{"text": "x", "type": "y"}]', "code": FUNCTION}
    reference = references.get(scorer, "ANSWER: 12")
    for seed in range(10):
        assert corrupt.untidy(scorer, reference, Random(seed)) != reference
    if scorer in references and scorer != "code":
        with pytest.raises(json.JSONDecodeError):
            json.loads(corrupt.untidy(scorer, reference, Random(0)))


def test_wrong_entities_are_missed_mistyped_miscut_or_named_twice() -> None:
    named = [{"text": "Ada Fox", "type": "person"}, {"text": "Acme", "type": "product"}]
    asked = question("entities", json.dumps(named), options={"types": ["person", "product", "place"]})
    answers = [json.loads(corrupt.wrong(asked, Random(seed))) for seed in range(80)]
    assert named not in answers
    assert all(set(entity) == {"text", "type"} for answer in answers for entity in answer)
    assert {len(answer) for answer in answers} >= {1, 2, 3}
    assert {entity["type"] for answer in answers for entity in answer} == {"person", "product", "place"}
    assert {entity["text"] for answer in answers for entity in answer} == {"Ada Fox", "Ada", "Fox", "Acme"}
