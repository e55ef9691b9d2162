"""What one organisation may see of a snapshot: every query finds the rest gone, whichever it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import duckdb

from whichmodel.store.runs import Run

BY_TASK = ("outcomes", "timings", "races")
"""Tables whose rows are of one task."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Of one organisation."""

    organisation: str
    hidden: frozenset[str]
    """Names of the tasks that others keep to themselves."""
    others: frozenset[str]
    """Names of the other organisations."""

    @property
    def key(self) -> str:
        """Equal where the same is seen."""
        return repr((self.organisation, sorted(self.hidden), sorted(self.others)))

    def narrow(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Put views of the same name before the tables of a connection, for as long as it is open.

        A view of the session comes before a table of the database wherever a query names no database.
        """
        tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        present = {name for (name,) in tables}
        base = database(connection)
        shown = {"races": f"organisation = {_text(self.organisation)}"}
        if self.hidden:
            by_task = f"task NOT IN ({', '.join(map(_text, sorted(self.hidden)))})"
            shown = {table: " AND ".join([by_task, *filter(None, [shown.get(table)])]) for table in BY_TASK}
            shown["runs"] = (
                "run_id IN (SELECT run_id FROM outcomes) "
                f"OR run_id NOT IN (SELECT run_id FROM {base}.outcomes)"
            )
        for table, rows in shown.items():
            if table in present:
                connection.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM {base}.{table} WHERE {rows}")

    def told(self, run: Run) -> Run:
        """A run, without its command where that names another organisation or a hidden task."""
        words = set(re.findall(r"[A-Za-z0-9_-]+", run.command))
        return replace(run, command="") if words & (self.hidden | self.others) else run


def database(connection: duckdb.DuckDBPyConnection) -> str:
    """The database of a connection as a query names it, its tables themselves and no view before them."""
    [(name,)] = connection.execute("SELECT current_database()").fetchall()
    return '"' + str(name).replace('"', '""') + '".main'


def _text(value: str) -> str:
    """A text as SQL has it; a view takes no parameters."""
    return "'" + value.replace("'", "''") + "'"
