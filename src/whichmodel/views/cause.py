"""Failed cells by what made them fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from whichmodel.store import Failing


@dataclass(frozen=True, slots=True)
class Cause:
    """Cells that failed by the same class of error."""

    error_class: str
    cells: int
    example: str
    """One error's text. "" = none was noted."""
    tasks: tuple[str, ...]
    models: tuple[str, ...]
    command: str
    """Asks them again. "" = none of the models can be asked any more."""


def by_cause(rows: Iterable[Failing], again: Callable[[Sequence[Failing]], str]) -> tuple[Cause, ...]:
    """The causes, the most frequent first. again: the command that asks such cells again."""
    groups: dict[str, list[Failing]] = {}
    for row in rows:
        groups.setdefault(row.error_class, []).append(row)
    found = (_cause(name, group, again(group)) for name, group in groups.items())
    return tuple(sorted(found, key=lambda each: (-each.cells, each.error_class)))


def _cause(name: str, group: Sequence[Failing], command: str) -> Cause:
    return Cause(
        error_class=name,
        cells=sum(row.cells for row in group),
        example=next((row.example for row in group if row.example), ""),
        tasks=tuple(sorted({row.task for row in group})),
        models=tuple(sorted({row.model for row in group})),
        command=command,
    )
