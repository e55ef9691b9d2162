"""The review for cron: sound by shellcheck, of the workflow's commands, and carried out on the demo panel."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import workflow
from conftest import ROOT
from peers import needed
from program import clean_environment

GUIDES = ROOT / "docs" / "guides"
SCRIPT = GUIDES / "review.sh"
CONFIG = """\
default_organisation: acme
models:
  - {id: vllm/qwen, base_url: "http://127.0.0.1:9/v1", key_env: NOT_SET_HERE}
organisations:
  acme: {title: ACME}
"""
"""No model can be asked, so the demo panel is measured."""


def _shellcheck(*files: Path, dialect: str = "sh") -> str:
    program = needed("linters") / "bin" / "shellcheck"
    ended = subprocess.run(
        [str(program), f"--shell={dialect}", *map(str, files)], capture_output=True, text=True, timeout=60
    )
    return ended.stdout + ended.stderr


def test_shellcheck_finds_nothing_in_any_script_of_the_guides() -> None:
    assert _shellcheck(SCRIPT) == ""
    assert subprocess.run(["sh", "-n", str(SCRIPT)], timeout=10).returncode == 0


def test_shellcheck_finds_nothing_in_the_scripts_of_the_workflow(tmp_path: Path) -> None:
    steps = workflow.read(GUIDES / "model-review.yml")["jobs"]["review"]["steps"]
    files = []
    for number, step in enumerate(each for each in steps if "run" in each):
        files.append(tmp_path / f"{number}.sh")
        files[-1].write_text(step["run"], encoding="utf-8")
    assert len(files) > 8
    assert _shellcheck(*files, dialect="bash") == ""


@pytest.mark.parametrize(
    ("sound", "broken", "finding"),
    [
        ('cp "$DEPLOYED"', "cp $DEPLOYED", "SC2086"),
        ('[ -n "$id" ]', '[[ -n "$id" ]]', "SC3010"),
        ("code=0\nif", "code = 0\nif", "SC2283"),
    ],
)
def test_a_broken_script_is_found(tmp_path: Path, sound: str, broken: str, finding: str) -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert sound in text
    path = tmp_path / "broken.sh"
    path.write_text(text.replace(sound, broken, 1), encoding="utf-8")
    assert finding in _shellcheck(path)


def _commands(text: str) -> list[tuple[str, ...]]:
    """Every call of `bench` in its place: its verbs, and its flags without their values."""
    text = re.sub(r"^ *#.*$", "", text.replace("\\\n", " "), flags=re.MULTILINE)
    calls = re.findall(r"\bbench ((?:models discover|store \w+|run|route|report)[^\n;|]*)", text)
    return [
        (*re.findall(r"^(?:models discover|store \w+|\w+)", call), *re.findall(r"--[a-z-]+", call))
        for call in calls
    ]


def test_the_script_gives_the_commands_of_the_workflow_in_their_order() -> None:
    steps = workflow.read(GUIDES / "model-review.yml")["jobs"]["review"]["steps"]
    theirs = _commands("\n".join(step.get("run", "") for step in steps))
    ours = _commands(SCRIPT.read_text(encoding="utf-8"))
    assert len(ours) == 9
    assert [call for call in theirs if call != ("route", "--org")] == ours


@dataclass(frozen=True)
class Review:
    """A project with the script in it."""

    folder: Path

    def __call__(self, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **clean_environment(),
            "ORG": "acme",
            "TASKS": "tickets",
            "BUDGET_USD": "5",
            **variables,
        }
        path = f"{self.folder / 'state' / 'bin'}:{os.environ['PATH']}"
        state = str(self.folder / "state")
        return subprocess.run(
            ["sh", str(SCRIPT)],
            cwd=self.folder,
            env={**environment, "PATH": path, "GITHUB_STATE": state},
            capture_output=True,
            text=True,
            timeout=600,
            stdin=subprocess.DEVNULL,
        )

    @property
    def logs(self) -> list[Path]:
        """What was ever asked."""
        return sorted(path for path in self.folder.glob("results/logs/**/*") if path.is_file())

    @property
    def today(self) -> Path:
        return self.folder / "results" / "routing" / "acme.json"

    def deploy(self, **changes: Any) -> None:
        """Today's table as the deployed one, its route changed."""
        table = json.loads(self.today.read_text(encoding="utf-8"))
        table["routes"][0].update(changes)
        if "model" in changes:
            table["models"].setdefault(changes["model"], next(iter(table["models"].values())))
        target = self.folder / "deployed" / "acme.json"
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(table), encoding="utf-8")


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Review:
    folder = tmp_path_factory.mktemp("cron")
    workflow.programs(folder / "state")
    (folder / "bench.yaml").write_text(CONFIG, encoding="utf-8")
    return Review(folder)


