"""`bench import` among the other verbs: compare, route, status, rebuild; and its guide."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import ROOT
from program import Bench

from whichmodel.cli.import_ import command as verb
from whichmodel.importers.columns import NAMES

GUIDE = (ROOT / "docs" / "guides" / "import.md").read_text(encoding="utf-8")
CONFIG = """\
default_organisation: acme
organisations:
  acme: {title: ACME}
models:
  - {id: openai/gpt-6-luna, region: us}
  - {id: openai/small, region: us}
"""


def block(kind: str) -> str:
    found = re.search(rf"^```{kind}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def command(start: str) -> list[str]:
    found = re.search(rf"^    bench ({re.escape(start)}[^\n#]*)", GUIDE, re.MULTILINE)
    assert found
    return found[1].split()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A project with two configured models."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "bench.yaml").write_text(CONFIG)
    return Bench(folder)


def test_the_guide_s_commands_do_what_it_shows(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    (tmp_path / "bench.yaml").write_text(CONFIG)
    (tmp_path / "results.csv").write_text(block("csv"))
    (tmp_path / "tickets.yaml").write_text(block("yaml"))
    made = bench(*command("import csv results.csv --task tickets-eu --category"))
    assert made.code == 3, made.err
    assert re.sub(r"\(\S+-import\)", "(20261130T120000-0a1b2c-import)", made.out) == block("text")
    again = bench(*command("import csv results.csv --task tickets-eu --mapping"))
    assert "Nothing new: all 5 outcomes are stored already." in again.out
    compared = bench(*command("compare openai/gpt-6-luna mistral/small"))
    assert compared.code == 0, compared.err
    assert "tickets-eu" in compared.out


def test_the_guide_names_every_field_and_every_format() -> None:
    listed = GUIDE.split("The fields are ")[1].split("- **Scores**")[0]
    assert set(re.findall(r"`(\w+)`", listed)) == set(NAMES)
    shown = set(re.findall(r"^    bench import ([\w-]+)", GUIDE, re.MULTILINE))
    assert shown | {"jsonl"} == set(verb.commands)


def test_imported_outcomes_are_compared_decided_told_and_rebuilt(project: Bench) -> None:
    lines = ["item,model,score,cost_usd,latency_s,input_tokens,output_tokens"]
    for name, wrong, cost in (("luna", 40, 0.01), ("cheap", 41, 0.001), ("other", 3, 0.001)):
        for number in range(400):
            lines.append(f"{number},{name},{int(number % wrong > 0)},{cost},1.{number % 10},100,20")
    table = project.folder / "mine.csv"
    table.write_text("\n".join(lines) + "\n")
    maps = ("--model-map", "luna=openai/gpt-6-luna", "--model-map", "cheap=openai/small")
    made = project("import", "csv", "mine.csv", "--task", "mine", "--category", "classification", *maps)
    assert made.code == 0, made.err
    assert made.out.endswith(
        "Next:\n  bench compare openai/gpt-6-luna openai/small --task mine\n  bench route\n"
    )
    compared = project("compare", "openai/small", "other", "--task", "mine", "--json").document
    assert [(c["task"], c["verdict"], c["n"]) for c in compared] == [("mine", "A better", 400)]
    wrong_name = project("compare", "openai/small", "other", "--task", "min")
    assert (wrong_name.code, "There is no task 'min'. Nearest: mine" in wrong_name.err) == (2, True)
    [route] = project("route", "--json").document["routes"]
    assert (route["model"], route["status"]) == ("openai/small", "certified")
    written = json.loads((project.folder / "results" / "routing" / "acme.json").read_text())
    barred = {why["model"]: why for why in written["routes"][0]["why_not"]}
    assert (barred["other"]["reason"], barred["other"]["text"]) == (
        "not configured",
        "it is not configured in bench.yaml",
    )
    before = project("status", "--json").document
    assert [(row["task"], row["n"]) for row in before["measured"]] == [("mine", 400)] * 3
    assert before["runs"][0]["reason"] == "imported"
    table.unlink()
    (project.folder / "results" / "bench.duckdb").unlink()
    rebuilt = project("rebuild", "--json").document
    assert (rebuilt["rows"], rebuilt["unreadable"]) == (1200, [])
    assert project("status", "--json").document == before
