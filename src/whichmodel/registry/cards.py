"""Task cards found by name, category, glob or path, without importing a task's code."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from importlib.metadata import entry_points
from pathlib import Path
from typing import Literal

from pydantic import Field

from whichmodel.domain import CATEGORIES, JUDGE, Json, TaskCard
from whichmodel.errors import ConfigError, TaskError, UnknownName
from whichmodel.registry.foreign import PACKAGE, foreign_card
from whichmodel.strict_yaml import Document, load

CARD = "task.yaml"
ENTRY_POINTS = "whichmodel.tasks"
"""Group of entry points; each names a package whose folder holds `<category>/<name>/task.yaml`."""
Name = r"^[a-z0-9][a-z0-9_-]{0,63}$"


class CardFile(Document):
    """task.yaml as it is written; the fields are those of `TaskCard`."""

    name: str = Field(pattern=Name)
    category: Literal[
        "coding",
        "reasoning",
        "extraction",
        "summarization",
        "image-prompt",
        "classification",
        "translation",
    ]
    title: str
    description: str
    version: str
    licence: str
    source: str
    metric: str
    scorer: str
    options: dict[str, Json] = Field(default_factory=dict)
    system: str = ""
    items: Literal["generate.py", "items.jsonl"] = "generate.py"
    count: int = Field(default=400, gt=0)
    answers: Literal["text", "image"] = "text"
    sandbox: bool = False
    judged: bool = False
    max_tokens: int = Field(default=1024, gt=0)


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
    judged = file.judged or file.scorer == JUDGE
    return TaskCard(**file.model_dump() | {"judged": judged}, folder=folder)


def all_cards(extra: Path | None = None) -> tuple[TaskCard, ...]:
    """Every known task in the order of the categories: bundled, `extra` (a project's own), installed."""
    folders: dict[str, Path] = {}
    roots = [bundled_folder(), *_installed(), *([extra] if extra and extra.is_dir() else [])]
    for root in dict.fromkeys(root.resolve() for root in roots):
        for card in root.glob(f"*/*/{CARD}"):
            folders[card.parent.name] = card.parent
    cards = [read_card(folder) for folder in folders.values()]
    return tuple(sorted(cards, key=lambda card: (CATEGORIES.index(card.category), card.name)))


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
