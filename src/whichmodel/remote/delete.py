"""Rows that are to be gone: out of the parts, their logs and images with them, and for all who come later.

What was deleted is written down in the manifest, so that a writer who still has such rows leaves them out
and a reader drops them. It is said by task and by when a row was measured: what is measured later counts.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

import pyarrow as pa
import pyarrow.compute as pc

from whichmodel.remote import commit, compact, logs, parts, shelf
from whichmodel.remote.deleted import going
from whichmodel.remote.heed import heed
from whichmodel.remote.manifest import Deletion, Manifest, Part
from whichmodel.remote.objects import Held, Objects
from whichmodel.remote.place import Place
from whichmodel.remote.refusals import Denied
from whichmodel.remote.space import PUBLIC


@dataclass(frozen=True, slots=True)
class Named:
    """What else goes with rows, by name."""

    outcomes: frozenset[str] = frozenset()
    """Keys of outcomes, by which their labels are known."""
    refs: frozenset[str] = frozenset()
    """Folders of logs, and images."""

    def __or__(self, other: Named) -> Named:
        return Named(self.outcomes | other.outcomes, self.refs | other.refs)


NOTHING = Named()


@dataclass(frozen=True, slots=True)
class Doomed:
    """What a deletion takes from one space."""

    space: str
    rows: Mapping[str, int] = field(default_factory=dict)
    parts: int = 0
    """That hold such rows; what else they hold stays."""
    logs: tuple[Held, ...] = ()
    """Logs and images. A log that holds one such sample goes as a whole."""
    bytes: int = 0
    """Of those rows' share of their parts, about, and of the logs and images."""
    named: Named = NOTHING
    """By the rows of this space; some of it lies in others."""


class _More(Exception):
    """Somebody committed parts that are not looked through yet."""


def look_all(place: Place, spaces: Sequence[str], deletion: Deletion) -> tuple[list[Doomed], list[str]]:
    """What would go from each space, and the spaces that deny reading. Raises StoreError."""
    found, closed, named = [], [], NOTHING
    for space in sorted(spaces, key=lambda space: space != PUBLIC):
        try:
            found.append(look(place.objects(space), space, deletion, named))
        except Denied:
            closed.append(space)
            continue
        named |= found[-1].named
    return found, closed


def delete_all(place: Place, spaces: Sequence[str], deletion: Deletion) -> tuple[list[Doomed], list[str]]:
    """Let it go from each space and from the database here; the spaces that deny it. Raises StoreError.

    What people said of public answers lies in their own spaces: it goes before the answers, by whose keys it
    is known, so that the same command finds it again if this is cut off.
    """
    closed = [space for space in spaces if not _writable(place.objects(space), space)]
    open_ = [space for space in spaces if space not in closed]
    looked, _ = look_all(place, open_, deletion)
    named = reduce(or_, (one.named for one in looked), NOTHING)
    found = []
    for space in sorted(open_, key=lambda space: space == PUBLIC):
        found.append(delete(place.objects(space), space, deletion, named))
        heed(place, space, place.head(space))
    place.store.publish()
    return found, closed


def _writable(objects: Objects, space: str) -> bool:
    """Whether objects may be written and removed: nothing goes in one space that has to stay in another."""
    probe = f"{space}/writable-{uuid.uuid4().hex}"
    try:
        objects.put(probe, b"")
        objects.delete([probe])
        commit.head(objects, space)
    except Denied:
        return False
    return True


