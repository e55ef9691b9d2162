"""What is in the shared store and not here, taken in: only parts that were not taken before."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from whichmodel.remote import commit, records, shelf
from whichmodel.remote.heed import follow, heed
from whichmodel.remote.manifest import Part, Table
from whichmodel.remote.parts import Unreadable
from whichmodel.remote.place import Place
from whichmodel.remote.push import Watch, noted, silent
from whichmodel.remote.records import Row
from whichmodel.remote.refusals import Denied
from whichmodel.store import Race, Run, labels
from whichmodel.store.exchange import Refused, State, rows_of


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
    seen: int = 0
    """The version that was taken in before. 0 = none."""


Found = tuple[list[Ahead], list[str]]
"""What is new, by space, and the spaces that deny reading."""


def ahead(place: Place) -> Found:
    """What a pull would take now, by space, and the spaces that deny reading. Raises Away."""
    state = place.exchange.state()
    found, closed = [], []
    for space in place.division(state).spaces:
        try:
            found.append(_ahead(place, space, state))
        except Denied:
            closed.append(space)
    return found, closed


def _ahead(place: Place, space: str, state: State) -> Ahead:
    seen = state.looked[space].version if space in state.looked else 0
    if commit.newest(place.objects(space), space, seen) == seen:
        return Ahead(space, seen, (), seen)
    manifest = place.head(space)
    return Ahead(space, manifest.version, manifest.unread(state.parts.get(space, frozenset())), seen)


def pull(place: Place, watch: Watch = silent, seen: Found | None = None) -> Pulled:
    """Take in what is new, and publish a snapshot of it. Again at once, it takes nothing. Raises Away.

    seen: what `ahead` has just given.
    """
    done = Pulled()
    found, done.closed = seen or ahead(place)
    whole = {one.space: one.version for one in found if _all_of(place, one, done, watch)}
    for one in found:
        if one.version != one.seen:
            _follow(place, one, one.space in whole, done)
    if (done.rows["outcomes"] or done.rows["labels"]) and labels.read(place.store.results):
        place.store.apply_labels()
    if done.rows.total() or done.dropped.total():
        place.store.publish()
    place.exchange.look(whole)
    return done


def met(place: Place) -> None:
    """Take in what lies there where nothing of it is known here, as after a rebuild.

    Otherwise a push would give rows again that lie there already. Raises Away.
    """
    if not place.exchange.state().parts:
        pull(place)


def _follow(place: Place, one: Ahead, whole: bool, done: Pulled) -> None:
    """Do here as was done there: drop what was deleted, and know compacted parts by their new names."""
    manifest = place.known(one.space)
    if whole and manifest.version == one.version:
        follow(place, one.space, manifest)
    done.dropped.update(heed(place, one.space, manifest))


def _all_of(place: Place, one: Ahead, done: Pulled, watch: Watch) -> bool:
    """Whether all parts of a space that are new could be taken."""
    before = len(done.faults)
    small: dict[Part, list[Row]] = {}
    for part in one.parts:
        try:
            batches = shelf.get(place.objects(one.space), one.space, part)
            if part.table == "outcomes" or part.table == "timings":
                done.rows[part.table] += place.exchange.take(part.table, noted(one.space, part), batches)
            else:
                small[part] = list(rows_of(batches))
            done.parts += 1
            done.bytes += part.bytes
        except (Unreadable, Refused) as error:
            if part.key in place.head(one.space).keys:  # else another came in its place meanwhile
                done.faults.append(str(error))
        watch(part.rows)
    if small:
        _few(place, one.space, small, done)
    return len(done.faults) == before


def _few(place: Place, space: str, small: Mapping[Part, list[Row]], done: Pulled) -> None:
    """Take the rows of small tables, each in place of what is known that says less."""
    state = place.exchange.state()
    rows: dict[Table, list[Row]] = {"runs": [], "races": [], "labels": []}
    for part, held in small.items():
        rows[part.table] += held
    runs = _later({run.run_id: run for run in state.runs}, map(records.run_of, rows["runs"]), _RUN)
    place.exchange.put_runs(runs)
    races = _later({race.race_id: race for race in state.races}, map(records.race_of, rows["races"]), _RACE)
    place.store.put_races(races)
    done.rows.update({"runs": len(runs), "races": len(races)})
    if rows["labels"]:
        with contextlib.suppress(Unreadable):  # told already: the part is among those of this space
            rows["labels"] = place.rows(space, "labels")
        fresh = records.to_append(rows["labels"], state.labels)
        place.exchange.append_labels(fresh)
        done.rows["labels"] += len(fresh)
    given = [(noted(space, part), [row["key"] for row in held]) for part, held in small.items()]
    place.exchange.gave_small(given)


T = TypeVar("T")
Merge = tuple[Callable[[T], str], Callable[[T, T], T]]
"""What a row is known by, and which of two rows says more."""
_RUN: Merge[Run] = (lambda run: run.run_id, records.later_run)
_RACE: Merge[Race] = (lambda race: race.race_id, records.later_race)


def _later(here: Mapping[str, T], given: Iterable[T], merge: Merge[T]) -> list[T]:
    """The rows that say more than what is here."""
    name, later = merge
    fresh: dict[str, T] = {}
    for row in given:
        known = fresh.get(name(row)) or here.get(name(row))
        said = later(known, row) if known else row
        if said != known:
            fresh[name(row)] = said
    return list(fresh.values())
