"""What travels to the nodes: this package, and of the project the files named here, never its keys."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import whichmodel

LEFT_HERE = ("items.jsonl", "__pycache__", ".*", "results", "*.pem", "*.key")
"""Names that do not travel: the items of a job go with it, hidden files (`.env`) may hold keys."""
TASK_FILES = (".py", ".yaml", ".yml", ".json", ".txt", ".md")


@dataclass(frozen=True, slots=True)
class Baggage:
    """Files of the project that jobs may need."""

    project: Path
    """Folder of bench.yaml."""
    tasks: Path
    """The project's own tasks."""
    records: tuple[Path, ...] = ()
    """Recorded answers that stand for models."""
    modules: tuple[str, ...] = ()
    """Python modules that stand for models."""


def packed(baggage: Baggage, into: Path) -> dict[str, Any]:
    """The runtime environment of a run, its files copied into a folder that stays until they are sent."""
    working = into / "project"
    working.mkdir(parents=True)
    if baggage.tasks.is_dir():
        shutil.copytree(baggage.tasks, working / "tasks", ignore=_not_code)
    for name in _top_levels(baggage.modules):
        for found in (baggage.project / name, baggage.project / f"{name}.py"):
            if found.is_dir():
                shutil.copytree(found, working / name, ignore=shutil.ignore_patterns(*LEFT_HERE))
            elif found.is_file():
                shutil.copyfile(found, working / found.name)
    for record in baggage.records:
        if record.is_relative_to(baggage.project):
            target = working / record.relative_to(baggage.project)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(record, target)
    package = into / "code" / "whichmodel"
    shutil.copytree(
        Path(whichmodel.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__", "bundled")
    )
    (working / "PROJECT").write_text("The files of a project that its jobs may need.\n")
    return {"working_dir": str(working), "py_modules": [str(package)]}


def _not_code(folder: str, names: list[str]) -> set[str]:
    hidden = shutil.ignore_patterns(*LEFT_HERE)(folder, names)
    files = {name for name in names if (Path(folder) / name).is_file()}
    return hidden | {name for name in files if Path(name).suffix not in TASK_FILES}


def _top_levels(modules: Iterable[str]) -> list[str]:
    return sorted({module.partition(".")[0] for module in modules})
