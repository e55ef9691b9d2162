"""`bench task validate`: a row for each task, findings that name items, exit code 5."""

from __future__ import annotations

import json

from program import Bench

CARD = """\
name: mine
category: classification
title: Mine
description: Made by a test.
version: "1"
licence: own
source: a test
metric: share
scorer: choice
options: {labels: [red, blue]}
items: items.jsonl
"""


def test_a_task_that_holds_and_one_that_does_not(bench: Bench) -> None:
    folder = bench.folder / "tasks" / "classification" / "mine"
    folder.mkdir(parents=True)
    (folder / "task.yaml").write_text(CARD)
    rows = [{"id": f"i{n}", "input": f"thing {n}", "target": "red" if n else "purple"} for n in range(3)]
    (folder / "items.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows))
    ended = bench("task", "validate", "mine,tickets")
    assert ended.code == 5
    shown = [line.split()[:3] for line in ended.out.splitlines() if line.startswith(("mine ", "tickets "))]
    assert shown == [["mine", "fails", "3"], ["tickets", "holds", "420"]]
    assert "mine: scoring: An item cannot be scored: The target 'purple' is not among the labels" in " ".join(
        ended.out.split()
    )
    assert "(1 item: i0)" in ended.out
    assert "1 of 2 tasks hold." in ended.out
    assert "1 of 2 tasks fail a check: mine." in ended.err
    as_json = bench("task", "validate", "mine,tickets", "--json")
    assert as_json.code == 5
    assert [(each["task"], each["holds"]) for each in as_json.document] == [
        ("mine", False),
        ("tickets", True),
    ]
    (folder / "items.jsonl").write_text(json.dumps(rows[1]) + "\n")
    assert bench("task", "validate", "mine").code == 0


def test_a_broken_line_of_a_bank_is_named(bench: Bench) -> None:
    folder = bench.folder / "tasks" / "classification" / "mine"
    folder.mkdir(parents=True)
    (folder / "task.yaml").write_text(CARD)
    (folder / "items.jsonl").write_text(
        '{"id": "a", "input": "x", "target": "red"}\n{"id": "b", "inptu": "y"}\n'
    )
    ended = bench("task", "validate", "mine")
    assert ended.code == 5
    assert "items.jsonl:2: This line is not an item" in " ".join(ended.out.split())
