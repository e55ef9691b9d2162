"""The guide's example does what the guide shows."""

from __future__ import annotations

import re

from conftest import ROOT
from program import Bench

from whichmodel.registry.own import infer

PAGE = (ROOT / "docs" / "guides" / "your-own-task.md").read_text(encoding="utf-8")


def block(kind: str) -> str:
    found = re.search(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def command(start: str) -> list[str]:
    found = re.search(rf"^    bench ({re.escape(start)}[^\n]*)$", PAGE, re.MULTILINE)
    assert found
    return found[1].split()


def test_the_table_becomes_the_task_that_is_shown_and_is_measured(bench: Bench) -> None:
    (bench.folder / "mail.csv").write_text(block("csv"), encoding="utf-8")
    made = bench(*command("task new mail"))
    assert made.code == 0, made.err
    assert made.out == block("text")
    checked = bench(*command("task validate mail"))
    assert checked.code == 0, checked.out
    ran = bench(*command("run --tasks mail"), "--models", "demo-cirrus/nano", "--json")
    assert ran.code == 0, ran.err
    assert {(s["task"], s["n"]) for s in ran.document["standings"]} == {("mail", 9)}


def test_the_guide_names_each_scorer_of_a_table_and_no_other() -> None:
    table = PAGE.split("| scorer |")[1].split("\n\n")[0]
    named = set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE))
    assert named == set(infer.CATEGORY)
