"""Several runs and many viewers on one results folder: is anybody shut out, and how old is what is seen?

The age at a look is how long the oldest answer that the look did not show had been given: for each model, the
viewer's count against the server's times. Time in the client counts, and so does the time until a snapshot.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.rig import viewer
from benchmarks.rig.project import Project, environment, write_project
from benchmarks.rig.served import Exchange, serve
from benchmarks.rig.server import MODELS

VIEWERS = 10
CONNECTIONS = 8
DELAY_S = 0.5
ITEMS_A_LIFE = 150
"""Items that each command adds to what its model has done; the next one goes on from there."""

BUSY_S = 5.0
"""A look this long after the last answer has nothing new to see and does not count."""


@dataclass(frozen=True, slots=True)
class Soak:
    """What the runs and the viewers met."""

    runs: int
    """Commands that ended."""
    broken: tuple[str, ...]
    """Last words of commands that ended with another exit code than 0."""
    ages_s: tuple[float, ...]
    """One a look that succeeded, while answers were being given."""
    queries_s: tuple[float, ...]
    """Opening the newest snapshot and one query."""
    errors: tuple[str, ...]
    """Of looks that did not succeed."""
    missing: int
    """Answered samples that the last snapshot does not show."""


def soak(folder: Path, minutes: float) -> Soak:
    """Three runs and ten viewers for so long; the runs that are under way then may end. folder: empty."""
    until = time.monotonic() + minutes * 60
    most = ITEMS_A_LIFE * (2 + int(minutes * 60 * CONNECTIONS / DELAY_S / ITEMS_A_LIFE))
    with serve(DELAY_S) as served:
        project = write_project(folder, most, served.base_url, connections=CONNECTIONS, models=MODELS)
        project.results.mkdir()
        with _viewers(project) as looks:
            runners = [_Runner(project, model, until) for model in MODELS]
            for runner in runners:
                runner.start()
            for runner in runners:
                runner.join()
        exchanges = served.exchanges()
    seen = [look for look in looks if "error" not in look]
    answered = {model: _answered(exchanges, model) for model in MODELS}
    last = viewer.look(project.results)
    assert isinstance(last["seen"], dict)
    return Soak(
        runs=sum(runner.runs for runner in runners),
        broken=tuple(words for runner in runners for words in runner.broken),
        ages_s=tuple(_age(look, answered) for look in seen if _busy(look, answered)),
        queries_s=tuple(look["query_s"] for look in seen),
        errors=tuple(look["error"] for look in looks if "error" in look),
        missing=sum(len(times) - last["seen"].get(f"bench/{model}", 0) for model, times in answered.items()),
    )


class _Runner(threading.Thread):
    """One model measured by one command after the other, each with a larger limit, until it is time."""

    def __init__(self, project: Project, model: str, until: float) -> None:
        super().__init__(daemon=True)
        self._project, self._model, self._until = project, model, until
        self.runs = 0
        self.broken: list[str] = []

    def run(self) -> None:
        """Command after command."""
        while time.monotonic() < self._until:
            limit = ITEMS_A_LIFE * (self.runs + 1)
            ended = subprocess.run(
                self._project.run(self._model, "--limit", str(limit)),
                cwd=self._project.folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            self.runs += 1
            if ended.returncode:
                self.broken.append(f"exit code {ended.returncode}: {ended.stderr.strip()[-500:]}")


@contextmanager
def _viewers(project: Project) -> Iterator[list[dict[str, Any]]]:
    """Ten viewers while the block runs; what they saw is in the list after it."""
    looks: list[dict[str, Any]] = []
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "benchmarks.rig.viewer", str(project.results)]
    with ExitStack() as stack:
        files = []
        for number in range(VIEWERS):
            files.append(project.folder / f"viewer-{number}.jsonl")
            stack.enter_context(_viewer(command, root, files[-1]))
        yield looks
    for file in files:
        looks += [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@contextmanager
def _viewer(command: Sequence[str], root: Path, output: Path) -> Iterator[None]:
    with (
        output.open("wb") as file,
        subprocess.Popen(command, cwd=root, env=environment(), stdin=subprocess.PIPE, stdout=file) as process,
    ):
        assert process.stdin is not None
        try:
            yield
        finally:
            process.stdin.close()


def _answered(exchanges: Sequence[Exchange], model: str) -> list[float]:
    return sorted(e.written_s for e in exchanges if e.model == model and e.written_s is not None)


def _busy(look: dict[str, Any], answered: dict[str, list[float]]) -> bool:
    """Whether any model had an answer in the seconds before a look."""
    at = look["at"]
    return any(bisect_right(times, at) > bisect_right(times, at - BUSY_S) for times in answered.values())


def _age(look: dict[str, Any], answered: dict[str, list[float]]) -> float:
    """Seconds since the oldest answer was given that this look did not show; 0 = it showed all."""
    ages = [0.0]
    for model, times in answered.items():
        shown = look["seen"].get(f"bench/{model}", 0)
        if shown < bisect_right(times, look["at"]):
            ages.append(look["at"] - times[shown])
    return max(ages)
