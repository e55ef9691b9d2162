"""Races: what each one is about and how far it is, so that a run that was cut off goes on with the same one.

What a race has measured are outcomes like any other; its row says in which order items are asked, by which
rule it is decided and who takes part. A file beside the database holds the same row, for a rebuild.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import duckdb
from pydantic import TypeAdapter

from whichmodel.domain import content_hash

FOLDER = "races"
Kind = Literal["all", "challengers"]


@dataclass(frozen=True, slots=True)
class Race:
    """One task raced for one organisation; times in UTC."""

    organisation: str
    simulated: bool
    task: str
    task_hash: str
    order_seed: int
    items: tuple[str, ...]
    """Ids of the bank's items in the order in which every model is asked them."""
    models: tuple[str, ...]
    settings: tuple[str, ...]
    """Settings hash of each model."""
    incumbent: str | None
    """Today's model, if it takes part. None = none is named, or it does not."""
    kind: Kind
    """challengers: new models against the incumbent alone."""
    rule: str
    """The decision rule, as canonical JSON."""
    started_at: datetime
    looked_at: datetime | None = None
    """When it was looked at last. None = not yet."""
    ended_at: datetime | None = None
    """None = it is open."""
    look: int = 0
    """Items that the model asked most has come to."""
    why: str = ""
    """Why it stands still: budget, interrupted, a model that was stopped. "" = it is over, or under way."""
    model: str | None = None
    """Its route so far. None = there is none yet."""
    status: str | None = None
    """How sure that is."""
    withdrawn: tuple[str, ...] = ()
    """Models that it needed and that could not be asked: it went on without them."""

    @property
    def race_id(self) -> str:
        """Content key: the same question on the same bank to the same models is the same race."""
        who = sorted(zip(self.models, self.settings, strict=False))
        asked = [self.organisation, self.simulated, self.task_hash, self.order_seed, self.rule]
        return content_hash([*asked, who, self.incumbent, self.kind])


COLUMNS = ("race_id", *(field.name for field in fields(Race)))
TABLE = """
    race_id VARCHAR PRIMARY KEY, organisation VARCHAR NOT NULL, simulated BOOLEAN NOT NULL,
    task VARCHAR NOT NULL, task_hash VARCHAR NOT NULL, order_seed BIGINT NOT NULL, items VARCHAR[] NOT NULL,
    models VARCHAR[] NOT NULL, settings VARCHAR[] NOT NULL, incumbent VARCHAR, kind VARCHAR NOT NULL,
    rule VARCHAR NOT NULL, started_at TIMESTAMP NOT NULL, looked_at TIMESTAMP, ended_at TIMESTAMP,
    look BIGINT NOT NULL, why VARCHAR NOT NULL, model VARCHAR, status VARCHAR, withdrawn VARCHAR[] NOT NULL
"""
"""Written out: what an applied migration did never changes."""
_RACE = TypeAdapter(Race)


def m005_races(connection: duckdb.DuckDBPyConnection) -> None:
    """One row a task that is raced for an organisation."""
    connection.execute(f"CREATE TABLE races ({TABLE}, CHECK (len(models) = len(settings)))")


def put(connection: duckdb.DuckDBPyConnection, rows: Sequence[Sequence[object]]) -> None:
    """Note how far races are. rows: values in the order of `COLUMNS`."""
    marks = ", ".join("?" * len(COLUMNS))
    connection.executemany(f"INSERT OR REPLACE INTO races ({', '.join(COLUMNS)}) VALUES ({marks})", rows)


def stored(connection: duckdb.DuckDBPyConnection) -> tuple[Race, ...]:
    """All races, the one looked at last first; none in a snapshot that is older than the table."""
    if not connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'races'").fetchall():
        return ()
    names = ", ".join(COLUMNS[1:])
    rows = connection.execute(
        f"SELECT {names} FROM races ORDER BY looked_at DESC NULLS LAST, race_id"
    ).fetchall()
    return tuple(_race(row) for row in rows)


def _race(row: Sequence[object]) -> Race:
    return Race(*(_value(value) for value in row))  # type: ignore[arg-type]


def _value(value: object) -> object:
    """A value as a race has it: lists as tuples, moments in UTC."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC)
    return tuple(value) if isinstance(value, list) else value


def write(results: Path, race: Race) -> None:
    """Keep a race beside the database."""
    folder = results / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{race.race_id}.json.part"
    partial.write_bytes(_RACE.dump_json(race))
    partial.replace(folder / f"{race.race_id}.json")


def read(file: Path) -> Race:
    """A race from its file. Raises ValueError for a damaged one."""
    return _RACE.validate_json(file.read_bytes())
