"""What is in the shared store and not here, taken in: only parts that were not taken before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from whichmodel.remote import commit, records, shelf
from whichmodel.remote.heed import follow, heed
from whichmodel.remote.manifest import Part
from whichmodel.remote.parts import Unreadable
from whichmodel.remote.place import Place
from whichmodel.remote.push import Watch, noted, silent
from whichmodel.remote.records import Row
from whichmodel.remote.refusals import Denied
from whichmodel.store import Race, Run, labels
from whichmodel.store.exchange import Refused, rows_of


@dataclass(slots=True)
class Pulled:
    """What came of a pull."""

    rows: Counter[str] = field(default_factory=Counter)
    """Table -> rows that are new here."""
    parts: int = 0
    """That were read."""
    bytes: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    """Table -> rows here that were deleted there."""
    faults: list[str] = field(default_factory=list)
    """Parts that could not be taken, each with the reason; all others were."""
    closed: list[str] = field(default_factory=list)
    """Spaces that deny reading."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What of a space is not here."""

    space: str
    version: int
    """Of its manifest."""
    parts: tuple[Part, ...]


Found = tuple[list[Ahead], list[str]]
"""What is new, by space, and the spaces that deny reading."""


def ahead(place: Place) -> Found:
    """What a pull would take now, by space, and the spaces that deny reading. Raises Away."""
    looked = place.exchange.looked()
    found, closed = [], []
    for space in place.division().spaces:
        try:
            found.append(_ahead(place, space, looked[space].version if space in looked else 0))
        except Denied:
            closed.append(space)
    return found, closed


def _ahead(place: Place, space: str, seen: int) -> Ahead:
    if commit.newest(place.objects(space), space, seen) == seen:
        return Ahead(space, seen, ())
    manifest = place.head(space)
    return Ahead(space, manifest.version, manifest.unread(place.exchange.parts(space)))


def pull(place: Place, watch: Watch = silent, seen: Found | None = None) -> Pulled:
    """Take in what is new, and publish a snapshot of it. Again at once, it takes nothing. Raises Away.

    seen: what `ahead` has just given.
    """
    done = Pulled()
    found, done.closed = seen or ahead(place)
    seen_before = place.exchange.looked()
    whole = {one.space: one.version for one in found if _all_of(place, one, done, watch)}
    for one in found:
        before = seen_before.get(one.space)
        if before is None or before.version != one.version:
            _follow(place, one, one.space in whole, done)
    if (done.rows["outcomes"] or done.rows["labels"]) and labels.read(place.store.results):
        place.store.apply_labels()
    if done.rows.total() or done.dropped.total():
        place.store.publish()
    place.exchange.look(whole)
    return done


def _follow(place: Place, one: Ahead, whole: bool, done: Pulled) -> None:
    """Do here as was done there: drop what was deleted, and know compacted parts by their new names."""
    manifest = place.known(one.space)
    if whole and manifest.version == one.version:
        follow(place, one.space, manifest)
    done.dropped.update(heed(place, one.space, manifest))


def _all_of(place: Place, one: Ahead, done: Pulled, watch: Watch) -> bool:
    """Whether all parts of a space that are new could be taken."""
    before = len(done.faults)
    for part in one.parts:
        try:
            _take(place, one.space, part, done)
        except (Unreadable, Refused) as error:
            done.faults.append(str(error))
        watch(part.rows)
    if any(part.table == "labels" for part in one.parts):
        try:
            _labels(place, one, done)
        except Unreadable as error:
            done.faults.append(str(error))
    return len(done.faults) == before


def _take(place: Place, space: str, part: Part, done: Pulled) -> None:
    given = noted(space, part)
    if part.table == "labels":
        return
    batches = shelf.get(place.objects(space), space, part)
    if part.table == "outcomes" or part.table == "timings":
        done.rows[part.table] += place.exchange.take(part.table, given, batches)
    else:
        rows = list(rows_of(batches))
        done.rows[part.table] += _small(place, part, rows)
        place.exchange.gave_small(given, [row["key"] for row in rows])
    done.parts += 1
    done.bytes += part.bytes


def _small(place: Place, part: Part, rows: Sequence[Row]) -> int:
    if part.table == "runs":
        return _runs(place, map(records.run_of, rows))
    return _races(place, map(records.race_of, rows))


def _runs(place: Place, given: Iterable[Run]) -> int:
    here = {run.run_id: run for run in place.exchange.runs()}
    fresh: dict[str, Run] = {}
    for run in given:
        known = fresh.get(run.run_id) or here.get(run.run_id)
        later = records.later_run(known, run) if known else run
        if later != known:
            fresh[run.run_id] = later
    place.exchange.put_runs(list(fresh.values()))
    return len(fresh)


def _races(place: Place, given: Iterable[Race]) -> int:
    here = {race.race_id: race for race in place.store.races()}
    fresh: dict[str, Race] = {}
    for race in given:
        known = fresh.get(race.race_id) or here.get(race.race_id)
        later = records.later_race(known, race) if known else race
        if later != known:
            fresh[race.race_id] = later
    place.store.put_races(list(fresh.values()))
    return len(fresh)


def _labels(place: Place, one: Ahead, done: Pulled) -> None:
    """Bring the labels of a space into the order that all readers have."""
    rows = place.rows(one.space, "labels")
    fresh = records.to_append(rows, labels.read(place.store.results))
    place.exchange.append_labels(fresh)
    done.rows["labels"] += len(fresh)
    place.exchange.note_small(one.space, "labels", [row["key"] for row in rows])
    for part in one.parts:
        if part.table == "labels":
            place.exchange.gave_small(noted(one.space, part), ())