@pytest.fixture(scope="module")
def first(review: Review) -> subprocess.CompletedProcess[str]:
    return review()


def test_the_first_review_measures_decides_and_reports(
    review: Review, first: subprocess.CompletedProcess[str]
) -> None:
    assert first.returncode == 0, first.stderr
    assert "no table is deployed as deployed/acme.json; today's is results/routing/acme.json" in first.stderr
    assert [route["task"] for route in json.loads(review.today.read_text())["routes"]] == ["tickets"]
    assert (review.folder / "results" / "reports" / "acme.md").is_file()
    assert review.logs


@pytest.mark.usefixtures("first")
def test_the_second_review_asks_nobody_and_an_expired_table_is_no_regression(review: Review) -> None:
    """The shared store is away, which stops nobody who has measured before."""
    (review.folder / "bench.yaml").write_text(CONFIG + _away(review.folder), encoding="utf-8")
    review.deploy()
    deployed = review.folder / "deployed" / "acme.json"
    table = json.loads(deployed.read_text())
    deployed.write_text(json.dumps({**table, "expires_at": "2026-01-01T00:00:00Z"}))
    before = {path: path.stat().st_size for path in review.logs}
    again = review(COMMENT_ON="shop/models/issues/7")
    assert again.returncode == 0, again.stderr
    assert "going on with what is measured here" in again.stderr
    assert "the next review pushes it" in again.stderr
    assert "Nothing new: all " in again.stderr
    assert {path: path.stat().st_size for path in review.logs} == before
    assert "0 of 1 tasks change, 1 stay." in again.stdout
    assert "expired: table: " in again.stdout
    assert " stand; a false alarm, ever: at most 5%." in " ".join(again.stdout.split())
    state = review.folder / "state"
    assert (state / "posted").read_text() == "repos/shop/models/issues/7/comments\n"
    assert (state / "comment").read_text().startswith("<!-- whichmodel:report:acme -->\n")


@pytest.mark.usefixtures("first")
def test_a_deployed_route_that_has_regressed_ends_with_5_after_its_report_and_comment(review: Review) -> None:
    review.deploy(model="rule/classify", status="certified", fallbacks=[])
    state = review.folder / "state"
    (state / "comment").write_text("of the last review")
    ended = review(COMMENT_ON="shop/models/issues/7")
    assert ended.returncode == 5, ended.stderr
    assert "inferior: tickets: rule/classify: " in ended.stdout
    assert "1 task changes against the deployed table" in (state / "comment").read_text()
    assert (state / "edited").read_text() == "repos/shop/models/issues/comments/42\n"


def test_a_missing_organisation_and_a_broken_configuration_end_before_anything_is_asked(
    tmp_path: Path,
) -> None:
    made = Review(tmp_path)
    workflow.programs(tmp_path / "state")
    (tmp_path / "bench.yaml").write_text(CONFIG.replace("acme", "nord"), encoding="utf-8")
    nobody = made(ORG="")
    assert (nobody.returncode, "ORG: set it to an organisation" in nobody.stderr) == (2, True)
    unknown = made()
    assert (unknown.returncode, "There is no organisation 'acme'" in unknown.stderr) == (2, True)
    assert made.logs == []


def _away(folder: Path) -> str:
    """A store that cannot be reached: a file lies where its folder should be."""
    (folder / "shared").write_text("no folder")
    return f"store: {folder / 'shared'}\n"


def test_a_fresh_checkout_stops_where_the_store_is_away(tmp_path: Path) -> None:
    """It would pay for everything once more."""
    made = Review(tmp_path)
    workflow.programs(tmp_path / "state")
    (tmp_path / "bench.yaml").write_text(CONFIG + _away(tmp_path), encoding="utf-8")
    stopped = made()
    assert stopped.returncode == 1
    assert "all would be paid for again" in stopped.stderr
    assert not [path for path in made.logs if path.name == "outcomes.jsonl"]
