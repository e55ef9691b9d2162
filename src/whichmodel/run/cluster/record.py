"""The driver's side of a run's journal: found by its name, its lines put where a local run has them."""

from __future__ import annotations

import json
import threading
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


START_S = 120.0
"""An actor that has not started by then does not."""
BEAT_S = 2.0
"""Between two signs of life."""


def _journal(name: str) -> Any:
    options: dict[str, Any] = {"max_restarts": -1, "max_task_retries": -1, "max_concurrency": 10_000}
    return actor(Journal, name=name, **options, **on_head())(f"{name}-journal", SILENT_S)


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
    _heart: threading.Thread = field(init=False)
    _ended: threading.Event = field(default_factory=threading.Event)
    _place: int = 0
    _spools: dict[str, Spool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._heart = threading.Thread(target=self._beat, daemon=True, name="heart of a run")

    def _beat(self) -> None:
        """Tell the journal that the driver lives, however long it is busy with something else."""
        while not self._ended.wait(BEAT_S):
            with suppress(Exception):
                ray.get(self.journal.hear.remote(), timeout=BEAT_S)

    @classmethod
    def begin(cls, cluster: Cluster, run_folder: Path) -> RunRecord:
        """A journal for a new run."""
        name = f"whichmodel-{run_folder.name}"
        run_folder.mkdir(parents=True, exist_ok=True)
        (run_folder / FILE).write_text(json.dumps({"actor": name, "cluster": cluster.address}) + "\n")
        journal = _journal(name)
        ray.get(journal.hear.remote(), timeout=START_S)
        record = cls(name, journal, run_folder)
        record._heart.start()
        return record

    @classmethod
    def again(cls, run_folder: Path) -> RunRecord | None:
        """The journal of a run whose driver is gone; where only its file is left, an actor is made for it.

        None = this cluster does not know it.
        """
        try:
            name = str(json.loads((run_folder / FILE).read_text())["actor"])
        except (OSError, ValueError, KeyError):
            return None
        try:
            journal, known = named(name), True
        except ValueError:
            journal = _journal(name)
            known = ray.get(journal.hear.remote())
        record = cls(name, journal, run_folder)
        if not known:
            record.end()
            return None
        record._place = ray.get(journal.taken.remote())
        record._heart.start()
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

    def done(self, job: str) -> None:
        """No more lines of a job come."""
        if spool := self._spools.pop(job, None):
            spool.close()
        self.marks.pop(job, None)

    def still(self) -> None:
        """The driver is heard no more."""
        self._ended.set()

    def end(self) -> None:
        """All was taken: the journal has served."""
        self.still()
        for spool in self._spools.values():
            spool.close()
        self._spools.clear()
        with suppress(Exception):
            ray.get(self.journal.remove.remote(), timeout=10)
            ray.kill(self.journal)
        (self.run_folder / FILE).unlink(missing_ok=True)
