"""What `bench report` reads and writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from whichmodel.cli.output import note
from whichmodel.cli.project import Project
from whichmodel.domain import RoutingTable
from whichmodel.errors import BenchError, UnknownName, UsageError
from whichmodel.export.stored import file, stored
from whichmodel.report import FORMATS, Report
from whichmodel.report.content import report
from whichmodel.store import Panel
from whichmodel.views import board
from whichmodel.views.deployed import read
from whichmodel.views.source import Source

State = Literal["written", "unchanged"]


@dataclass(frozen=True, slots=True)
class Written:
    """One file."""

    format: str
    path: Path
    state: State
    """unchanged = it stood there already, to the byte."""
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Files:
    """All of them, and the first format that could not be made."""

    files: tuple[Written, ...]
    error: BenchError | None


def gathered(project: Project, org: str | None, *, deployed: str, since: str | None) -> Report:
    """The report of today's decision, beside a table. Raises UsageError, UnknownName, ConfigError."""
    if deployed and since:
        raise UsageError("--deployed and --since go one at a time.", where="bench report")
    organisation = project.config.organisation(org)
    source = project.source()
    panel = project.stored_panel(source.reader)
    if since is not None:
        view = board.view(source, panel, organisation.name)
        return report(source, view, _as_of(source, panel, organisation.name, since), f"run {since}")
    table = _deployed(project, organisation.name, deployed)
    if table is not None and table.simulated != (panel == "simulated"):
        kind = "simulated" if table.simulated else "real"
        note(f"The deployed table rests on {kind} models, and is left out.")
        table = None
    view = board.view(source, panel, organisation.name, deployed=table)
    beside = "" if table is None else f"the deployed table of {table.created_at:%Y-%m-%d}"
    return report(source, view, table, beside)


def _as_of(source: Source, panel: Panel, organisation: str, run: str) -> RoutingTable:
    known = [one.run_id for one in board.panel_runs(source, panel)]
    if run not in known:
        raise UnknownName.of("run", run, known, where="--since")
    return board.view(source, panel, organisation, until_run=run).table


def _deployed(project: Project, organisation: str, named: str) -> RoutingTable | None:
    """The named table, or the last one under results/routing where there is one that can be read."""
    if named:
        return read(project.results, organisation, named)[0]
    if not file(project.results, organisation).is_file():
        return None
    try:
        return stored(project.results, organisation)
    except BenchError as error:
        note(f"The last routing table is passed over: {error}")
        return None


def write(made: Report, formats: Sequence[str], folder: Path) -> Files:
    """Write the files of each format, whole or not at all; one that cannot be made is told at the end."""
    found: list[Written] = []
    error: BenchError | None = None
    for name in formats:
        try:
            files = FORMATS[name].load()(made)
        except BenchError as lacking:
            error = error or lacking
            continue
        found += [_written(name, folder / path, content) for path, content in files.items()]
    return Files(tuple(found), error)


def _written(name: str, path: Path, content: bytes) -> Written:
    try:
        if path.is_file() and path.read_bytes() == content:
            return Written(name, path, "unchanged", len(content))
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.part")
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        raise UsageError(f"The file cannot be written: {error.strerror}.", where=str(path)) from error
    return Written(name, path, "written", len(content))


def lines(made: Report, written: Files) -> Iterator[str]:
    """Where they are."""
    for one in written.files:
        yield f"{'Wrote' if one.state == 'written' else 'Unchanged:'} {one.path}"
    if made.view.simulated:
        yield "They rest on simulated models: they show how a decision looks, not which model is good."


def as_json(made: Report, written: Files) -> dict[str, Any]:
    """The same as one document."""
    changes = made.changes
    return {
        "organisation": made.organisation,
        "simulated": made.view.simulated,
        "beside": made.beside or None,
        "changes": None if changes is None else [change.task for change in changes],
        "files": [
            {"format": one.format, "path": str(one.path), "state": one.state, "bytes": one.size}
            for one in written.files
        ],
    }
