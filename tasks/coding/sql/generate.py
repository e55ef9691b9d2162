"""Questions about small databases, with the rows that the reference query gives on several hidden ones."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

from whichmodel.domain import Item

from .questions import FLAVOURS, KINDS, domains, inserts, make, schema

_BLOCK = 24
"""Items that follow one another and share the databases of their domain."""
_SHIFT = 70
"""Items after which the domains move on by one against the kinds, so that each family meets each domain."""
_SHARED_TRIES = 4
"""Constants that are tried on shared databases; after that an item gets its own."""
_FEWEST_FULL = 2
"""Databases on which a query gives rows."""


def generate(seed: int, count: int) -> Iterable[Item]:
    """`count` different questions, the kinds in turn and the families of each kind in turn."""
    kinds, known = list(KINDS.items()), domains()
    for number in range(count):
        kind, families = kinds[number % len(kinds)]
        turn = number // len(kinds)
        domain = known[(number + number // _SHIFT) % len(known)]
        yield _item(seed, number, kind, families[turn % len(families)], domain)


@dataclass(frozen=True, slots=True)
class _Hidden:
    """The databases of a cluster."""

    name: str
    scripts: tuple[str, ...]
    """The rows of each as SQL."""
    opened: tuple[sqlite3.Connection, ...]


@lru_cache(maxsize=12)
def _hidden(domain: Any, name: str) -> _Hidden:
    rng, tables = Random(name), schema(domain)
    scripts = tuple(inserts(domain, make(rng, domain, flavour)) for flavour in FLAVOURS.values())
    return _Hidden(name, scripts, tuple(_opened(tables, script) for script in scripts))


def _opened(tables: str, script: str) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.executescript(f"{tables}\n{script}")
    return database


def _item(seed: int, number: int, kind: str, family: Any, domain: Any) -> Item:
    attempt = 0
    while True:
        own = f"-{number}-{attempt}" if attempt >= _SHARED_TRIES else ""
        hidden = _hidden(domain, f"sql-s{seed}-{number // _BLOCK}-{domain.name}{own}")
        rng = Random(f"{seed}/{number}/{attempt}")
        constants = domain.constants(rng)
        query = domain.fill(family.query, constants).strip()
        rows = [list(map(list, database.execute(query))) for database in hidden.opened]
        if sum(map(bool, rows)) >= _FEWEST_FULL and not _nearly_ties(query, hidden):
            break
        attempt += 1
    return Item(
        id=f"sql-s{seed}-{number:04d}",
        input=_prompt(domain, family, constants, rng),
        target={
            "schema": re.sub(r" *--.*", "", schema(domain)),
            "setup": list(hidden.scripts),
            "rows": rows,
            "ordered": bool(family.order),
        },
        reference=f"```sql\n{query};\n```\n",
        stratum=kind,
        cluster_id=hidden.name,
        metadata={"family": family.name, "domain": domain.name},
    )


def _nearly_ties(query: str, hidden: _Hidden) -> bool:
    """Whether a value lies so near the middle that another right formula could round it elsewhere."""
    for places in (1, 2):
        if f", {places})" not in query or "ROUND(" not in query:
            continue
        finer = query.replace(f", {places})", f", {places + 6})")
        for database in hidden.opened:
            for row in database.execute(finer):
                for value in row:
                    scaled = value * 10**places if isinstance(value, float) else 0.0
                    if abs(abs(scaled) % 1 - 0.5) < 1e-4:
                        return True
    return False


def _prompt(domain: Any, family: Any, constants: Mapping[str, Any], rng: Random) -> str:
    shown = make(rng, domain, FLAVOURS["ordinary"])
    samples = "\n".join(
        f"{domain.data[role]['table']}: {'; '.join(map(_row, _some(rng, rows)))}"
        for role, rows in shown.items()
    )
    columns = "\n".join(
        f"{n}. {domain.fill(column, constants)}" for n, column in enumerate(family.columns, start=1)
    )
    order = (
        f"Order the rows by {domain.fill(family.order, constants)}."
        if family.order
        else "The rows may come in any order."
    )
    return (
        f"This is the schema of the SQLite database of {domain.data['about']}:\n\n"
        f"```sql\n{schema(domain)}\n```\n\n"
        f"Some rows, to show how values look (the query will run on databases with other rows):\n\n"
        f"```\n{samples}\n```\n\n"
        f"{domain.fill(family.text, constants)}\n\nColumns, in this order:\n{columns}\n\n{order}\n\n"
        "Write one query for SQLite 3.40. Answer with the query in one ```sql block."
    )


def _some(rng: Random, rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    return [rows[n] for n in sorted(rng.sample(range(len(rows)), 3))]


def _row(row: Sequence[Any]) -> str:
    return f"({', '.join('NULL' if v is None else repr(v) for v in row)})"
