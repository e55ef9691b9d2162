"""What a question may speak of: one domain's tables by role, and the words for them.

The roles: p who does something, e what they do and when, t what it is done with, l how much of which t
belongs to an e, c the tree that t is sorted into, g what a p may be marked with, h which p has which g,
s a period of a p with a t.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

ROLES = "pctelghs"
MONTHS = ("January", "February", "March", "April", "May", "June")
"""Of the year that all databases are about."""
YEAR = 2024
_KEY = re.compile(r"@([a-z_]+(?:\.[a-z_]+)?|day\([a-z]+\))@")


@dataclass(frozen=True, slots=True, eq=False)
class Domain:
    """One of domains.json, the same as itself alone."""

    name: str
    data: Mapping[str, Any]

    @property
    def timestamps(self) -> bool:
        """Whether the day of an e has a time: "2024-02-03 14:30"."""
        return bool(self.data["timestamps"])

    def fill(self, template: str, values: Mapping[str, Any]) -> str:
        """The template with @key@ replaced: a value, a table (`@p@`), one of its words or columns (`@p.id@`).

        `@day(x)@` is the date of the row of e that x stands for. Raises KeyError for a key without a value.
        """

        def found(match: re.Match[str]) -> str:
            key = match[1]
            if key.startswith("day("):
                column = f"{key[4:-1]}.{self.data['e']['day']}"
                return f"date({column})" if self.timestamps else column
            role, _, word = key.partition(".")
            if word:
                return str(self.data[role][word])
            return str(values[key]) if key in values else str(self.data[key]["table"])

        return _KEY.sub(found, template)

    def constants(self, rng: Random) -> dict[str, Any]:
        """What a question may compare with, drawn from what the databases hold."""
        data = self.data
        month, later = sorted(rng.sample(range(1, 7), 2))
        first, second = rng.sample(data["e"]["states"], 2)
        width = rng.choice([250, 400, 500, 750, 1000])
        return {
            "state": first,
            "other_state": second,
            "area": rng.choice(data["areas"]),
            "month": f"{YEAR}-{month:02d}",
            "month_name": f"{MONTHS[month - 1]} {YEAR}",
            "later": f"{YEAR}-{later:02d}",
            "later_name": f"{MONTHS[later - 1]} {YEAR}",
            "date": f"{YEAR}-{month:02d}-{rng.randint(2, 28):02d}",
            "later_date": f"{YEAR}-{later:02d}-{rng.randint(2, 28):02d}",
            "n": rng.randint(2, 3),
            "days": rng.randint(10, 45),
            "limit": rng.randint(9, 24) * 100,
            "width": width,
            "width_end": width - 1,
            "second_end": 2 * width - 1,
            "share": rng.choice([50, 60, 70, 75, 80]),
            "time_note": " The time of day does not matter." if self.timestamps else "",
        }


def domains() -> tuple[Domain, ...]:
    """All of them, in the order of the file."""
    file = Path(__file__).parents[1] / "domains.json"
    return tuple(Domain(name, data) for name, data in json.loads(file.read_text(encoding="utf-8")).items())
