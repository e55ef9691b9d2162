"""`bench labels`: from a sample of stored answers to the judge's mean put right."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from program import Bench

from whichmodel.cli.labels import sample

MODEL = "demo-cirrus/nano"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    made = Bench(tmp_path_factory.mktemp("labels"))
    assert made("init").code == 0
    ended = made("run", "--tasks", "meetings", "--models", MODEL, "--limit", "30", "--json")
    assert ended.code == 0, ended.err
    return made


def filled(project: Bench, name: str, n: int = 12) -> Path:
    """A template with scores: full marks for every answer but each third."""
    file = project.folder / name
    ended = project("labels", "template", "--task", "meetings", "--model", MODEL, "-n", str(n), "-o", name)
    assert ended.code == 0, ended.err
    rows = list(csv.DictReader(file.open(encoding="utf-8-sig", newline="")))
    for number, row in enumerate(rows):
        row["human_score"], row["labeller"] = ("3" if number % 3 == 0 else "5"), "ann"
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


def test_a_sample_is_written_filled_in_taken_over_once_and_told(project: Bench) -> None:
    file = filled(project, "one.csv")
    rows = list(csv.DictReader(file.open(newline="")))
    assert len(rows) == 12
    assert all(row["prompt"].startswith("Summarise the meeting") and row["answer"] for row in rows)
    assert len({row["stratum"] for row in rows}) >= 5
    first = project("labels", "import", "one.csv", "--scale", "1-5", "--json")
    assert first.document == {"labels": 12, "new": 12, "known": 0, "empty": 0}
    again = project("labels", "import", "one.csv", "--scale", "1-5", "--task", "meetings", "--json")
    assert again.document["new"] == 0
    [told] = project("labels", "status", "--json").document["labels"]
    assert (told["model"], told["labels"], told["items"], told["instrument"]) == (MODEL, 12, 30, "score")
    assert told["human"] == pytest.approx((4 * 0.5 + 8 * 1) / 12)
    assert told["corrected"]["low"] < told["corrected"]["mean"] < told["corrected"]["high"]
    assert "Under 100 labels" in project("labels", "status").out
    rebuilt = project("rebuild", "--json")
    assert rebuilt.document["labelled"] == 12
    assert project("labels", "status", "--json").document["labels"] == [told]
    second = filled(project, "two.csv", 50)
    fresh = {row["outcome"] for row in csv.DictReader(second.open(newline=""))}
    assert len(fresh) == 18
    assert fresh.isdisjoint(row["outcome"] for row in rows)


def test_the_answers_of_several_models_are_drawn_from_the_same_items() -> None:
    rows = pd.DataFrame(
        [
            {"item_id": f"i{n}", "epoch": 1, "stratum": str(n % 3), "model": model, "key": f"{model}{n}"}
            for model in "ab"
            for n in range(90)
        ]
    )
    one, other = (sample(rows[rows["model"] == model], 30, 0) for model in "ab")
    assert list(one["item_id"]) == list(other["item_id"])
    assert one["stratum"].value_counts().tolist() == [10, 10, 10]
    assert list(sample(rows[rows["model"] == "a"], 30, 1)["item_id"]) != list(one["item_id"])


def test_a_table_with_faults_is_taken_over_not_at_all(project: Bench) -> None:
    before = (project.folder / "results" / "labels").exists() and sorted(
        json.dumps(one) for one in project("labels", "status", "--json").document["labels"]
    )
    [good] = csv.DictReader(filled(project, "three.csv", 1).open(newline=""))
    bad = project.folder / "bad.csv"
    bad.write_text(f"item_id,model,human_score\n{good['item_id']},{MODEL},1\nnothing,{MODEL},1\nx,y/z,2\n")
    ended = project("labels", "import", "bad.csv")
    assert ended.code == 2
    assert "2 lines cannot be taken, so none was: line 3" in ended.err
    assert "line 4" in ended.err
    after = (project.folder / "results" / "labels").exists() and sorted(
        json.dumps(one) for one in project("labels", "status", "--json").document["labels"]
    )
    assert after == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("template", "--task", "meetings", "--model", "no/body", "-o", "x.csv"), "no stored answer"),
        (("template", "--task", "meetings", "--model", MODEL, "-o", "bench.yaml"), "there already"),
        (("import", "bench.yaml"), "no column"),
        (("import", "bench.yaml", "--scale", "5"), "no scale"),
        (("import", "absent.csv"), "absent.csv"),
    ],
)
def test_mistakes_are_told(project: Bench, arguments: tuple[str, ...], says: str) -> None:
    ended = project("labels", *arguments)
    assert ended.code == 2
    assert says in ended.err
