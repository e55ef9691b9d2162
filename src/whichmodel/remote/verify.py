"""Whether the results folder and the shared store hold the same, row by row, both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import pyarrow as pa

from whichmodel.remote import records, shelf
from whichmodel.remote.manifest import Table
from whichmodel.remote.parts import MOST_ROWS, Unreadable
from whichmodel.remote.place import Place
from whichmodel.remote.push import LARGE, Watch, silent
from whichmodel.remote.records import Row
from whichmodel.remote.refusals import Denied
from whichmodel.remote.space import Division
from whichmodel.store.equal import Comparison, Difference, comparison
from whichmodel.store.exchange import Large, State, rows_of

T = TypeVar("T")
Tasks = Mapping[str, frozenset[str]]
"""Run -> the tasks of its rows."""


@dataclass(slots=True)
class Verified:
    """What came of a comparison."""

    tables: dict[Table, Difference] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    """Parts that could not be read."""
    closed: list[str] = field(default_factory=list)
    """Spaces that deny reading: what belongs there was not compared."""

    @property
    def equal(self) -> bool:
        """Whether everything that could be compared is the same, and everything open could be."""
        return not self.faults and all(found.equal for found in self.tables.values())


def verify(place: Place, watch: Watch = silent) -> Verified:
    """Read all parts of all spaces and compare them with a snapshot of what is here. Raises Away."""
    done, state = Verified(), place.exchange.state()
    division = place.division(state)
    done.tables = {name: Difference() for name in ("outcomes", "timings", "runs", "races", "labels")}
    small: dict[str, dict[Table, list[Row]]] = {}
    with comparison(place.store.publish()) as compared:
        for space in division.spaces:
            try:
                small[space] = _space(place, space, compared, done, watch)
            except Denied:
                done.closed.append(space)
        for table in LARGE:
            seen = [
                task
                for task in compared.tasks(table)
                if any(space not in done.closed for space in division.of_task(task))
            ]
            compared.rest(table, seen, done.tables[table])
    tasks = place.exchange.tasks_of_runs()
    for space, rows in small.items():
        _few(state, tasks, division, space, rows, done)
    return done


def _space(
    place: Place, space: str, compared: Comparison, done: Verified, watch: Watch
) -> dict[Table, list[Row]]:
    """Compare the large tables of a space; the rows of its small ones."""
    small: dict[Table, list[Row]] = {"runs": [], "races": [], "labels": []}
    for part in place.head(space).parts:
        try:
            for rows in _gathered(shelf.get(place.objects(space), space, part)):
                if part.table == "outcomes" or part.table == "timings":
                    table: Large = part.table
                    compared.rows(table, rows, done.tables[table])
                else:
                    small[part.table] += rows_of(rows.to_batches())
                watch(rows.num_rows)
        except Unreadable as error:
            done.faults.append(str(error))
    return small


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The same rows, as many at a time as a part has: each comparison goes over all keys here once."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(map(len, held)) >= MOST_ROWS:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


def _few(
    state: State,
    tasks: Tasks,
    division: Division,
    space: str,
    there: Mapping[Table, list[Row]],
    done: Verified,
) -> None:
    def belongs(run_id: str) -> bool:
        return any(space in division.of_task(task) for task in tasks.get(run_id, ()))

    runs = [replace(run, command="") for run in state.runs if belongs(run.run_id)]
    told = [replace(records.run_of(row), command="") for row in there["runs"]]
    _compare(
        {run.run_id: run for run in runs},
        _latest(told, lambda run: run.run_id, records.later_run),
        done.tables["runs"],
    )
    races = [race for race in state.races if space in division.of_race(race.organisation)]
    _compare(
        {race.race_id: race for race in races},
        _latest(map(records.race_of, there["races"]), lambda race: race.race_id, records.later_race),
        done.tables["races"],
    )
    said = division.labels(state.said, space)
    _compare(
        {row["key"]: records.label_of(row) for row in records.label_rows(said)},
        {row["key"]: records.label_of(row) for row in there["labels"]},
        done.tables["labels"],
    )


def _latest(rows: Iterable[T], key: Callable[[T], str], later: Callable[[T, T], T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for row in rows:
        known = found.get(key(row))
        found[key(row)] = later(known, row) if known is not None else row
    return found


def _compare(here: Mapping[str, T], there: Mapping[str, T], found: Difference) -> None:
    both = here.keys() & there.keys()
    other = sorted(key for key in both if here[key] != there[key])
    found.same += len(both) - len(other)
    found.other += len(other)
    found.missing += len(there.keys() - here.keys())
    found.alone += len(here.keys() - there.keys())
    found.name("differs", other)
    found.name("missing here", sorted(there.keys() - here.keys()))
    found.name("only here", sorted(here.keys() - there.keys()))