def look(objects: Objects, space: str, deletion: Deletion, elsewhere: Named = NOTHING) -> Doomed:
    """What would go, and nothing is changed. elsewhere: what goes with the rows of other spaces."""
    head = commit.head(objects, space)
    rows: Counter[str] = Counter()
    keys, refs, size, touched = set(elsewhere.outcomes), set(elsewhere.refs), 0, 0
    for part in _ordered(head, deletion):
        gone = _gone(objects, space, part, deletion, keys)
        if not gone.num_rows:
            continue
        touched += 1
        rows[part.table] += gone.num_rows
        size += part.bytes * gone.num_rows // part.rows
        if part.table == "outcomes":
            keys.update(gone["key"].to_pylist())
            refs.update(logs.named(gone))
    refs -= _images_that_stay(objects, space, head, deletion) if any(map(logs.is_image, refs)) else set()
    lying = tuple(_beside(objects, space, deletion, refs))
    size += sum(held.bytes for held in lying)
    return Doomed(space, dict(rows), touched, lying, size, Named(frozenset(keys), frozenset(refs)))


def delete(objects: Objects, space: str, deletion: Deletion, elsewhere: Named = NOTHING) -> Doomed:
    """Let it go. Raises StoreError; cut off, the rows are there as before, or gone, and it can be said again.

    Logs go first, so that none is left of rows that nobody finds any more.
    """
    found = look(objects, space, deletion, elsewhere)
    objects.delete(held.path for held in found.logs)
    keys = found.named.outcomes
    left: dict[str, Part | None] = {}

    def change(manifest: Manifest) -> Manifest:
        if any(part.key not in left for part in manifest.parts if deletion.touches(part)):
            raise _More
        return manifest.deleted(deletion, left)

    while True:
        for part in commit.head(objects, space).parts:
            if deletion.touches(part) and part.key not in left:
                becomes = _left(objects, space, part, deletion, keys)
                left[part.key] = becomes
                if becomes is not None:
                    left[becomes.key] = becomes
        try:
            head = commit.commit(objects, space, change)
        except _More:
            continue
        objects.delete(shelf.path(space, one.part) for one in head.retired if one.why == "deleted")
        return found


def _gone(objects: Objects, space: str, part: Part, deletion: Deletion, outcomes: Iterable[str]) -> pa.Table:
    """The rows of a part that go."""
    rows = _rows(objects, space, part)
    return rows.filter(going(part.table, rows, [deletion], outcomes))


def _images_that_stay(objects: Objects, space: str, head: Manifest, deletion: Deletion) -> set[str]:
    """Images that other rows name too: an answer that was kept and given again is one image."""
    staying = set[str]()
    for part in head.parts:
        if part.table == "outcomes" and not deletion.covers(part):
            rows = _rows(objects, space, part)
            stays = rows.filter(pc.invert(going(part.table, rows, [deletion])))
            staying.update(filter(logs.is_image, logs.named(stays)))
    return staying


def _ordered(head: Manifest, deletion: Deletion) -> Iterator[Part]:
    """The parts that it touches, outcomes before labels."""
    touched = [part for part in head.parts if deletion.touches(part)]
    yield from sorted(touched, key=lambda part: part.table == "labels")


def _left(
    objects: Objects, space: str, part: Part, deletion: Deletion, outcomes: Iterable[str]
) -> Part | None:
    """What a part becomes: itself, another with the rows that stay, or nothing."""
    if deletion.covers(part):
        return None
    rows = _rows(objects, space, part)
    stays = rows.filter(pc.invert(going(part.table, rows, [deletion], outcomes)))
    if stays.num_rows == rows.num_rows:
        return part
    return compact.put(objects, space, part.table, stays, [part.key]) if stays.num_rows else None


def _rows(objects: Objects, space: str, part: Part) -> pa.Table:
    return pa.Table.from_batches(shelf.get(objects, space, part), parts.SHAPES[part.table].columns)


def _beside(objects: Objects, space: str, deletion: Deletion, refs: set[str]) -> Iterator[Held]:
    """The logs and images of such rows; all of the space where all that it holds is meant."""
    everything = deletion.task is None and deletion.until >= deletion.at
    for held in logs.lying(objects, space):
        name = held.path.removeprefix(f"{space}/")
        if everything or name in refs or name.rpartition("/")[0] in refs:
            yield held
