"""Questions about small databases, with the rows that the reference query gives on several hidden ones."""

from __future__ import annotations

import importlib.util
import re
import sqlite3
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from whichmodel.domain import Item

_PACKAGE = "whichmodel_task_coding_sql_questions"
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
    package = _questions()
    kinds, domains = list(package.KINDS.items()), package.domains()
    for number in range(count):
        kind, families = kinds[number % len(kinds)]
        turn = number // len(kinds)
        domain = domains[(number + number // _SHIFT) % len(domains)]
        yield _item(package, seed, number, kind, families[turn % len(families)], domain)


def _questions() -> Any:
    """The package beside this file, wherever the task folder lies."""
    folder = Path(__file__).parent / "questions"
    spec = importlib.util.spec_from_file_location(
        _PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder} is no package")
    package = importlib.util.module_from_spec(spec)
    sys.modules[_PACKAGE] = package
    spec.loader.exec_module(package)
    return package


@dataclass(frozen=True, slots=True)
class _Hidden:
    """The databases of a cluster."""

    name: str
    scripts: tuple[str, ...]
    """The rows of each as SQL."""
    opened: tuple[sqlite3.Connection, ...]


@lru_cache(maxsize=12)
def _hidden(package: Any, domain: Any, name: str) -> _Hidden:
    rng, schema = Random(name), package.schema(domain)
    scripts = tuple(
        package.inserts(domain, package.make(rng, domain, flavour)) for flavour in package.FLAVOURS.values()
    )
    return _Hidden(name, scripts, tuple(_opened(schema, script) for script in scripts))


def _opened(schema: str, script: str) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.executescript(f"{schema}\n{script}")
    return database


def _item(package: Any, seed: int, number: int, kind: str, family: Any, domain: Any) -> Item:
    attempt = 0
    while True:
        own = f"-{number}-{attempt}" if attempt >= _SHARED_TRIES else ""
        hidden = _hidden(package, domain, f"sql-s{seed}-{number // _BLOCK}-{domain.name}{own}")
        rng = Random(f"{seed}/{number}/{attempt}")
        constants = domain.constants(rng)
        query = domain.fill(family.query, constants).strip()
        rows = [list(map(list, database.execute(query))) for database in hidden.opened]
        if sum(map(bool, rows)) >= _FEWEST_FULL and not _nearly_ties(query, hidden):
            break
        attempt += 1
    return Item(
        id=f"sql-s{seed}-{number:04d}",
        input=_prompt(package, domain, family, constants, rng),
        target={
            "schema": re.sub(r" *--.*", "", package.schema(domain)),
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


def _prompt(package: Any, domain: Any, family: Any, constants: Mapping[str, Any], rng: Random) -> str:
    shown = package.make(rng, domain, package.FLAVOURS["ordinary"])
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
        f"```sql\n{package.schema(domain)}\n```\n\n"
        f"Some rows, to show how values look (the query will run on databases with other rows):\n\n"
        f"```\n{samples}\n```\n\n"
        f"{domain.fill(family.text, constants)}\n\nColumns, in this order:\n{columns}\n\n{order}\n\n"
        "Write one query for SQLite 3.40. Answer with the query in one ```sql block."
    )


def _some(rng: Random, rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    return [rows[n] for n in sorted(rng.sample(range(len(rows)), 3))]


def _row(row: Sequence[Any]) -> str:
    return f"({', '.join('NULL' if v is None else repr(v) for v in row)})"
