"""The scripts of a GitHub Actions job, run by bash as a runner would, with a stand-in for `gh`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from program import clean_environment

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
CONDITION = re.compile(r"steps\.(\w+)\.outputs\.(\w+) (==|!=) '(.*)'")
GH = """#!/usr/bin/env bash
# GitHub, as far as the workflow needs it: a folder in place of a server.
set -eu
echo "$*" >> "$GITHUB_STATE/log"
case "$1 $2" in
  "api user") echo reviewer ;;
  "release view") test -f "$GITHUB_STATE/release" ;;
  "release create") touch "$GITHUB_STATE/release" ;;
  "release upload") cp "$4" "$GITHUB_STATE/results.tar.gz" ;;
  "release download") cat "$GITHUB_STATE/results.tar.gz" ;;
  "pr list") cat "$GITHUB_STATE/pr" 2> /dev/null || true ;;
  "pr create") echo 7 > "$GITHUB_STATE/pr" ;;
  "pr comment") cp "$5" "$GITHUB_STATE/comment" && echo "$3" > "$GITHUB_STATE/commented" ;;
  "api --paginate") test ! -f "$GITHUB_STATE/comment" || echo 42 ;;
  "api --method") cp "${6#body=@}" "$GITHUB_STATE/comment" &&
    case "$3" in POST) said=posted ;; *) said=edited ;; esac && echo "$4" > "$GITHUB_STATE/$said" ;;
  *) echo "gh $*: not known here" >&2 && exit 64 ;;
esac
"""


@dataclass
class Job:
    """One job of a workflow in a checkout of its repository."""

    workflow: dict[str, Any]
    name: str
    checkout: Path
    state: Path
    """What GitHub knows."""
    skip: tuple[str, ...]
    """Names of steps that are left out."""
    inputs: dict[str, str] = field(default_factory=dict)
    """Of a workflow that is called; its defaults stand for the others."""
    outputs: dict[tuple[str, str], str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    """Step -> its stdout."""

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Those with a script."""
        return [step for step in self.workflow["jobs"][self.name]["steps"] if "run" in step]

    def run(self) -> int:
        """Run every step whose condition holds; the exit code of the one that failed, 0 where none did."""
        programs(self.state)
        for step in self.steps:
            if step["name"] in self.skip or not self._wanted(step):
                continue
            ended = self._step(step)
            self.said[step["name"]] = ended.stdout
            if ended.returncode:
                sys.stderr.write(ended.stderr)
                return ended.returncode
        return 0

    def _wanted(self, step: dict[str, Any]) -> bool:
        found = CONDITION.fullmatch(step.get("if", ""))
        if not found:
            assert "if" not in step
            return True
        value = self.outputs.get((found[1], found[2]), "")
        return (value == found[4]) == (found[3] == "==")

    def _step(self, step: dict[str, Any]) -> subprocess.CompletedProcess[str]:
        given = {**self.workflow["jobs"][self.name].get("env", {}), **step.get("env", {})}
        output = self.state / "output"
        output.write_text("")
        environment = {
            **clean_environment(),
            **{key: EXPRESSION.sub(self._value, str(value)) for key, value in given.items()},
            "PATH": f"{self.state / 'bin'}:{os.environ['PATH']}",
            "GITHUB_STATE": str(self.state),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self.state / "summary"),
            "GITHUB_REPOSITORY": "shop/models",
        }
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.checkout,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            stdin=subprocess.DEVNULL,
        )
        for line in output.read_text().splitlines():
            key, _, value = line.partition("=")
            self.outputs[step["id"], key] = value
        return ended

    def _value(self, found: re.Match[str]) -> str:
        match found[1].split("."):
            case ["steps", step, "outputs", name]:
                return self.outputs.get((step, name), "")
            case ["inputs", name]:
                given = self.inputs.get(name, called(self.workflow)["inputs"][name].get("default", ""))
                return str(given).lower() if isinstance(given, bool) else str(given)
        return ""


def read(path: Path) -> dict[str, Any]:
    """A workflow."""
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def called(workflow: dict[Any, Any]) -> dict[str, Any]:
    """What a workflow that is called declares; YAML takes the key `on` for a truth value."""
    on = workflow.get("on", workflow.get(True))
    assert on is not None
    made: dict[str, Any] = on["workflow_call"]
    return made


def programs(state: Path) -> None:
    """`bench` and `gh` in a folder of their own."""
    folder = state / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    bench = f'#!/bin/sh\nexec "{sys.executable}" -m whichmodel.cli "$@"\n'
    for name, text in (("bench", bench), ("gh", GH)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
