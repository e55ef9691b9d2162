"""A bank that is fit to measure with holds; each way to be unfit is found and names its items."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from registry.sets import HEAD

from whichmodel.domain import Item, TaskCard
from whichmodel.registry import find
from whichmodel.registry.cards import read_card
from whichmodel.validate import Report, validate
from whichmodel.validate.prompts import leaks_in, near_copies

Row = dict[str, Any]
LABELS = "options: {labels: [red, green, blue]}\n"


def card(tmp_path: Path, rows: list[Row], *, scorer: str = "choice", more: str = LABELS) -> TaskCard:
    folder = tmp_path / "classification" / "mine"
    folder.mkdir(parents=True, exist_ok=True)
    head = HEAD.format(name="mine", category="classification", scorer=scorer, count=400, repo="o/r")
    text = head.replace("items: hf://o/r\ndataset:\n", "items: items.jsonl\n") + more
    (folder / "task.yaml").write_text(text)
    (folder / "items.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return read_card(folder)


def row(number: int, **fields: Any) -> Row:
    colour = ("red", "green", "blue")[number % 3]
    return {"id": f"i{number}", "input": f"Which colour has thing {number}?", "target": colour, **fields}


def checked(tmp_path: Path, rows: list[Row], **more: str) -> Report:
    return validate(card(tmp_path, rows, **more), watch=lambda done, total: None)


def only(report: Report) -> tuple[str, str, tuple[str, ...]]:
    """The one finding that fails."""
    [found] = [finding for finding in report.findings if finding.fails]
    return found.check, found.text, found.items


def test_a_sound_bank_holds_and_is_counted(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    rows = [row(n, stratum="ab"[n % 2]) for n in range(9)]
    report = validate(card(tmp_path, rows), watch=lambda done, total: told.append((done, total)))
    assert not report.failed
    assert report.findings == ()
    assert (report.items, report.references, report.strata) == (9, 9, {"a": 5, "b": 4})
    assert report.wrong >= 9 * 3
    assert report.near == 8
    assert told[-1] == (9 + report.wrong, 9 + report.wrong)


def test_a_reference_that_does_not_score_1_is_named_with_the_scorer_s_words(tmp_path: Path) -> None:
    check, text, items = only(checked(tmp_path, [row(0), row(1, reference="red"), row(2)]))
    assert (check, items) == ("reference", ("i1",))
    assert text == "The right answer scores 0.000, not 1: red is not green"


def test_an_item_that_its_scorer_cannot_read_is_named(tmp_path: Path) -> None:
    check, text, items = only(checked(tmp_path, [row(0), row(1, target="purple"), row(2)]))
    assert (check, items) == ("scoring", ("i1",))
    assert "The target 'purple' is not among the labels" in text
    numeric = checked(
        tmp_path, [row(0, target="many", reference="#### 1"), row(1, target=3)], scorer="numeric", more=""
    )
    assert only(numeric)[2] == ("i0",)


def test_an_error_of_the_scorer_itself_is_the_item_s_and_not_the_program_s(tmp_path: Path) -> None:
    rows = [row(0), row(1, target={"purpose": "none"}, reference="x"), row(2, target=None, reference="x")]
    check, text, items = only(checked(tmp_path, rows, scorer="summary", more=""))
    assert (check, items[-2:]) == ("scoring", ("i1", "i2"))
    assert "An item cannot be scored: " in text


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (
            '{"id": "a", "input": "x", "target": "red"}\n{"id": "a", "input": "y", "target": "red"}\n',
            "stands twice",
        ),
        (
            '{"id": "a", "input": "x", "target": "red"}\n{"id": "b", "input": \n',
            "items.jsonl:2: This line is not",
        ),
        (
            '{"id": "a", "input": "x", "target": "red"}\n{"id": "b"}\n',
            "items.jsonl:2: This line is not an item",
        ),
        ('{"id": 3, "input": "x", "target": "red"}\n', "items.jsonl:1: This line is not an item: `id` is"),
        ("", "has no items"),
    ],
)
def test_a_bank_that_cannot_be_read_is_a_finding(tmp_path: Path, lines: str, says: str) -> None:
    made = card(tmp_path, [])
    (made.folder / "items.jsonl").write_text(lines)
    check, text, _ = only(validate(made, watch=lambda done, total: None))
    assert check == "bank"
    assert says in text


def test_the_same_prompt_twice_and_an_empty_one_are_found(tmp_path: Path) -> None:
    report = checked(tmp_path, [row(0), row(1), row(2, input="Which colour has thing 1?"), row(3, input=" ")])
    found = {finding.text: finding.items for finding in report.findings if finding.check == "prompts"}
    assert found == {
        "The prompt is empty.": ("i3",),
        "1 prompts stand more than once; i2 repeats i1.": ("i2",),
    }


def test_corrupted_answers_that_pass_are_too_many_or_a_note(tmp_path: Path) -> None:
    blind = [row(n, target=[], reference="[]") for n in range(3)]
    report = checked(tmp_path, blind, scorer="entities", more="")
    assert not any(finding.check == "wrong answer" for finding in report.findings)
    short = [{"id": "s", "input": "say", "target": "yes", "reference": "yes"}]
    assert not checked(tmp_path, short, more="options: {labels: [yes]}\n".replace("yes", "'yes'")).failed


def test_a_card_of_an_unknown_scorer_and_one_that_a_model_judges(tmp_path: Path) -> None:
    assert only(checked(tmp_path, [row(0)], scorer="chioce"))[0] == "scoring"
    judged = checked(tmp_path, [row(0)], more=LABELS + "judged: true\n")
    assert not judged.failed
    assert [finding.text for finding in judged.findings] == [
        "Not scored: a model judges these answers, and none is asked here."
    ]


def test_pictures_are_drawn_and_looked_at_by_the_simulated_panel() -> None:
    [composition] = [each for each in find(["image-prompt"]) if each.name == "composition"]
    report = validate(replace(composition, count=24), sample=10, watch=lambda done, total: None)
    assert not report.failed, report.findings
    assert (report.items, report.references, report.wrong) == (24, 24, 2 * 24 + 10)


@pytest.mark.parametrize(
    ("scorer", "prompt", "target", "reference", "leaks"),
    [
        ("choice", "Labels: red, green.\nThe sky is red.", "red", "red", False),
        ("choice", "What is it?\nAnswer: red", "red", "red", True),
        ("choice", "What is it?\nLabel = 'Red'.", "red", "red", True),
        ("choice", "Sky?\nAnswer: blue\nRose?\nAnswer: red\nBlood?\nAnswer:", "red", "red", False),
        ("code", "Write f.\nOutput:\n  a number", {}, "```python\ndef f():\n    return 1\n```", False),
        ("exact", "Rome is the capital of Italy. Which city?", "Rome", "Rome", False),
        ("exact", "Which city?\n**Correct answer:** Rome", ["Rome", "Roma"], "Rome", True),
        ("numeric", "How much is 3 + 4? End with #### <number>.", "7", "It is 7.\n#### 7", False),
        ("numeric", "How much is 3 + 4?\n#### 7", "7", "It is 7.\n#### 7", True),
        ("fields", "Total: 12.50\nNumber: A1", {"total": "12.50"}, '{"total": "12.50"}', False),
        (
            "fields",
            'Read it.\n{"total": "12.50", "number": "A1", "customer": "Weiss"}',
            {"total": "12.50", "number": "A1", "customer": "Weiss"},
            '{"total": "12.50", "number": "A1",\n "customer": "Weiss"}',
            True,
        ),
        (
            "code",
            "Write f.\n>>> f(1)\n2",
            {},
            "```python\ndef f(x):\n    return x + 1  # one more than x\n```",
            False,
        ),
        (
            "code",
            "Mend f.\ndef f(x):\n        return x + 1  # one more than x",
            {},
            "```python\ndef f(x):\n    return x + 1  # one more than x\n```",
            False,
        ),
        (
            "code",
            "Write f.\ndef f(x):\n    return x + 1  # one more than x",
            {},
            "```python\ndef f(x):\n    return x + 1  # one more than x\n```",
            True,
        ),
    ],
)
def test_a_leak_is_an_answer_and_not_a_value_or_a_label(
    scorer: str, prompt: str, target: Any, reference: str, leaks: bool
) -> None:
    made = next(each for each in find(["tickets"]))
    asked = TaskCard(
        **{name: getattr(made, name) for name in TaskCard.__dataclass_fields__} | {"scorer": scorer}
    )
    assert leaks_in(asked, Item("i", prompt, target, reference)) is leaks


def test_near_copies_differ_in_digits_case_and_spaces_alone() -> None:
    prompts = ["Add 1 and 22", "add 3  and 4", "Add one and 2", "Add 1 and 22"]
    assert near_copies([Item(str(n), prompt, "") for n, prompt in enumerate(prompts)]) == 2
