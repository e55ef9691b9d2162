"""Rows of a snapshot compared with those that lie elsewhere, key by key and column by column."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from whichmodel.errors import StoreError
from whichmodel.store import schema
from whichmodel.store.exchange import OF, Large
from whichmodel.store.opened import opened

ELSEWHERE = frozenset({"key", "human_score"})
"""Columns that are not compared: the key itself, and labels, which are rows of their own."""
PRICED = ("cost_usd", "judge_cost_usd", "price_source", "price_date")
"""Columns that `bench reprice` writes anew: counts and prices of that day, nothing that was measured."""
SHOWN = 5
"""Keys that are named of each kind of difference."""


@dataclass(slots=True)
class Difference:
    """How far two sides of a table are the same."""

    same: int = 0
    """Rows that are equal in all columns, but for prices."""
    priced: int = 0
    """Of these, rows with another price."""
    other: int = 0
    """Rows of the same key that differ in something that was measured."""
    missing: int = 0
    """Rows that lie there and not here."""
    alone: int = 0
    """Rows that lie here and not there."""
    keys: list[str] = field(default_factory=list)
    """Of the first rows that differ, are missing or are alone, each with which of these it is."""

    @property
    def equal(self) -> bool:
        """Whether what was measured is the same on both sides."""
        return not (self.other or self.missing or self.alone)

    def name(self, what: str, keys: Sequence[str]) -> None:
        """Note some keys of a kind of difference."""
        room = SHOWN - sum(known.startswith(f"{what}: ") for known in self.keys)
        self.keys += [f"{what}: {key}" for key in keys[: max(0, room)]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One snapshot that is being compared."""

    connection: duckdb.DuckDBPyConnection

    def tasks(self, table: Large) -> tuple[str, ...]:
        """Names of the tasks that there are rows of."""
        rows = self.connection.execute(f"SELECT DISTINCT task FROM {table} ORDER BY task").fetchall()
        return tuple(str(task) for (task,) in rows)

    def rows(self, table: Large, there: pa.Table, found: Difference) -> None:
        """Compare rows that lie there with the rows of their keys here."""
        self.connection.register("there", there)
        names = [name for name in schema.columns(OF[table]) if name not in ELSEWHERE | set(PRICED)]
        priced = [name for name in schema.columns(OF[table]) if name in PRICED]
        self.connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE paired AS SELECT there.key, here.key AS place,
                {_differs(names)} AS other, {_differs(priced)} AS priced
            FROM there LEFT JOIN {table} here ON here.key = there.key"""
        )
        self.connection.execute(
            f"INSERT INTO seen SELECT '{table}', place FROM paired WHERE place IS NOT NULL"
        )
        known = "place IS NOT NULL"
        [counts] = self.connection.execute(
            f"""SELECT count(*) FILTER ({known} AND NOT other),
                count(*) FILTER ({known} AND NOT other AND priced),
                count(*) FILTER ({known} AND other), count(*) FILTER (place IS NULL) FROM paired"""
        ).fetchall()
        found.same += counts[0]
        found.priced += counts[1]
        found.other += counts[2]
        found.missing += counts[3]
        found.name("differs", self._keys(f"FROM paired WHERE {known} AND other"))
        found.name("missing here", self._keys("FROM paired WHERE place IS NULL"))

    def rest(self, table: Large, tasks: Collection[str], found: Difference) -> None:
        """Count the rows of these tasks that were met nowhere there."""
        where = (
            f"FROM {table} WHERE task IN (SELECT unnest(?)) "
            f"AND key NOT IN (SELECT place FROM seen WHERE in_table = '{table}')"
        )
        names = sorted(tasks)
        [(count,)] = self.connection.execute(f"SELECT count(*) {where}", [names]).fetchall()
        found.alone += count
        found.name("only here", self._keys(where, names))

    def _keys(self, rest: str, tasks: Sequence[str] | None = None) -> list[str]:
        values = [] if tasks is None else [list(tasks)]
        rows = self.connection.execute(f"SELECT key {rest} ORDER BY key LIMIT {SHOWN}", values).fetchall()
        return [str(key) for (key,) in rows]


def _differs(names: Sequence[str]) -> str:
    """SQL of whether any of these columns differs; two unknown values are the same."""
    return "(" + " OR ".join(f"here.{name} IS DISTINCT FROM there.{name}" for name in names) + ")"


@contextmanager
def comparison(snapshot: Path) -> Iterator[Comparison]:
    """A snapshot opened to be compared. Raises StoreError."""
    try:
        with opened(snapshot, None) as connection:
            connection.execute("CREATE TEMP TABLE seen (in_table VARCHAR, place VARCHAR)")
            yield Comparison(connection)
    except duckdb.Error as error:
        raise StoreError(
            f"The snapshot cannot be read: {str(error).splitlines()[0]}", where=str(snapshot)
        ) from error
