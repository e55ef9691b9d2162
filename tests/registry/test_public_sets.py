"""Public sets in the shape they have on the hub become items by a card alone, with no Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from registry.loopback_hub import Hub, Repo, hub, parquet
from registry.sets import card

from whichmodel.domain import Answer, Item, Json
from whichmodel.errors import TaskError
from whichmodel.registry import bank
from whichmodel.registry.steps import STEPS

At = Callable[[Hub], Path]
Rows = Sequence[Mapping[str, Any]]


def made(
    tmp_path: Path,
    at: At,
    dataset: str,
    rows: Rows,
    *,
    scorer: str = "choice",
    classes: Mapping[str, Sequence[str]] | None = None,
    info: Mapping[str, Any] | None = None,
) -> list[Item]:
    """The items of these rows, in their order; each reference earns the full score."""
    repo = Repo({"data/test-00000-of-00001.parquet": parquet(rows, classes)}, card=info or {})
    name = f"org/{tmp_path.name}"
    with hub({name: repo}) as server:
        at(server)
        found = bank(card(tmp_path / "tasks", dataset, repo=name, scorer=scorer))
    items = sorted(found.items, key=lambda item: item.id)
    score = import_module(f"whichmodel.scoring.{scorer}").score
    for item in items:
        assert score(Answer(item.reference), item, found.card.options).score == 1
    return items


def test_gsm8k_by_what_follows_the_mark(tmp_path: Path, at: At) -> None:
    dataset = """\
    values:
      final: {from: answer, steps: [{after: "####"}, {remove: ","}, strip]}
    item:
      input: |-
        {question}

        End with a line `#### <number>`.
      target: "{final}"
      reference: "{answer}"
    """
    rows = [{"question": "How many {braces}?", "answer": "3 #### 4\nso\n#### 1,234"}]
    [item] = made(tmp_path, at, dataset, rows, scorer="numeric")
    assert item.input == "How many {braces}?\n\nEnd with a line `#### <number>`."
    assert item.target == "1234"


def test_mmlu_by_letters_and_lettered_lines(tmp_path: Path, at: At) -> None:
    dataset = """\
    where: {subject: [anatomy, law]}
    values:
      options: {from: choices, steps: [lettered]}
      labels: {from: choices, steps: [letters]}
      gold: {from: answer, steps: [letter]}
    item:
      id: "{subject}-{row}"
      input: "{question}\\n\\n{options}\\n\\nAnswer with one letter."
      target: "{gold}"
      reference: "{gold}"
      stratum: "{subject}"
      metadata: {labels: "{labels}"}
    """
    rows = [
        {"question": "Which?", "subject": "anatomy", "choices": ["w", "x", "y", "z"], "answer": 3},
        {"question": "Why?", "subject": "art", "choices": ["w", "x", "y", "z"], "answer": 0},
        {"question": "Who?", "subject": "law", "choices": ["me", "you"], "answer": 0},
    ]
    one, two = made(tmp_path, at, dataset, rows, classes={"answer": ["A", "B", "C", "D"]})
    assert one.input == "Which?\n\nA. w\nB. x\nC. y\nD. z\n\nAnswer with one letter."
    assert (one.id, one.target, one.stratum) == ("anatomy-0", "D", "anatomy")
    assert (two.id, two.metadata) == ("law-2", {"labels": ["A", "B"]})


def test_arc_by_the_labels_that_it_brings(tmp_path: Path, at: At) -> None:
    dataset = """\
    values: {options: {from: choices.text, steps: [{lettered: choices.label}]}}
    item:
      id: "{id}"
      input: "{question}\\n{options}"
      target: "{answerKey}"
      reference: "{answerKey}"
      metadata: {labels: "{choices.label}"}
    """
    rows = [
        {"id": "M1", "question": "?", "choices": {"text": ["p", "q"], "label": ["1", "2"]}, "answerKey": "2"},
        {"id": "M2", "question": "!", "choices": {"text": ["p", "q"], "label": ["A", "B"]}, "answerKey": "A"},
    ]
    one, two = made(tmp_path, at, dataset, rows)
    assert one.input == "?\n1. p\n2. q"
    assert (two.target, two.metadata) == ("A", {"labels": ["A", "B"]})


def test_sst_2_and_boolq_by_the_names_of_classes(tmp_path: Path, at: At) -> None:
    dataset = """\
    values: {sentiment: {from: label, steps: [names]}}
    item:
      input: "{sentence}"
      target: "{sentiment}"
      reference: "{sentiment}"
      metadata: {labels: [negative, positive]}
    """
    rows = [{"sentence": "bad", "label": 0}, {"sentence": "good", "label": 1}]
    by_schema = made(tmp_path, at, dataset, rows, classes={"label": ["negative", "positive"]})
    assert [item.target for item in by_schema] == ["negative", "positive"]
    label = {"name": "label", "dtype": {"class_label": {"names": {"0": "negative", "1": "positive"}}}}
    by_card = made(tmp_path / "b", at, dataset, rows, info={"dataset_info": {"features": [label]}})
    assert by_card == by_schema
    given = """\
    values: {answer: {from: answer, steps: [{names: ["no", "yes"]}]}}
    item: {input: "{question}", target: "{answer}", reference: "{answer}", metadata: {labels: ["no", "yes"]}}
    """
    [truth] = made(tmp_path / "c", at, given, [{"question": "is it", "answer": True}])
    assert truth.target == "yes"


def test_wnut17_by_tokens_and_tags(tmp_path: Path, at: At) -> None:
    dataset = """\
    values:
      sentence: {from: tokens, steps: [join]}
      found: {from: ner_tags, steps: [names, {entities: tokens}]}
      answer: {from: found, steps: [json]}
    item:
      input: "List the entities of: {sentence}"
      target: "{found}"
      reference: "{answer}"
    """
    rows = [
        {"tokens": ["Ann", "Lee", "in", "Rome", "Oslo"], "ner_tags": [1, 2, 0, 3, 3]},
        {"tokens": ["nothing"], "ner_tags": [0]},
    ]
    names = ["O", "B-person", "I-person", "B-location"]
    one, two = made(tmp_path, at, dataset, rows, scorer="entities", classes={"ner_tags": names})
    assert one.input == "List the entities of: Ann Lee in Rome Oslo"
    assert one.target == [
        {"text": "Ann Lee", "type": "person"},
        {"text": "Rome", "type": "location"},
        {"text": "Oslo", "type": "location"},
    ]
    assert two.target == []


def shaped(tmp_path: Path, at: At, dataset: str, rows: Rows) -> list[Item]:
    """The items of these rows, unscored."""
    name = f"org/{tmp_path.name}"
    with hub({name: Repo({"test.parquet": parquet(rows)})}) as server:
        at(server)
        return sorted(bank(card(tmp_path / "tasks", dataset, repo=name)).items, key=lambda item: item.id)


def test_squad_by_parts_and_a_list_that_stays_a_list(tmp_path: Path, at: At) -> None:
    dataset = """\
    values: {accepted: {from: answers.text, steps: [unique]}}
    item:
      id: "{id}"
      input: "{context}\\n\\n{question}"
      target: "{accepted}"
      reference: "{answers.text.0}"
      cluster_id: "{title}"
    """
    answers = {"text": ["Rome", "in Rome", "Rome"], "answer_start": [1, 2, 1]}
    rows = [{"id": "x1", "title": "Italy", "context": "c", "question": "q", "answers": answers}]
    [item] = shaped(tmp_path, at, dataset, rows)
    assert item.target == ["Rome", "in Rome"]
    assert (item.reference, item.cluster_id) == ("Rome", "Italy")


def test_humaneval_and_mbpp_by_structured_targets(tmp_path: Path, at: At) -> None:
    human = """\
    values: {number: {from: task_id, steps: [{after: /}]}}
    item:
      id: "humaneval-{number}"
      input: "Complete:\\n{prompt}"
      target: {entry_point: "{entry_point}", check: "{test}"}
      reference: "```python\\n{prompt}{canonical_solution}```"
      metadata: {prompt: "{prompt}"}
    """
    test = "def check(candidate):\n    assert candidate({1: 2}) == {}\n"
    row = {"task_id": "HumanEval/7", "prompt": "def f(x):\n", "entry_point": "f", "test": test}
    [item] = shaped(tmp_path, at, human, [{**row, "canonical_solution": "    return {}\n"}])
    assert item.id == "humaneval-7"
    assert item.target == {"entry_point": "f", "check": test}
    assert item.reference == "```python\ndef f(x):\n    return {}\n```"
    mbpp = """\
    values: {shown: {from: test_list, steps: [{join: "\\n"}]}}
    item:
      input: "{text}\\n{shown}"
      target: {asserts: "{test_list}", setup: "{test_setup_code}", weight: 1}
    """
    asserts = ["assert f(1) == 2", "assert f(2) == 3"]
    [item] = shaped(tmp_path / "b", at, mbpp, [{"text": "Add.", "test_list": asserts, "test_setup_code": ""}])
    assert item.input == "Add.\nassert f(1) == 2\nassert f(2) == 3"
    assert item.target == {"asserts": asserts, "setup": "", "weight": 1}


def test_math_500_and_drop(tmp_path: Path, at: At) -> None:
    math = """\
    item:
      id: "{unique_id}"
      input: "{problem}\\nPut the answer into \\\\boxed{{}}."
      target: "{answer}"
      reference: "\\\\boxed{{{answer}}}"
      stratum: "level {level}"
    """
    row = {"unique_id": "a/1.json", "problem": "$\\frac{1}{2}$?", "answer": "\\frac{1}{2}", "level": 2}
    [item] = shaped(tmp_path, at, math, [row])
    assert item.input == "$\\frac{1}{2}$?\nPut the answer into \\boxed{}."
    assert (item.reference, item.stratum) == ("\\boxed{\\frac{1}{2}}", "level 2")
    drop = 'item: {input: "{passage}", target: "{answers_spans.spans}"}'
    [item] = shaped(tmp_path / "b", at, drop, [{"passage": "p", "answers_spans": {"spans": ["a", "b"]}}])
    assert item.target == ["a", "b"]


@pytest.mark.parametrize(
    ("dataset", "says"),
    [
        (
            'item: {input: "{qestion}", target: x}',
            r"`input`: there is no column `qestion`; nearest: question",
        ),
        (
            'values: {v: {from: number}}\nitem: {input: "{v} {map.a} {numbr}", target: x}',
            r"no column `numbr`; nearest: number",
        ),
        ('item: {input: "{list}", target: x}', r"`list` is a list or an object; make text of it by `join`"),
        ('item: {input: "{none}", target: x}', r"`none` is empty"),
        ('item: {input: "{map.b}", target: x}', r"`map\.b` has no part `b`"),
        (
            'values: {v: {from: question, steps: [{after: "####"}]}}\nitem: {input: q, target: "{v}"}',
            r"`v`: the text 'q' holds no '####'",
        ),
        (
            "values: {v: {from: number, steps: [names]}}\nitem: {input: q, target: x}",
            r"does not name this column's classes",
        ),
        (
            "values: {v: {from: number, steps: [{names: [a]}]}}\nitem: {input: q, target: x}",
            r"7 is no position among 1",
        ),
        ("where: {nmber: 1}\nitem: {input: q, target: x}", r"no column `nmber`; nearest: number"),
        ("where: {number: 1}\nitem: {input: q, target: x}", r"No row is as `where` asks"),
    ],
)
def test_a_mapping_that_does_not_fit_names_the_row_and_the_key(
    tmp_path: Path, at: At, dataset: str, says: str
) -> None:
    row = {"question": "q", "list": ["a"], "none": None, "map": {"a": 1}, "number": 7}
    with pytest.raises(TaskError, match=says):
        shaped(tmp_path, at, dataset, [row])


class Cells:
    """A row with these cells."""

    def __init__(self, **cells: Json) -> None:
        self.cells = cells

    def look(self, path: str) -> Json:
        return self.cells[path]

    def class_names(self) -> Sequence[str]:
        return ("no", "yes")


@pytest.mark.parametrize(
    ("step", "value", "argument", "gives"),
    [
        ("after", "a=b=c", "=", "c"),
        ("before", "a=b=c", "=", "a"),
        ("entities", ["I-x", "I-x", "B-x", "I-y"], "tokens", [("a b", "x"), ("c", "x"), ("d", "y")]),
        ("join", ["a", 1], ", ", "a, 1"),
        ("json", {"ä": 1}, None, '{"ä": 1}'),
        ("letter", "2", None, "C"),
        ("lettered", ["p", "q"], None, "A. p\nB. q"),
        ("letters", ["p", "q"], None, ["A", "B"]),
        ("lower", "AbC", None, "abc"),
        ("names", [1, 0], None, ["yes", "no"]),
        ("parse", '{"a": [1]}', None, {"a": [1]}),
        ("position", "b", "tokens", 1),
        ("remove", "1,234,567", ",", "1234567"),
        ("split", "a\nb", None, ["a", "b"]),
        ("strip", " a\n", None, "a"),
        ("unique", ["a", "b", "a"], None, ["a", "b"]),
    ],
)
def test_each_step(step: str, value: Json, argument: Json, gives: Json) -> None:
    found = STEPS[step](value, argument, Cells(tokens=["a", "b", "c", "d"]))
    if step == "entities":
        found = [(part["text"], part["type"]) for part in found]
    assert found == gives


def test_every_step_is_tried_above() -> None:
    tried = {mark.args[1][n][0] for mark in test_each_step.pytestmark for n in range(len(mark.args[1]))}  # type: ignore[attr-defined]
    assert tried == set(STEPS)
