"""Parts that are damaged or lost in the store, made anew from the rows that are here."""

from __future__ import annotations

from dataclasses import dataclass, field

from whichmodel.remote import parts, shelf
from whichmodel.remote.manifest import Part
from whichmodel.remote.place import Place
from whichmodel.remote.shared import for_everybody
from whichmodel.remote.space import PUBLIC


@dataclass(slots=True)
class Mended:
    """What came of it."""

    parts: int = 0
    """Objects that were written anew, as they were."""
    again: int = 0
    """Parts that the store has no more, whose rows the next push gives it."""
    lost: list[str] = field(default_factory=list)
    """Addresses of damaged parts whose rows are not all here."""


def mend(place: Place) -> Mended:
    """Look at all objects of the spaces, by their sizes, and write those anew that are not as committed.

    Parts that this database takes for shared and that the store does not know, as after the store was made
    anew, are given again by the next push.
    """
    done, state = Mended(), place.exchange.state()
    for space in place.division(state).spaces:
        manifest, here = place.head(space), state.parts.get(space, frozenset())
        held = {one.path: one.bytes for one in place.objects(space).list(f"{space}/parts/")}
        for part in manifest.parts:
            if held.get(shelf.path(space, part)) != part.bytes or not _sound(place, space, part):
                _anew(place, space, part, done, noted=part.key in here)
        known = manifest.keys | manifest.gone
        for key in sorted(here - known):
            place.exchange.forget(space, key)
            done.again += 1
    return done


def _sound(place: Place, space: str, part: Part) -> bool:
    try:
        return sum(len(batch) for batch in shelf.get(place.objects(space), space, part)) == part.rows
    except parts.Unreadable:
        return part.schema > parts.SHAPES[part.table].version


def _anew(place: Place, space: str, part: Part, done: Mended, *, noted: bool) -> None:
    """Write a part as it was, if its rows are noted to be here; where the rows came by several
    parts, strike it out and give them again."""
    where = shelf.path(space, part)
    if part.table == "outcomes" or part.table == "timings":
        rows = place.exchange.of_part(part.table, part.key)
        seen = for_everybody(rows, place.own_priced) if space == PUBLIC else rows
        made, data = parts.made(part.table, seen, part.made_of) if rows.num_rows else (part, b"")
        if data and made.key == part.key:
            place.objects(space).put(where, data)
            place.commit(space, lambda manifest: manifest.mended([made]))
            done.parts += 1
            return
    if not noted:
        done.lost.append(place.objects(space).where(where))
        return
    place.exchange.forget(space, part.key)
    place.commit(space, lambda manifest: manifest.struck([part.key]))
    done.again += 1
