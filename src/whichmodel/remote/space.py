"""Which space of the store a row belongs to: what everybody may see, or one organisation's own.

Spaces are prefixes, so that the store's own rights keep one organisation's rows from another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from whichmodel.domain import Organisation
from whichmodel.store import Run
from whichmodel.store.labels import Label

PUBLIC = "public"


def own(organisation: str) -> str:
    """The space of an organisation."""
    return f"org/{organisation}"


@dataclass(frozen=True, slots=True)
class Division:
    """How rows are divided among spaces."""

    organisations: tuple[str, ...]
    """All that are known here."""
    private: Mapping[str, tuple[str, ...]]
    """Task -> the organisations that keep it to themselves."""
    home: str | None = None
    """The organisation that works here. None = nobody says which."""
    alone: bool = False
    """Only its spaces are touched, though others are known."""

    @classmethod
    def of(
        cls,
        organisations: Iterable[Organisation],
        known: Mapping[str, Iterable[str]] | None = None,
        home: str | None = None,
        *,
        alone: bool = False,
    ) -> Division:
        """By what the configuration says.

        known: task -> spaces in which its rows were met before. A task that was an organisation's own once
        never becomes public because a line of a configuration went missing.
        """
        names, private = [], dict[str, set[str]]()
        for one in organisations:
            names.append(one.name)
            for task in one.private_tasks:
                private.setdefault(task, set()).add(one.name)
        for task, spaces in (known or {}).items():
            owners = {space.removeprefix("org/") for space in spaces if space != PUBLIC}
            if owners and task not in private:
                private[task] = owners
        owned = {task: tuple(sorted(who)) for task, who in private.items()}
        return cls(tuple(sorted(names)), owned, home, alone)

    @property
    def spaces(self) -> tuple[str, ...]:
        """All that may hold rows, the public one first."""
        if self.alone and self.home:
            return (PUBLIC, own(self.home))
        owners = {name for names in self.private.values() for name in names}
        return (PUBLIC, *map(own, sorted(owners | set(self.organisations))))

    def of_task(self, task: str) -> tuple[str, ...]:
        """Where the outcomes and timings of a task belong."""
        owners = self.private.get(task)
        return tuple(map(own, owners)) if owners else (PUBLIC,)

    def of_label(self, task: str) -> tuple[str, ...]:
        """What people say of an answer is their organisation's, whoever else may see the answer."""
        spaces = self.of_task(task)
        return (own(self.home),) if spaces == (PUBLIC,) and self.home else spaces

    def of_race(self, organisation: str) -> tuple[str, ...]:
        """A race is decided by an organisation's own rule and workloads: it is never public."""
        return (own(organisation),)

    def labels(self, labels: Iterable[Label], space: str) -> list[Label]:
        """Of these, the ones that belong to a space."""
        return [label for label in labels if space in self.of_label(label.task)]

    def told(self, run: Run, space: str) -> Run:
        """A run as a space may see it: without a command that names what is another's."""
        here = space.removeprefix("org/")
        hidden = {task for task, owners in self.private.items() if here not in owners}
        others = {name for name in self.organisations if name != here}
        words = set(re.findall(r"[A-Za-z0-9_-]+", run.command))
        return replace(run, command="") if words & (hidden | others) else run
