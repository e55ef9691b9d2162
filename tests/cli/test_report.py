"""`bench report`, as its users call it."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from browser.site import CONFIG, measured, publish
from program import Bench

from whichmodel.report.markdown import marker

TASKS = ("tickets", "invoices")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A project with outcomes of two runs, decided once."""
    made = Bench(tmp_path_factory.mktemp("report"))
    shutil.copyfile(CONFIG, made.folder / "bench.yaml")
    publish(made.folder / "results", [row for row in measured() if row.task in TASKS])
    assert made("route", "--org", "acme").code == 0
    return made


@pytest.fixture
def without_converter(tmp_path: Path) -> dict[str, str]:
    """An environment in which vl-convert cannot be imported."""
    (tmp_path / "vl_convert.py").write_text("raise ImportError")
    return {"PYTHONPATH": str(tmp_path)}


def test_it_writes_a_page_and_a_comment_and_a_second_time_says_that_nothing_changed(project: Bench) -> None:
    first = project("report")
    assert first.code == 0, first.err
    assert first.out.splitlines()[:2] == ["Wrote results/reports/acme.html", "Wrote results/reports/acme.md"]
    assert "simulated" in first.out
    folder = project.folder / "results" / "reports"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(before) == {"acme.html", "acme.md"}
    assert before["acme.md"].decode().startswith(marker("acme"))
    assert b"Nothing changes against the deployed table" in before["acme.html"]
    again = project("report", "--json")
    assert [one["state"] for one in again.document["files"]] == ["unchanged", "unchanged"]
    assert again.document["changes"] == []
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_format_that_cannot_be_made_names_its_extra_and_loses_no_other(
    project: Bench, tmp_path: Path, without_converter: dict[str, str]
) -> None:
    ended = project("report", "--format", "png,csv", "-o", str(tmp_path / "out"), env=without_converter)
    assert ended.code == 2
    assert "pip install 'whichmodel[png]'" in ended.err
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "acme-routes.csv",
        "acme-standings.csv",
    ]
    text = (tmp_path / "out" / "acme-routes.csv").read_bytes().decode()
    assert {row["task"] for row in csv.DictReader(io.StringIO(text, newline=""))} == set(TASKS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "html,pdf"), "There is no format 'pdf'. Known: html, md, csv, png."),
        (("--format", ","), "No format is named. Known: html, md, csv, png."),
        (("--since", "r20261121-9"), "There is no run 'r20261121-9'. Nearest: r20261121-2"),
        (("--deployed", "none.yaml"), "cannot be read"),
        (("--deployed", "a.yaml", "--since", "b"), "go one at a time"),
        (("--org", "acne"), "acme"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_would_work(
    project: Bench, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    ended = project("report", "-o", str(tmp_path / "out"), *arguments)
    assert ended.code == 2
    assert said in ended.err
    assert not (tmp_path / "out").exists()


def test_since_a_run_it_says_what_that_run_could_not_know(project: Bench, tmp_path: Path) -> None:
    ended = project("report", "--format", "md", "--since", "r20261120-1", "-o", str(tmp_path), "--json")
    assert ended.code == 0, ended.err
    assert ended.document["beside"] == "run r20261120-1"
    assert ended.document["changes"]
    assert "change against run r20261120-1." in (tmp_path / "acme.md").read_text(encoding="utf-8")


def test_nothing_measured_names_the_next_command(tmp_path: Path) -> None:
    fresh = Bench(tmp_path)
    assert fresh("init").code == 0
    ended = fresh("report")
    assert ended.code == 2
    assert "bench run" in ended.err
