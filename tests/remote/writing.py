"""What tests of the store's spaces write and read, by the store's own parts and commits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from whichmodel.domain import Outcome
from whichmodel.remote import commit, parts, shelf
from whichmodel.remote.manifest import Manifest, Part
from whichmodel.remote.objects import Objects
from whichmodel.remote.space import PUBLIC
from whichmodel.store import schema


def put(objects: Objects, outcomes: Iterable[Outcome], space: str = PUBLIC) -> Part:
    """The outcomes as a part that nobody names yet."""
    return shelf.put(objects, space, *parts.made("outcomes", schema.arrow(list(outcomes))))


def add(objects: Objects, *held: Part, space: str = PUBLIC) -> Manifest:
    """Parts that lie there, committed."""
    return commit.commit(objects, space, partial(_added, held))


def push(objects: Objects, outcomes: Iterable[Outcome], space: str = PUBLIC) -> Part:
    """Both."""
    part = put(objects, outcomes, space)
    add(objects, part, space=space)
    return part


def _added(held: Iterable[Part], manifest: Manifest) -> Manifest:
    return manifest.add(held)


@dataclass(slots=True)
class Reading:
    """A reader who comes now and then."""

    objects: Objects
    space: str = PUBLIC
    got: set[str] = field(default_factory=set)
    """Keys of parts."""
    rows: dict[str, str] = field(default_factory=dict)
    """Key of an outcome -> its item; the first row of a key counts."""
    twice: int = 0
    """Rows that were read though they were known."""

    def refresh(self) -> tuple[Part, ...]:
        """Read what is new; those parts."""
        unread = commit.head(self.objects, self.space).unread(self.got)
        for part in unread:
            for batch in shelf.get(self.objects, self.space, part):
                for row in batch.select(["key", "item_id"]).to_pylist():
                    self.twice += row["key"] in self.rows
                    self.rows.setdefault(row["key"], row["item_id"])
        self.got |= commit.head(self.objects, self.space).keys
        return unread
