"""Tasks of the package inspect-evals, known by their cards and not imported."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import yaml

from whichmodel.domain import TaskCard
from whichmodel.errors import TaskError, UnknownName

PACKAGE = "inspect_evals"
CARD = "eval.yaml"
CATEGORY_OF_GROUP = {"Coding": "coding", "Summarization": "summarization"}
"""Groups of inspect-evals that are a category here; the others are reasoning."""


def foreign_card(name: str) -> TaskCard:
    """The card that stands for `inspect_evals/<task>`. Raises TaskError without the package, UnknownName."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise TaskError(
            f"The task '{name}' needs the package inspect-evals, which is not installed.",
            where="--tasks",
            remedy="Install it: `pip install inspect-evals`.",
        )
    short = name.partition("/")[2]
    known = dict(_tasks(Path(next(iter(spec.submodule_search_locations)))))
    if short not in known:
        raise UnknownName.of(f"{PACKAGE} task", short, known, where="--tasks")
    folder, card, samples = known[short]
    return TaskCard(
        name=f"{PACKAGE}-{short}",
        category=CATEGORY_OF_GROUP.get(str(card.get("group")), "reasoning"),
        title=str(card.get("title", short)),
        description=str(card.get("description", "")).strip(),
        version=f"{card.get('version', '')} of inspect-evals {_version()}".strip(),
        licence="see inspect-evals",
        source=str(card.get("arxiv", name)),
        metric="as the task's own scorer",
        scorer="its own",
        count=samples,
        folder=folder,
        inspect_task=name,
    )


def _tasks(root: Path) -> Iterator[tuple[str, tuple[Path, dict[str, Any], int]]]:
    """Task name -> its folder, the card it stands in, and the items that it is said to have."""
    for path in sorted(root.glob(f"*/{CARD}")):
        card = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for task in card.get("tasks", ()):
            yield str(task["name"]), (path.parent, card, int(task.get("dataset_samples") or 0))


def _version() -> str:
    try:
        return version("inspect-evals")
    except PackageNotFoundError:
        return ""
