"""`bench import` among the other verbs: status, compare, route, rebuild, recovery; and its guide."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import ROOT
from program import Bench

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


@pytest.fixture
def project(tmp_path: Path) -> Bench:
    """A project with two configured models."""
    (tmp_path / "bench.yaml").write_text(CONFIG)
    return Bench(tmp_path)


def _table(bench: Bench, **scores: int) -> None:
    """400 items; each model is right on all but every so-manieth."""
    lines = ["item,model,score,cost_usd,latency_s,input_tokens,output_tokens"]
    for name, wrong in scores.items():
        for number in range(400):
            cost = 0.01 if name == "luna" else 0.001
            lines.append(f"{number},{name},{int(number % wrong > 0)},{cost},1.{number % 10},100,20")
    (bench.folder / "mine.csv").write_text("\n".join(lines) + "\n")


def test_the_guide_s_commands_do_what_it_shows(project: Bench) -> None:
    (project.folder / "results.csv").write_text(block("csv"))
    (project.folder / "tickets.yaml").write_text(block("yaml"))
    made = project(*command("import csv results.csv --task tickets-eu --category"))
    assert made.code == 3, made.err
    shown = block("text").split("\n\n")[0]
    assert made.out.startswith(shown)
    assert "results.csv, line 7: the score is no number: 'perhaps'" in made.out
    again = project(*command("import csv results.csv --task tickets-eu --mapping"))
    assert "Nothing new: all 5 outcomes are stored already." in again.out
    compared = project(*command("compare openai/gpt-6-luna mistral/small"))
    assert compared.code == 0, compared.err
    assert "tickets-eu" in compared.out


def test_the_guide_names_every_field_and_every_format() -> None:
    from whichmodel.cli.import_ import command as verb
    from whichmodel.importers.columns import NAMES

    listed = GUIDE.split("The fields are ")[1].split("- **Scores**")[0]
    assert set(re.findall(r"`(\w+)`", listed)) == set(NAMES)
    shown = set(re.findall(r"^    bench import ([\w-]+)", GUIDE, re.MULTILINE))
    assert shown | {"jsonl"} == set(verb.commands)


def test_imported_outcomes_are_compared_decided_and_told(project: Bench) -> None:
    _table(project, luna=40, cheap=41, other=3)
    maps = ("--model-map", "luna=openai/gpt-6-luna", "--model-map", "cheap=openai/small")
    made = project("import", "csv", "mine.csv", "--task", "mine", "--category", "classification", *maps)
    assert made.code == 0, made.err
    assert made.out.endswith(
        "Next:\n  bench compare openai/gpt-6-luna openai/small --task mine\n  bench route\n"
    )
    compared = project("compare", "openai/small", "other", "--task", "mine", "--json").document
    assert [(c["task"], c["verdict"], c["n"]) for c in compared] == [("mine", "A better", 400)]
    wrong = project("compare", "openai/small", "other", "--task", "min")
    assert (wrong.code, "There is no task 'min'. Nearest: mine" in wrong.err) == (2, True)
    [route] = project("route", "--json").document["routes"]
    assert (route["model"], route["status"]) == ("openai/small", "certified")
    table = json.loads((project.folder / "results" / "routing" / "acme.json").read_text())
    barred = {why["model"]: why for why in table["routes"][0]["why_not"]}
    assert barred["other"]["reason"] == "not configured"
    assert barred["other"]["text"] == "it is not configured in bench.yaml"
    status = project("status", "--json").document
    assert [(row["task"], row["n"]) for row in status["measured"]] == [("mine", 400)] * 3
    assert status["runs"][0]["reason"] == "imported"
    exported = project("export", "litellm")
    assert exported.code == 0, exported.err


def test_no_model_that_is_configured_is_said_in_plain_words(project: Bench) -> None:
    _table(project, luna=40)
    project("import", "csv", "mine.csv", "--task", "mine")
    assert "mine: no model may be used: 1 not configured in bench.yaml" in project("route").out


def test_a_judge_s_scores_certify_nothing(project: Bench) -> None:
    _table(project, luna=40)
    maps = ("--model-map", "luna=openai/gpt-6-luna", "--judge", "openai/small")
    made = project("import", "csv", "mine.csv", "--task", "mine", *maps)
    assert "mine: a model helped to score 400 answers" in made.out
    [route] = project("route", "--json").document["routes"]
    assert route["status"] == "judge_only"


def test_rebuild_brings_imports_back_without_the_files(project: Bench) -> None:
    _table(project, luna=40, cheap=41)
    project("import", "csv", "mine.csv", "--task", "mine")
    before = project("status", "--json").document
    (project.folder / "mine.csv").unlink()
    (project.folder / "results" / "bench.duckdb").unlink()
    rebuilt = project("rebuild", "--json").document
    assert (rebuilt["rows"], rebuilt["unreadable"]) == (800, [])
    assert project("status", "--json").document == before


def test_an_import_that_was_cut_off_goes_on_with_the_same_command(project: Bench) -> None:
    _table(project, luna=40)
    project("import", "csv", "mine.csv", "--task", "mine")
    results = project.folder / "results"
    [journal] = (results / "logs").rglob("recovered.jsonl")
    lines = journal.read_text().splitlines(keepends=True)
    journal.with_name("outcomes.jsonl").write_text("".join(lines[:150]) + lines[150][:40])
    journal.unlink()
    for file in results.glob("bench.duckdb*"):
        file.unlink()
    again = project("import", "csv", "mine.csv", "--task", "mine", "--json").document
    assert again["new"] == 400
    rebuilt = project("rebuild", "--json").document
    assert (rebuilt["rows"], rebuilt["unreadable"]) == (400, []), "the same rows, whoever wrote them"


def test_a_cost_that_came_with_its_row_survives_new_prices(project: Bench) -> None:
    _table(project, luna=40)
    project("import", "csv", "mine.csv", "--task", "mine", "--model-map", "luna=openai/gpt-6-luna")
    priced = CONFIG.replace(
        "luna, region: us}",
        "luna, region: us, price: {source: own, dated: 2026-01-01, input_per_mtok: 900, output_per_mtok: 900}}",
    )
    (project.folder / "bench.yaml").write_text(priced)
    document = project("reprice", "--json").document
    assert (document["rows"], document["changed"]) == (400, 0)
