"""Task cards found by name, category, glob or path, without importing a task's code."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from importlib.metadata import entry_points
from pathlib import Path

from whichmodel.domain import CATEGORIES, JUDGE, TaskCard
from whichmodel.errors import ConfigError, TaskError, UnknownName
from whichmodel.registry.card_file import CardFile
from whichmodel.registry.foreign import PACKAGE, foreign_card
from whichmodel.strict_yaml import load

CARD = "task.yaml"
ENTRY_POINTS = "whichmodel.tasks"
"""Group of entry points; each names a package whose folder holds `<category>/<name>/task.yaml`."""


def bundled_folder() -> Path:
    """The tasks that come with the program: beside the source, else inside the wheel."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parents[1] / "tasks", package / "bundled" / "tasks"):
        if folder.is_dir():
            return folder
    raise TaskError(
        "The bundled tasks are missing from this installation.",
        where=str(package / "bundled" / "tasks"),
        remedy="Install whichmodel again, or name a task by its path: `--tasks path/to/task`.",
    )


def read_card(folder: Path) -> TaskCard:
    """The card of one task folder. Raises ConfigError naming file, line and key."""
    file = load(folder / CARD, CardFile)
    for key, stands, expected in (
        ("name", file.name, folder.name),
        ("category", file.category, folder.parent.name),
    ):
        if stands != expected:
            raise ConfigError(
                f"`{key}` is {stands} in a folder of {expected}.",
                where=str(folder / CARD),
                remedy=f"Write `{key}: {expected}` or move the folder.",
            )
    for name in file.uses:
        if not (folder.parent / name).is_dir():
            raise ConfigError(
                f"`uses` names {name}, which is no folder beside this one.",
                where=str(folder / CARD),
                remedy=f"Copy that folder too, or name another one of {folder.parent.name}.",
            )
    written = file.model_dump(exclude={"dataset"}) | {
        "uses": tuple(file.uses),
        "judged": file.judged or file.scorer == JUDGE,
    }
    return TaskCard(**written, folder=folder, hub=file.hub())


def all_cards(extra: Path | None = None) -> tuple[TaskCard, ...]:
    """Every known task in the order of the categories: bundled, `extra` (a project's own), installed."""
    cards = [read_card(folder) for folder in _folders(extra).values()]
    return tuple(sorted(cards, key=lambda card: (CATEGORIES.index(card.category), card.name)))


def task_names(extra: Path | None = None) -> frozenset[str]:
    """The names of all known tasks, their cards unread."""
    return frozenset(_folders(extra))


def _folders(extra: Path | None) -> dict[str, Path]:
    """The folder of each task, which has its name."""
    folders: dict[str, Path] = {}
    roots = [bundled_folder(), *_installed(), *([extra] if extra and extra.is_dir() else [])]
    for root in dict.fromkeys(root.resolve() for root in roots):
        for card in root.glob(f"*/*/{CARD}"):
            folders[card.parent.name] = card.parent
    return folders


def _installed() -> Iterator[Path]:
    """Folders of tasks that other packages bring, found without importing them."""
    for point in entry_points(group=ENTRY_POINTS):
        spec = importlib.util.find_spec(point.value)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            yield Path(place)


def find(names: Sequence[str] = (), *, extra: Path | None = None) -> tuple[TaskCard, ...]:
    """The tasks of names, categories, globs, paths and `inspect_evals/<task>`; () = all, once each.

    Raises UnknownName with the nearest names, TaskError where nothing is left to run.
    """
    cards = all_cards(extra)
    if not names:
        if not cards:
            raise TaskError("There is no task at all.", where=str(bundled_folder()))
        return cards
    found: dict[str, TaskCard] = {}
    for name in names:
        found.update((card.name, card) for card in _matching(name, cards))
    return tuple(found.values())


def _matching(name: str, cards: Iterable[TaskCard]) -> list[TaskCard]:
    if name.startswith(f"{PACKAGE}/"):
        return [foreign_card(name)]
    by_pattern = [c for c in cards if name in (c.category, c.name) or fnmatchcase(c.name, name)]
    if by_pattern:
        return by_pattern
    path = Path(name)
    if (path / CARD).is_file():
        return [read_card(path.resolve())]
    if path.is_dir() and (nested := sorted(path.rglob(CARD))):
        return [read_card(card.parent.resolve()) for card in nested]
    known = [*CATEGORIES, *(card.name for card in cards)]
    raise UnknownName.of("task", name, known, where="--tasks")


def names_it(names: Sequence[str], card: TaskCard) -> bool:
    """Whether one of the names is this task's own name or its folder: no category, glob or folder of many."""
    return any(name == card.name or Path(name).resolve() == card.folder.resolve() for name in names)
