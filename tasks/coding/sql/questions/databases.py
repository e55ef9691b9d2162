"""Small databases of one domain: an ordinary one, and such that show a query to be only nearly right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from .domain import YEAR, Domain

Table = list[tuple[Any, ...]]
Rows = Mapping[str, Table]
"""Role -> the rows of its table."""
FIRST = [
    "Ana", "Ben", "Chloe", "Dev", "Ella", "Finn", "Grace", "Hugo", "Iris", "Jan", "Kira", "Liam", "Mary Ann",
    "Jean-Luc",
]  # fmt: skip
LAST = ["Lopez", "Hill", "Novak", "Rossi", "Okafor", "Berg", "Tanaka", "Moreau"]
ALONE = ["Madhuri", "Zico"]
"""People with one name."""
FIRMS = [
    "Acme Corp", "Acme Labs", "Birch Ltd", "Birch Media", "Corvid", "Delta Foods", "Ember AI", "Fjord Lines",
    "Globe Press", "Globe Tours", "Helix Bio", "Iota", "Juno Bank", "Juno Care",
]  # fmt: skip
HOSTS = ["example.com", "Example.com", "mail.test", "MAIL.test", "corp.example"]


@dataclass(frozen=True, slots=True)
class Flavour:
    """What a database is like. Shares are of rows."""

    p: int
    t: int
    e: int
    s: int
    nulls: float
    """Of values that may be NULL."""
    amounts: int
    """Different amounts; few = many ties."""
    span: int
    """Days over which the e lie."""


FLAVOURS = {
    "ordinary": Flavour(p=12, t=9, e=34, s=14, nulls=0.12, amounts=60, span=180),
    "ties": Flavour(p=8, t=7, e=30, s=12, nulls=0.05, amounts=3, span=60),
    "nulls": Flavour(p=11, t=8, e=20, s=10, nulls=0.45, amounts=20, span=150),
    "sparse": Flavour(p=3, t=3, e=3, s=2, nulls=0.3, amounts=9, span=100),
    "idle": Flavour(p=4, t=4, e=0, s=0, nulls=0.3, amounts=1, span=1),
}


def make(rng: Random, domain: Domain, flavour: Flavour) -> Rows:
    """The rows of one database. Keys ascend, and a p or c stands only above later ones."""
    earliest = date(YEAR, 1, 1) + timedelta(rng.randint(0, max(0, 180 - flavour.span)))
    made = _Making(rng, domain, flavour, earliest)
    events = made.events()
    return {
        "p": made.parties(),
        "c": made.categories(),
        "t": made.things(),
        "e": events,
        "l": made.lines(len(events)),
        "g": [(n, name) for n, name in enumerate(domain.data["tags"], start=1)],
        "h": made.links(),
        "s": made.spans(),
    }


@dataclass(frozen=True, slots=True)
class _Making:
    """One database in the making."""

    rng: Random
    domain: Domain
    flavour: Flavour
    earliest: date
    """Of all days of e and s."""

    def parties(self) -> Table:
        rng, areas, made = self.rng, self.domain.data["areas"], []
        names = [_name(rng, self.domain.data["people"]) for _ in range(self.flavour.p * 2 // 3)]
        hosts = rng.sample(HOSTS, 3)
        for n in range(1, self.flavour.p + 1):
            name = rng.choice(names)
            up = self.maybe(rng.randint(1, n - 1)) if n > 2 else None
            joined = self.day(rng.randint(-40, self.flavour.span // 2))
            made.append(
                (n, name, self.maybe(rng.choice(areas)), self.maybe(_mail(rng, name, hosts)), joined, up)
            )
        return made

    def categories(self) -> Table:
        names = self.domain.data["categories"][: self.flavour.t]
        return [
            (n, name, None if n in (1, len(names)) else self.maybe(self.rng.randint(1, n - 1)))
            for n, name in enumerate(names, start=1)
        ]

    def things(self) -> Table:
        rng, kinds = self.rng, min(len(self.domain.data["categories"]), self.flavour.t)
        return [
            (n, title, _code(rng), self.maybe(rng.randint(1, kinds)), self.maybe(rng.randint(300, 9000)))
            for n, title in enumerate(rng.sample(self.domain.data["things"], self.flavour.t), start=1)
        ]

    def events(self) -> Table:
        rng, parties, made = self.rng, self.flavour.p, []
        busy = rng.sample(range(1, parties + 1), max(1, parties - max(1, parties // 5)))
        amounts = [rng.randint(100, 4000) for _ in range(self.flavour.amounts)]
        for n in range(1, self.flavour.e + 1):
            day = self.day(rng.randint(0, self.flavour.span))
            if self.domain.timestamps:
                day += f" {rng.randint(6, 19):02d}:{rng.choice(['00', '15', '30', '45'])}"
            state = rng.choice(self.domain.data["e"]["states"])
            made.append((n, rng.choice(busy), day, state, self.maybe(rng.choice(amounts))))
        return made

    def lines(self, events: int) -> Table:
        """The last t is in none."""
        rng, most = self.rng, 3 if self.flavour.amounts < 9 else 9
        others = range(1, self.flavour.t)
        return [
            (n, t, rng.randint(1, most))
            for n in range(1, events + 1)
            for t in rng.sample(others, min(len(others), rng.choice([0, 1, 1, 2, 2, 3])))
        ]

    def links(self) -> Table:
        rng = self.rng
        return [
            (p, g)
            for p in range(1, self.flavour.p + 1)
            for g in rng.sample(range(1, 6), rng.choice([0, 1, 2, 2, 3]))
        ]

    def spans(self) -> Table:
        rng, made = self.rng, []
        for n in range(1, self.flavour.s + 1):
            begin = rng.randint(0, self.flavour.span)
            end = self.maybe(self.day(begin + rng.choice([0, 3, 7, 20, 45])))
            thing = rng.randint(1, max(2, self.flavour.t // 2))
            made.append((n, rng.randint(1, self.flavour.p), thing, self.day(begin), end))
        return made

    def day(self, number: int) -> str:
        return (self.earliest + timedelta(number)).isoformat()

    def maybe(self, value: Any) -> Any:
        return None if self.rng.random() < self.flavour.nulls else value


def _name(rng: Random, people: bool) -> str:
    if not people:
        return rng.choice(FIRMS)
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}" if rng.random() < 0.93 else rng.choice(ALONE)


def _mail(rng: Random, name: str, hosts: list[str]) -> str:
    box = name.replace(" ", rng.choice([".", ""])) if rng.random() < 0.5 else name.split()[0]
    return f"{box if rng.random() < 0.4 else box.lower()}@{rng.choice(hosts)}"


def _code(rng: Random) -> str:
    head, number, tail = rng.choice(["TL", "GX", "MB"]), rng.randint(1, 120), rng.choice("ABC")
    return f"{head}{rng.choice('--_')}{number:04d}{rng.choice(['-', '-', '-', '_', ''])}{tail}"


def schema(domain: Domain) -> str:
    """The CREATE TABLE statements, with a word on what a column means where its name does not say it."""
    states = ", ".join(f"'{state}'" for state in domain.data["e"]["states"])
    form = "YYYY-MM-DD HH:MM" if domain.timestamps else "YYYY-MM-DD"
    return domain.fill(_DDL, {"states": states, "format": form}).strip()


def inserts(domain: Domain, rows: Rows) -> str:
    """The rows as SQL, to be run after the schema."""
    return "\n".join(
        f"INSERT INTO {domain.data[role]['table']} VALUES "
        f"{','.join('(' + ','.join(map(_literal, row)) + ')' for row in given)};"
        for role, given in rows.items()
        if given
    )


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


_DDL = """
CREATE TABLE @p@ (
  @p.id@ INTEGER PRIMARY KEY,
  @p.name@ TEXT NOT NULL, -- not unique
  @p.area@ TEXT,
  @p.email@ TEXT,
  @p.joined@ TEXT NOT NULL, -- YYYY-MM-DD
  @p.up@ INTEGER REFERENCES @p@ (@p.id@) -- the @p.up_word@
);
CREATE TABLE @c@ (
  @c.id@ INTEGER PRIMARY KEY,
  @c.name@ TEXT NOT NULL UNIQUE,
  @c.up@ INTEGER REFERENCES @c@ (@c.id@) -- NULL at the top
);
CREATE TABLE @t@ (
  @t.id@ INTEGER PRIMARY KEY,
  @t.name@ TEXT NOT NULL,
  @t.code@ TEXT NOT NULL,
  @t.c@ INTEGER REFERENCES @c@ (@c.id@),
  @t.price@ INTEGER
);
CREATE TABLE @e@ (
  @e.id@ INTEGER PRIMARY KEY,
  @e.p@ INTEGER NOT NULL REFERENCES @p@ (@p.id@),
  @e.day@ TEXT NOT NULL, -- @format@
  @e.state@ TEXT NOT NULL CHECK (@e.state@ IN (@states@)),
  @e.amount@ INTEGER -- NULL = not known
);
CREATE TABLE @l@ (
  @l.e@ INTEGER NOT NULL REFERENCES @e@ (@e.id@),
  @l.t@ INTEGER NOT NULL REFERENCES @t@ (@t.id@),
  @l.qty@ INTEGER NOT NULL,
  PRIMARY KEY (@l.e@, @l.t@)
);
CREATE TABLE @g@ (
  @g.id@ INTEGER PRIMARY KEY,
  @g.name@ TEXT NOT NULL UNIQUE
);
CREATE TABLE @h@ (
  @h.p@ INTEGER NOT NULL REFERENCES @p@ (@p.id@),
  @h.g@ INTEGER NOT NULL REFERENCES @g@ (@g.id@),
  PRIMARY KEY (@h.p@, @h.g@)
);
CREATE TABLE @s@ (
  @s.id@ INTEGER PRIMARY KEY,
  @s.p@ INTEGER NOT NULL REFERENCES @p@ (@p.id@),
  @s.t@ INTEGER NOT NULL REFERENCES @t@ (@t.id@),
  @s.from@ TEXT NOT NULL, -- YYYY-MM-DD
  @s.to@ TEXT -- YYYY-MM-DD, the last day; NULL = no end
);
"""
