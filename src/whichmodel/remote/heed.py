"""What was deleted in the store goes here too, and what was compacted there is known here by its new name."""

from __future__ import annotations

from collections.abc import Iterable

from whichmodel.remote.manifest import Deletion, Manifest
from whichmodel.remote.place import Place
from whichmodel.remote.space import PUBLIC, Division
from whichmodel.store import lapsed
from whichmodel.store.shared import Given


def heed(place: Place, space: str, manifest: Manifest) -> dict[str, int]:
    """Drop the rows here that were deleted in a space; table -> how many."""
    if not manifest.deletions:
        return {}
    return lapsed.drop(place.store, lapses(place.division(), space, manifest.deletions))


def lapses(division: Division, space: str, deletions: Iterable[Deletion]) -> list[lapsed.Lapse]:
    """Deletions as the database knows which rows are meant, which has no spaces."""
    if space == PUBLIC:
        organisation, tasks = None, tuple(sorted(division.private))
    else:
        organisation = space.removeprefix("org/")
        tasks = tuple(sorted(task for task, owners in division.private.items() if organisation in owners))
    return [lapsed.Lapse(one.until, one.task, organisation, tasks) for one in deletions]


def follow(place: Place, space: str, manifest: Manifest) -> None:
    """Call the rows here by the parts that hold them now. All parts of the manifest are here."""
    read = place.exchange.parts(space)
    traces = {part: old for part in manifest.parts if (old := manifest.trace(part, read))}
    moved = {key for old in traces.values() for key in old}
    ended = (read & manifest.gone) - moved
    if not traces and not ended:
        return
    became = {Given(space, part.key, part.table, part.rows, part.tasks): old for part, old in traces.items()}
    lapsed.follow(place.store, became, space, sorted(ended))
