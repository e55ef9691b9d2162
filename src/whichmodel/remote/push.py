"""What is here and not in the shared store, given to it: part objects first, then the manifest of them.

Cut off between the two, an object lies there that nobody sees, and the same rows are given again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from whichmodel.remote import parts, records, shelf
from whichmodel.remote.deleted import going
from whichmodel.remote.heed import heed
from whichmodel.remote.manifest import Manifest, Part, Table
from whichmodel.remote.place import Place
from whichmodel.remote.records import Row
from whichmodel.remote.refusals import Away, Denied
from whichmodel.remote.shared import for_everybody
from whichmodel.remote.space import PUBLIC, Division
from whichmodel.store.exchange import Large, State
from whichmodel.store.shared import Given

LARGE: tuple[Large, ...] = ("outcomes", "timings")
DELETIONS = 10
"""That may be said while one push is under way."""
Watch = Callable[[int], None]
"""Called with the rows that were given since the last call."""


@dataclass(slots=True)
class Pushed:
    """What came of a push."""

    rows: Counter[str] = field(default_factory=Counter)
    """Table -> rows that were given; one that belongs to two spaces counts once for each."""
    parts: int = 0
    bytes: int = 0
    closed: list[str] = field(default_factory=list)
    """Spaces that deny writing; their rows wait here."""


def silent(rows: int) -> None:
    """Nobody watches."""


def waiting(place: Place) -> dict[str, dict[str, int]]:
    """Space -> table -> rows that a push would give it now. Asks nothing of the store."""
    state = place.exchange.state()
    division = place.division(state)
    found: dict[str, dict[str, int]] = {}
    for table in LARGE:
        for task, count in state.waiting[table].items():
            for space in division.of_task(task):
                found.setdefault(space, Counter())[table] += count
    for small, by_space in _small(place, state, division).items():
        for space, rows in by_space.items():
            if rows:
                found.setdefault(space, Counter())[small] += len(rows)
    return {space: dict(counts) for space, counts in found.items() if space in division.spaces}


class Unheeded(Exception):
    """Rows were deleted in a space that are still here."""

    def __init__(self, space: str) -> None:
        super().__init__(space)
        self.space = space


def push(place: Place, watch: Watch = silent) -> Pushed:
    """Give the store what it has not got. Again at once, it gives nothing. Raises Away where it is away.

    What was deleted there is not given again: such rows are dropped here first.
    """
    done = Pushed()
    for _ in range(DELETIONS):
        try:
            _all(place, done, watch)
            return done
        except Unheeded as late:
            if heed(place, late.space, place.head(late.space)):
                place.store.publish()
    raise Away("Rows are deleted there as fast as they are given.", where=place.shared.address)


def _all(place: Place, done: Pushed, watch: Watch) -> None:
    state = place.exchange.state()
    division = place.division(state)
    for table in LARGE:
        for spaces, tasks in _grouped(state.waiting[table], division).items():
            if set(spaces) <= set(division.spaces):
                _large(place, table, spaces, tasks, done, watch)
    for small, by_space in _small(place, state, division).items():
        for space, rows in by_space.items():
            if rows and space in division.spaces and space not in done.closed:
                _few(place, space, small, rows, done)
                watch(len(rows))


def _grouped(tasks: Mapping[str, int], division: Division) -> dict[tuple[str, ...], list[str]]:
    grouped: dict[tuple[str, ...], list[str]] = {}
    for task in tasks:
        grouped.setdefault(division.of_task(task), []).append(task)
    return grouped


def _large(
    place: Place, table: Large, spaces: Sequence[str], tasks: Sequence[str], done: Pushed, watch: Watch
) -> None:
    """Batch by batch, each of which is noted as soon as it lies there, in every space it belongs to."""
    if shut := [space for space in spaces if space in done.closed]:
        return _close(done, shut)
    while True:
        rows = place.exchange.batch(table, tasks, parts.MOST_ROWS, parts.MOST_BYTES)
        if not rows.num_rows:
            return None
        given = []
        for space in spaces:
            try:
                given.append(give(place, space, table, rows, done))
            except Denied:
                return _close(done, [space])
        place.exchange.gave(table, rows["key"], given)
        watch(rows.num_rows)


def _few(place: Place, space: str, table: Table, rows: Sequence[Row], done: Pushed) -> None:
    try:
        placed = _in_order(place, space, rows) if table == "labels" else rows
        made = records.table(table, placed)
        if table != "labels":
            made = made.filter(pc.invert(going(table, made, place.known(space).deletions)))
        if not made.num_rows:
            return None
        part = give(place, space, table, made, done)
    except Denied:
        return _close(done, [space])
    place.exchange.gave_small([(part, made["key"].to_pylist())])
    return None


def _close(done: Pushed, spaces: Sequence[str]) -> None:
    done.closed += [space for space in spaces if space not in done.closed]


def give(place: Place, space: str, table: Table, rows: pa.Table, done: Pushed) -> Given:
    """Put rows there as a part, and commit it. Raises Unheeded where some of them were deleted there."""
    held = place.known(space)
    _heeded(space, table, rows, held)
    seen = for_everybody(rows, place.own_priced) if space == PUBLIC and table in LARGE else rows
    part, data = parts.made(table, seen)
    if part.key in held.keys | held.gone:
        return noted(space, part)
    part = shelf.put(place.objects(space), space, part, data)

    def add(manifest: Manifest) -> Manifest:
        _heeded(space, table, rows, manifest)
        return manifest.add([part])

    try:
        place.commit(space, add)
    except Unheeded:
        if part.key not in place.head(space).keys:
            place.objects(space).delete([shelf.path(space, part)])
        raise
    done.rows[table] += part.rows
    done.parts += 1
    done.bytes += part.bytes
    return noted(space, part)


def _heeded(space: str, table: Table, rows: pa.Table, manifest: Manifest) -> None:
    """Labels have no time of their own: those of outcomes that are here are given (`State.said`)."""
    if table != "labels" and pc.any(going(table, rows, manifest.deletions)).as_py():
        raise Unheeded(space)


def noted(space: str, part: Part) -> Given:
    """A part as the database notes it."""
    return Given(space, part.key, part.table, part.rows, part.tasks)


Fresh = Mapping[str, list[Row]]
"""Space -> rows that are not there yet."""


def _small(place: Place, state: State, division: Division) -> dict[Table, Fresh]:
    """Table -> space -> rows of the small tables that are not there yet."""
    runs: dict[str, list[Row]] = {}
    tasks = place.exchange.tasks_of_runs() if state.runs else {}
    for run in state.runs:
        spaces = {space for task in tasks.get(run.run_id, ()) for space in division.of_task(task)}
        for space in sorted(spaces):
            runs.setdefault(space, []).append(records.run_row(division.told(run, space)))
    races: dict[str, list[Row]] = {}
    for race in state.races:
        for space in division.of_race(race.organisation):
            races.setdefault(space, []).append(records.race_row(race))
    said = state.said
    homes = sorted({space for label in said for space in division.of_label(label.task)})
    labels = {space: records.label_rows(division.labels(said, space)) for space in homes}
    return {
        "runs": _fresh(state, "runs", runs),
        "races": _fresh(state, "races", races),
        "labels": _fresh(state, "labels", labels),
    }


def _fresh(state: State, table: Table, rows: Fresh) -> Fresh:
    known = {space: state.small.get((space, table), frozenset()) for space in rows}
    return {space: [row for row in given if row["key"] not in known[space]] for space, given in rows.items()}


def _in_order(place: Place, space: str, fresh: Sequence[Row]) -> list[Row]:
    """Labels with their places, behind all that lie in the store now."""
    last = max((row["place"] for row in place.rows(space, "labels")), default=-1)
    return [{**row, "place": last + 1 + number} for number, row in enumerate(fresh)]
