"""What nobody reads any more is removed, once it has been so for a time of grace.

A reader reads a manifest and then its parts, a writer writes its parts and then a manifest: what either may
still need was of use within the time of grace.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from whichmodel.remote import commit, shelf
from whichmodel.remote.manifest import Manifest
from whichmodel.remote.objects import Held, Objects

GRACE = timedelta(hours=24)
LEAST_GRACE = 2 * shelf.ADOPTED
"""A shorter one could take an object from a push that is under way."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed from one space."""

    space: str
    parts: int
    manifests: int
    bytes: int


def prune(objects: Objects, space: str, grace: timedelta = GRACE) -> Pruned:
    """Remove retired parts, objects that no version names, and old versions. Raises Away.

    Cut off, the rest is removed the next time.
    """
    versions = _versions(objects, space)
    lying = list(objects.list(f"{space}/parts/"))
    head = commit.head(objects, space)
    over = datetime.now(UTC) - grace
    old_parts = list(_unread(head, space, lying, over))
    old_versions = [now for now, after in pairwise(versions) if after.modified <= over]
    objects.delete(held.path for held in old_parts)
    retired = {one.part.key for one in head.retired if one.at <= over}
    if retired:
        commit.commit(objects, space, lambda manifest: manifest.forgotten(retired), head)
    objects.delete(held.path for held in old_versions)
    removed = [*old_parts, *old_versions]
    return Pruned(space, len(old_parts), len(old_versions), sum(held.bytes for held in removed))


def _versions(objects: Objects, space: str) -> list[Held]:
    """Objects of versions, the oldest first."""
    held = objects.list(f"{space}/manifest/")
    return sorted((one for one in held if one.path.endswith(".json")), key=lambda one: one.path)


def _unread(head: Manifest, space: str, lying: list[Held], over: datetime) -> Iterator[Held]:
    """Parts that do not count, and did not within the time of grace."""
    in_use = {shelf.path(space, part) for part in head.parts}
    retired = {shelf.path(space, one.part): one.at for one in head.retired}
    for held in lying:
        if held.path not in in_use and retired.get(held.path, held.modified) <= over:
            yield held
