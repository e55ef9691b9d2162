"""Changes of a space's manifest by several writers at once, without a lock.

A version is written where there is none of its number. Who comes second reads the version that won, applies
the same change to it, and tries the next number.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from whichmodel.errors import StoreError
from whichmodel.remote.manifest import Manifest, dumped, loaded
from whichmodel.remote.objects import Missing, Objects

Change = Callable[[Manifest], Manifest]
"""Applied to its own result, it changes nothing more."""
TRIES = 500
PAUSE_S = 0.02
"""Of the first wait after a lost race; doubled each time up to the next, with chance."""
LONGEST_PAUSE_S = 1.0


def path(space: str, version: int) -> str:
    """Of a version's object."""
    return f"{space}/manifest/{version:020d}.json"


def versions(objects: Objects, space: str, after: int = 0) -> list[int]:
    """The numbers of the versions that lie there behind one, in order.

    after: a version known to have been there, so that few are listed; 0 = all.
    """
    held = objects.list(f"{space}/manifest/", after=path(space, after) if after else "")
    names = (one.path.rpartition("/")[2].removesuffix(".json") for one in held)
    return sorted(int(name) for name in names if name.isdigit())


def newest(objects: Objects, space: str, seen: int = 0) -> int:
    """The number of the highest version; 0 = nothing was ever committed.

    seen: the number that was the highest before, so that few are listed; a store that was made anew since
    then may have a lower one.
    """
    found = versions(objects, space, seen - 1) if seen > 1 else []
    return (found or versions(objects, space) or [0])[-1]


def head(objects: Objects, space: str, known: Manifest | None = None) -> Manifest:
    """The state of a space; version 0 where nothing was ever committed.

    known: a version that was read before; it is returned itself where it is still the highest.
    """
    for _ in range(TRIES):
        known_version = known.version if known else 0
        later = versions(objects, space, known_version)
        if not later:
            return known or Manifest()
        try:
            return _read(objects, space, later[-1])
        except Missing:  # pruned between the listing and the reading: there are later ones
            continue
    raise StoreError("The manifest is removed faster than it can be read.", where=objects.where(space))


def commit(objects: Objects, space: str, change: Change, known: Manifest | None = None) -> Manifest:
    """Apply a change to the state of a space; the manifest that has it.

    A change that changes nothing writes nothing. known: as for `head`. Raises StoreError.
    """
    mine: set[str] = set()
    for tried in range(TRIES):
        now = head(objects, space, known)
        changed = change(now)
        if changed == now or now.commit in mine:
            return now
        token = uuid.uuid4().hex
        mine.add(token)
        at = datetime.now(UTC)
        wanted = replace(changed, version=now.version + 1, commit=token, at=at)
        if objects.put_new(path(space, wanted.version), dumped(wanted)) and _stands(
            objects, space, change, wanted
        ):
            return wanted
        known = now
        time.sleep(random.uniform(0, min(LONGEST_PAUSE_S, PAUSE_S * 2**tried)))
    raise StoreError(
        f"Other writers were quicker {TRIES} times.",
        where=objects.where(space),
        remedy="Try again; `bench store push` brings what is missing.",
    )


def _stands(objects: Objects, space: str, change: Change, wanted: Manifest) -> bool:
    """Whether a version that was written has become part of the state.

    A writer that slept while old versions were pruned finds a number free that is long past.
    """
    later = versions(objects, space, wanted.version)
    if not later:
        return True
    try:
        now = _read(objects, space, later[-1])
    except Missing:
        return False
    return change(now) == now


def _read(objects: Objects, space: str, version: int) -> Manifest:
    where = path(space, version)
    found = loaded(objects.get(where), objects.where(where))
    if found.version != version:
        raise StoreError(
            f"The manifest says of itself that it is version {found.version}.",
            where=objects.where(where),
            remedy="Remove this object: somebody has put it there by hand.",
        )
    return found
