"""What every format of `bench import` goes through: survey, journal, store; then it is said."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from whichmodel.cli import import_report
from whichmodel.cli.output import note
from whichmodel.cli.project import Project
from whichmodel.errors import CellsFailed, UnknownName, UsageError
from whichmodel.importers import cells, files, llmperf
from whichmodel.importers.bank import Survey, survey
from whichmodel.importers.files import File
from whichmodel.importers.intake import Intake, Names, safe
from whichmodel.importers.outcomes import Maker
from whichmodel.importers.sample import Read
from whichmodel.importers.take_in import Calls, Taken, new_run, take_in, time_in
from whichmodel.registry import task_names
from whichmodel.run.secrets import LEAST
from whichmodel.store import Store

LINE_S = 5.0
"""Seconds between two lines of progress."""


@dataclass(frozen=True, slots=True)
class Common:
    """What every format is told."""

    project: Project
    paths: tuple[Path, ...]
    task: str | None
    category: str
    models: Mapping[str, str]
    at: str | None
    dry_run: bool
    as_json: bool

    @property
    def moment(self) -> datetime | None:
        """When it was measured, as it was said. Raises UsageError for what is no time."""
        try:
            return cells.moment(self.at, "the time")
        except cells.Unreadable as error:
            raise UsageError(f"{error}.", where="--at", remedy="Write 2026-11-30T12:00Z.") from None

    @property
    def configured(self) -> frozenset[str]:
        """Ids of the configured models; none where there is no bench.yaml."""
        known = self.project.config_path.exists()
        return frozenset(self.project.known_models("real")) if known else frozenset()

    def keys(self) -> tuple[str, ...]:
        """The keys that this machine's models are asked with."""
        if not self.project.config_path.exists():
            return ()
        names = {model.key_env for model in self.project.config.models if model.key_env}
        return tuple(key for name in sorted(names) if len(key := os.environ.get(name, "")) >= LEAST)

    def command(self, found: tuple[File, ...]) -> str:
        """The import as the list of runs shows it, without the folders of this machine."""
        shown = [file.name for file in found[:3]] + (["..."] if len(found) > 3 else [])
        return f"bench import {' '.join(shown)}"


def work(common: Common, read: Read, wanted: Callable[[Path], bool], what: str) -> None:
    """Survey the files, store what comes in, say what it was. Raises CellsFailed where rows were refused."""
    _check_task(common.task)
    at = common.moment
    found = files.found(common.paths, wanted, what)
    ours = task_names(common.project.own_tasks)
    names = Names(common.task, common.category, common.models, ours)
    intake = Intake(names, read, found)
    seen = survey(intake, _Rows("read"))
    seen.repeated = intake.repeated
    _check(seen, common)
    banks = import_report.other_banks(common.project.results, seen)
    taken = None
    if not common.dry_run and seen.rows:
        hashes = {task: bank.task_hash for task, bank in seen.banks.items()}
        maker = Maker(new_run(), common.category, hashes, common.keys(), at)
        intake = Intake(names, read, found)
        store = Store(common.project.results)
        taken = take_in(
            common.project.results, store, intake, maker, command=common.command(found), told=_Rows("stored")
        )
    shown = import_report.Shown(seen, taken, common.category, common.configured, banks, at)
    import_report.show(shown, as_json=common.as_json)
    if seen.refused:
        where = f" {taken.refused} lists them." if taken and taken.refused else ""
        raise CellsFailed(f"Rows that were refused: {seen.refused:,}.{where}")


def timings(common: Common, model: str | None, concurrency: int) -> None:
    """Timed requests into the table of `bench latency`. Raises CellsFailed where rows were refused."""
    _check_task(common.task)
    found = files.found(
        common.paths, llmperf.is_requests, "requests of LLMPerf (*_individual_responses.json)"
    )
    told = llmperf.Pass(
        run_id=new_run(),
        task=common.task or "llmperf",
        model=model,
        models=common.models,
        concurrency=concurrency,
        at=common.moment,
        keys=common.keys(),
    )
    read = (one for file in found for one in llmperf.read(file, told))
    taken: Taken | None = None
    calls = Calls()
    if common.dry_run:
        for _ in calls.counted(read, _Rows("read")):
            pass
    else:
        store = Store(common.project.results)
        taken, calls = time_in(common.project.results, store, read, told.run_id, told=_Rows("stored"))
    import_report.show_calls(calls, taken, common.configured, as_json=common.as_json)
    if calls.refused:
        raise CellsFailed(f"Rows that were refused: {len(calls.refused):,}.")


def _check_task(name: str | None) -> None:
    if name is not None and safe(name) != name:
        raise UsageError(
            f"'{name}' is no name of a task.",
            where="--task",
            remedy="Write small letters, digits, - and _, at most 64, the first a letter or digit.",
        )


def _check(seen: Survey, common: Common) -> None:
    """Raises UnknownName for a mapped model that is in no file, UsageError where no row can be taken."""
    for foreign in common.models:
        if seen.rows and foreign not in seen.foreign:
            raise UnknownName.of("model in the files", foreign, seen.foreign, where="--model-map")
    if seen.refused and not seen.rows:
        first = "; ".join(f"{r.file}, {r.place}: {r.reason}" for r in seen.listed[:3])
        raise UsageError(f"None of {seen.refused:,} rows can be taken. {first}.", where="bench import")


@dataclass(slots=True)
class _Rows:
    """Progress: a plain line every few seconds."""

    what: str
    _last: float = field(default_factory=time.monotonic)

    def __call__(self, rows: int) -> None:
        if rows % 50 == 0 and time.monotonic() - self._last >= LINE_S:
            self._last = time.monotonic()
            note(f"{rows:,} rows {self.what}")
