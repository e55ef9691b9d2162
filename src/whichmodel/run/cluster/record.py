"""The driver's side of a run's journal: found by its name, its lines put where a local run has them."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ray

from whichmodel.run.cluster.connection import Cluster
from whichmodel.run.cluster.handles import actor, named, on_head
from whichmodel.run.cluster.journal import SILENT_S, Journal, parse
from whichmodel.run.spool import Spool

FILE = "cluster.json"
"""In a run's folder as long as its journal may hold more than the folder: the journal's name."""


@dataclass(slots=True)
class RunRecord:
    """A run's journal as the driver sees it."""

    name: str
    """Of the actor: `whichmodel-<run id>`."""
    journal: Any
    run_folder: Path
    """In the results folder."""
    marks: dict[str, set[str]] = field(default_factory=dict)
    """Job -> its items that are finished."""
    _place: int = 0
    _spools: dict[str, Spool] = field(default_factory=dict)

    @classmethod
    def begin(cls, cluster: Cluster, run_folder: Path) -> RunRecord:
        """A journal for a new run."""
        name = f"whichmodel-{run_folder.name}"
        folder = f"{cluster.nodes[0].about.folder}/{name}-journal"
        options: dict[str, Any] = {"max_restarts": -1, "max_task_retries": -1, "max_concurrency": 10_000}
        journal = actor(Journal, name=name, **options, **on_head())(folder, SILENT_S)
        run_folder.mkdir(parents=True, exist_ok=True)
        (run_folder / FILE).write_text(json.dumps({"actor": name, "cluster": cluster.address}) + "\n")
        ray.get(journal.take.remote(0))
        return cls(name, journal, run_folder)

    @classmethod
    def again(cls, run_folder: Path) -> RunRecord | None:
        """The journal of a run whose driver is gone. None = the cluster knows it no more."""
        try:
            name = json.loads((run_folder / FILE).read_text())["actor"]
            journal = named(name)
        except (OSError, ValueError, KeyError):
            return None
        record = cls(name, journal, run_folder)
        record._place = ray.get(journal.taken.remote())
        return record

    def take(self) -> int:
        """All lines that have come since the last time, into their jobs' folders; how many."""
        number = 0
        while True:
            self._place, chunk = ray.get(self.journal.take.remote(self._place))
            if not chunk:
                return number
            by_job: dict[str, list[str]] = {}
            for line in parse(chunk):
                number += 1
                by_job.setdefault(line.job, []).append(line.text)
                self.marks.setdefault(line.job, set()).add(line.mark)
            for job, texts in by_job.items():
                self._spool(job).append(*texts)

    def _spool(self, job: str) -> Spool:
        if job not in self._spools:
            self._spools[job] = Spool(self.run_folder / job)
        return self._spools[job]

    def end(self) -> None:
        """All was taken: the journal has served."""
        for spool in self._spools.values():
            spool.close()
        self._spools.clear()
        with suppress(Exception):
            ray.get(self.journal.remove.remote(), timeout=10)
            ray.kill(self.journal)
        (self.run_folder / FILE).unlink(missing_ok=True)
