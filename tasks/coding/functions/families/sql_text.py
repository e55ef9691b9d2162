"""Tables written as SQL, as the problems of the topic `sql` are given them."""

from __future__ import annotations

from collections.abc import Sequence

Value = str | int | None
Rows = Sequence[Sequence[Value]]


def given(*declared: str) -> str:
    """What the rules say of the tables, each `name (column TYPE, ...)`."""
    listed = "".join(f"\n    {text}" for text in declared)
    return (
        "`script` is a string of SQL statements that creates and fills the following in an empty SQLite "
        "database; "
        f"run it in an in-memory one (module `sqlite3`) and query that:\n{listed}\n"
    )


def table(declared: str, rows: Rows) -> str:
    """`name (column TYPE, ...)` and its rows as statements; without rows the table is only created."""
    made = f"CREATE TABLE {declared};"
    if rows:
        values = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
        made += f"\nINSERT INTO {declared.split()[0]} VALUES {values};"
    return made


def _literal(value: Value) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
