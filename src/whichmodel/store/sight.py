"""What one organisation may see of a snapshot: every query finds the rest gone, whichever it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from whichmodel.store.runs import Run

BY_TASK = ("outcomes", "grouped", "repeated", "failed", "timings", "races")
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

    def shown(self, tables: Mapping[str, str]) -> dict[str, str]:
        """Table -> the query of what may be seen of it. tables: the same of all there is."""
        shown = dict(tables)
        for table, query in tables.items():
            conditions = []
            if self.hidden and table in BY_TASK:
                conditions.append(f"task NOT IN ({', '.join(map(_text, sorted(self.hidden)))})")
            if table == "races":
                conditions.append(f"organisation = {_text(self.organisation)}")
            if self.hidden and table == "runs":
                conditions.append(
                    "run_id IN (SELECT run_id FROM grouped) "
                    f"OR run_id NOT IN (SELECT run_id FROM ({tables['grouped']}))"
                )
            if conditions:
                shown[table] = f"SELECT * FROM ({query}) WHERE {' AND '.join(conditions)}"
        return shown

    def told(self, run: Run) -> Run:
        """A run, without its command where that names another organisation or a hidden task."""
        words = set(re.findall(r"[A-Za-z0-9_-]+", run.command))
        return replace(run, command="") if words & (self.hidden | self.others) else run


def _text(value: str) -> str:
    """A text as SQL has it; a view takes no parameters."""
    return "'" + value.replace("'", "''") + "'"
