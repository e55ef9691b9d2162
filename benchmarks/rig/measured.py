"""One `bench run` at the loopback server, with what each side noted."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.rig import tree
from benchmarks.rig.project import environment, write_project
from benchmarks.rig.served import Exchange, serve
from whichmodel.store import read


class Broken(Exception):
    """The program did not do what a benchmark measures; the message says what it did."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run that measured every item."""

    ended: tree.Ended
    exchanges: Sequence[Exchange]
    outcomes: pd.DataFrame
    """As the store gives them, from its newest snapshot."""


def bench_run(count: int, *, connections: int, delay_s: float, spread: float = 0.0) -> Run:
    """Measure so many items. Raises Broken where the run fails or an item has no score."""
    with tempfile.TemporaryDirectory() as folder, serve(delay_s, spread=spread) as served:
        project = write_project(Path(folder), count, served.base_url, connections=connections)
        ended = tree.run(project.run(), project.folder, environment())
        if ended.code:
            raise Broken(f"`bench run` ended with exit code {ended.code}:\n{ended.output[-2000:]}")
        reader = read(project.results)
        outcomes = pd.DataFrame() if reader is None else reader.outcomes("real")
        scored = 0 if outcomes.empty else int(outcomes.score.notna().sum())
        if scored != count:
            raise Broken(f"{scored:,} of {count:,} items have a score:\n{ended.output[-2000:]}")
        return Run(ended, served.exchanges(), outcomes)
