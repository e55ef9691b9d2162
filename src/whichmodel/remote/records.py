"""Runs, races and labels as rows of a part, and which of two says more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from whichmodel.domain import content_hash
from whichmodel.remote.manifest import Table
from whichmodel.remote.parts import SHAPES
from whichmodel.store import Race, Run
from whichmodel.store.labels import Label

Row = dict[str, Any]
EARLIEST = datetime.min.replace(tzinfo=UTC)


def table(name: Table, rows: Sequence[Row]) -> pa.Table:
    """Rows as a part is made of them; times as the database keeps them, UTC without a zone."""
    bare = [{key: _bare(value) for key, value in row.items()} for row in rows]
    return pa.Table.from_pylist(bare, schema=SHAPES[name].columns)


def run_row(run: Run) -> Row:
    """A run; its key leaves the command out, which not every space may see."""
    values = asdict(run)
    said = [_said(value) for name, value in values.items() if name != "command"]
    return {"key": content_hash(said, length=32), **values}


def run_of(row: Mapping[str, Any]) -> Run:
    """The run of a row."""
    return Run(**{field.name: row[field.name] for field in fields(Run)})


def later_run(one: Run, other: Run) -> Run:
    """The one that says more of the same run: how it ended, then by which command it was begun."""
    return max(one, other, key=_run_rank)


def _run_rank(run: Run) -> tuple[object, ...]:
    ended = run.ended_at or EARLIEST
    return run.ended_at is not None, run.reason is not None, ended, run_row(run)["key"], run.command != ""


def race_row(race: Race) -> Row:
    """A race as far as it is; each look at it is a row of its own."""
    values = {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(race).items()}
    said = [race.race_id, *map(_said, values.values())]
    return {"key": content_hash(said, length=32), "race_id": race.race_id, **values}


def race_of(row: Mapping[str, Any]) -> Race:
    """The race of a row."""
    values: Row = {field.name: row[field.name] for field in fields(Race)}
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return Race(**(values | lists))


def later_race(one: Race, other: Race) -> Race:
    """The one that says more of the same race: that it is over, then the later look."""
    return max(one, other, key=_race_rank)


def _race_rank(race: Race) -> tuple[object, ...]:
    looked = race.looked_at or EARLIEST
    return race.ended_at is not None, race.look, looked, race_row(race)["key"]


def label_rows(labels: Iterable[Label]) -> list[Row]:
    """Labels in their order. Said again after another, the same label is a row of its own."""
    seen: dict[str, int] = {}
    rows = []
    for place, label in enumerate(labels):
        times = seen[label.key] = seen.get(label.key, -1) + 1
        rows.append({"key": f"{label.key}-{times}", **asdict(label), "place": place})
    return rows


def label_of(row: Mapping[str, Any]) -> Label:
    """The label of a row."""
    return Label(**{field.name: row[field.name] for field in fields(Label)})


def to_append(shared: Iterable[Row], here: Sequence[Label]) -> list[Label]:
    """What is to be written behind the labels here, so that every reader takes the same one as said last.

    shared: the rows of all parts; their places say the order. What is here alone counts as said later.
    """
    given = {row["key"]: row for row in sorted(shared, key=lambda row: (row["place"], row["key"]))}
    mine = label_rows(here)
    known = {row["key"] for row in mine}
    missing = [label_of(row) for key, row in given.items() if key not in known]
    order = [*given.values(), *(row for row in mine if row["key"] not in given)]
    wanted = {(row["outcome"], row["labeller"]): label_of(row) for row in order}
    last = {(label.outcome, label.labeller): label for label in [*here, *missing]}
    again = [label for who, label in wanted.items() if last[who].key != label.key]
    return [*missing, *again]


def _bare(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def _said(value: Any) -> Any:
    return _bare(value).isoformat() if isinstance(value, datetime) else value
