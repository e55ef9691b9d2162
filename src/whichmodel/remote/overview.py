"""What lies in the store, what waits here, and what is new there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from whichmodel.remote.place import Place
from whichmodel.remote.push import waiting
from whichmodel.remote.refusals import Away, Denied
from whichmodel.store.exchange import State


@dataclass(frozen=True, slots=True)
class SpaceHeld:
    """One space of the store."""

    name: str
    version: int
    """0 = nothing was ever committed."""
    parts: int
    rows: int
    bytes: int
    at: datetime | None
    """When it was changed last, UTC. None = never."""
    unread_rows: int
    """Of parts that were not taken in here."""


@dataclass(slots=True)
class Overview:
    """The store and the results folder beside each other."""

    address: str
    waiting: dict[str, dict[str, int]]
    """Space -> table -> rows that are not there yet."""
    read_at: datetime | None = None
    """When all of it was read last, UTC; the earliest of its spaces. None = never."""
    spaces: list[SpaceHeld] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    error: str = ""
    """Why the store could not be asked. "" = it could."""


def overview(place: Place) -> Overview:
    """As far as the store can be reached."""
    state = place.exchange.state()
    read_at = min((one.at for one in state.looked.values()), default=None)
    found = Overview(place.shared.address, waiting(place), read_at)
    for space in place.division(state).spaces:
        try:
            found.spaces.append(_space(place, space, state))
        except Denied:
            found.closed.append(space)
        except Away as error:
            found.error = str(error)
            break
    return found


def _space(place: Place, space: str, state: State) -> SpaceHeld:
    manifest = place.head(space)
    unread = sum(part.rows for part in manifest.unread(state.parts.get(space, frozenset())))
    return SpaceHeld(
        space, manifest.version, len(manifest.parts), manifest.rows, manifest.bytes, manifest.at, unread
    )
