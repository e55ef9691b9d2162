"""Records and series: totals by group, joins, rolling windows."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from .problem import Family, Problem, call, name, program, prose

Record = dict[str, Any]

_TOTALS_RULES = """
Write `@name@(records)`, which sums up a list of dicts and returns a list of lists `[@group@, total,
count]`.

- Only records whose `"@status@"` is @wanted@ are counted; a record without `"@status@"` is not.
- Records are grouped by their `"@group@"`; where it is missing or `None`, the group is `"@none@"`.
- A group's total is the sum of its records' `"@value@"`, all ints. A record without `"@value@"`, or with
  `None` there, @missing@.
- Groups with a total below @least@ are left out.
- Groups stand by total, @order@; equal totals by the group's name, A to Z (as `sorted` compares strings).
- Only the first @top@ groups are returned@rest@.
"""

_TOTALS = """
def @name@(records):
    totals = {}
    for record in records:
        if record.get("@status@") not in @accepted@:
            continue
        value = record.get("@value@")
        if value is None and @skip@:
            continue
        group = record.get("@group@")
        entry = totals.setdefault("@none@" if group is None else group, [0, 0])
        entry[0] += value or 0
        entry[1] += 1
    rows = [[group, total, count] for group, (total, count) in totals.items() if total >= @least@]
    rows.sort(key=lambda row: (@sign@row[1], row[0]))
    kept = rows[:@top@]
    @others@
    return kept
"""

_OTHERS = """rest = rows[@top@:]
    if rest:
        kept.append(["@label@", sum(r[1] for r in rest), sum(r[2] for r in rest)])"""


def totals(rng: Random) -> Problem:
    """Totals of groups, filtered, ordered and cut."""
    fields = _Fields.of(rng)
    label, least, top = rng.choice(["other", "rest", "all others"]), rng.randint(1, 60), rng.randint(2, 4)
    skip, largest, other = (rng.random() < 0.5 for _ in range(3))
    rest = (
        f'; the groups after them, if any, become one last entry `["{label}", total, count]`' if other else ""
    )
    values = {
        "name": name(rng, "sum total summarise", "records rows groups entries"),
        "group": fields.group,
        "value": fields.value,
        "status": fields.status,
        "none": rng.choice(["(none)", "unknown", "n/a"]),
        "least": least,
        "top": top,
    }
    edges = _total_edges(fields, str(values["none"]), least + 50, top)
    return Problem(
        name=str(values["name"]),
        rules=prose(
            _TOTALS_RULES,
            **values,
            rest=rest,
            wanted=" or ".join(f'`"{status}"`' for status in fields.accepted),
            missing="is left out altogether" if skip else "adds 0 to the total but is counted",
            order="largest first" if largest else "smallest first",
        ),
        reference=program(
            _TOTALS,
            **values,
            accepted=fields.accepted,
            skip=skip,
            sign="-" * largest,
            others=_OTHERS.replace("@label@", label).replace("@top@", str(top)) if other else "",
        ),
        examples=[call(fields.example(least + 50))],
        cases=[call(records) for records in [*edges, *(fields.some(rng) for _ in range(10))]],
    )


@dataclass(frozen=True, slots=True)
class _Fields:
    """Names and values that the records of one problem have."""

    group: str
    value: str
    status: str
    accepted: list[str]
    names: list[str]

    @classmethod
    def of(cls, rng: Random) -> _Fields:
        return cls(
            group=rng.choice(["region", "team", "product", "channel", "country"]),
            value=rng.choice(["amount", "units", "points", "minutes"]),
            status=rng.choice(["status", "state", "phase"]),
            accepted=rng.sample(["open", "paid", "closed", "sent", "new"], 2),
            names=rng.sample(["north", "south", "East", "west", "hub", "Zeta", "alpha", "mid"], 6),
        )

    def one(self, who: str | None, size: int | None, status: str | None = None) -> Record:
        return {self.group: who, self.value: size, self.status: status or self.accepted[0]}

    def example(self, big: int) -> list[Record]:
        a, b, c, *_ = self.names
        return [self.one(a, big), self.one(b, big + 7), self.one(a, 3), self.one(c, 9, "void")]

    def some(self, rng: Random) -> list[Record]:
        made = []
        for _ in range(rng.randint(6, 16)):
            size = rng.choice([rng.randint(-20, 90), rng.randint(0, 99), None])
            record = self.one(rng.choice([*self.names, None]), size, rng.choice([*self.accepted * 2, "void"]))
            if rng.random() < 0.15:
                del record[rng.choice(list(record))]
            made.append(record)
        return made


def _total_edges(fields: _Fields, none: str, big: int, top: int) -> list[list[Record]]:
    one, (a, b, c, *_) = fields.one, fields.names
    first, second = fields.accepted
    return [
        [], [{}], [one(a, big - 50)], [one(a, big - 51)], [one(a, big, "void")], [one(None, big)],
        [one(a, None)], [{fields.value: big, fields.status: second}], [one(a, None), one(a, big)],
        [one(b, big), one(a, big)], [{fields.group: a, fields.status: first}, one(a, big)],
        [one(n, big) for n in fields.names], [one(n, big + i) for i, n in enumerate(fields.names)],
        [{fields.group: a, fields.value: big}], [one(a, big), one(a, -big - 5)],
        [one("", big), one(None, big)], [one(none, big), one(None, 1)],
        [one(c, big, first.upper()), one(c, big, second)],
        [one(n, big - i) for i, n in enumerate(fields.names[: top + 1])],
    ]  # fmt: skip


_JOIN_RULES = """
Write `@name@(left, right)`, which joins two lists of dicts on `"@key@"` and returns a new list of dicts.

- The records of `left` are taken in order. A record of `right` matches when it has an equal `"@key@"`. A
  missing `"@key@"`, or `None` there, never matches anything.
- A joined record holds all fields of the left record and, from the right one, the fields @fields@. When the
  left record has a field of that name, the right one's value is stored under the name with `@suffix@`
  appended instead. Where the right record lacks one of the fields, its value is @absent@.
- When several records of `right` match, @several@.
- A left record without a match @unmatched@.
- The arguments are not changed.
"""

_JOIN = """
def @name@(left, right):
    joined = []
    for record in left:
        key = record.get("@key@")
        found = [other for other in right if key is not None and other.get("@key@") == key]
        if not found and not @keep@:
            continue
        for other in found@chosen@ or [{}]:
            made = dict(record)
            for field in @fields@:
                made[field + "@suffix@" if field in record else field] = other.get(field, @absent@)
            joined.append(made)
    return joined
"""


def join(rng: Random) -> Problem:
    """Two lists of records brought together on a key."""
    key = rng.choice(["id", "code", "sku", "email", "ref"])
    fields = rng.sample(["price", "colour", "owner", "rank", "stock", "city"], 3)
    absent, keep = rng.choice(["None", '""', "0", '"?"']), rng.random() < 0.5
    chosen, several = rng.choice(
        [
            ("", "each of them makes a joined record, in the order of `right`"),
            ("[:1]", "only the first of them counts"),
            ("[-1:]", "only the last of them counts"),
        ]
    )
    values = {
        "name": name(rng, "join merge combine attach", "records tables lists rows"),
        "key": key,
        "suffix": rng.choice(["_right", "_2", "_other", "_new"]),
    }
    a, b, c = fields
    return Problem(
        name=values["name"],
        rules=prose(
            _JOIN_RULES,
            **values,
            fields=", ".join(f'`"{field}"`' for field in fields),
            absent=f"`{absent}`",
            several=several,
            unmatched=f"is kept, with `{absent}` for each of the right one's fields"
            if keep
            else "is left out",
        ),
        reference=program(_JOIN, **values, fields=fields, absent=absent, keep=keep, chosen=chosen),
        examples=[
            call([{key: 7, a: 1}, {key: 8}], [{key: 7, a: 2, b: 3, "note": 4}]),
            call([{key: 5}], [{key: 5, c: 1}, {key: 5, c: 2}]),
        ],
        cases=[call(left, right) for left, right in _tables(rng, key, fields)],
    )


def _tables(rng: Random, k: str, fields: list[str]) -> list[tuple[list[Record], list[Record]]]:
    def some(most: int) -> list[Record]:
        made = []
        for _ in range(rng.randint(1, most)):
            chosen = rng.sample([*fields, "note"], rng.randint(1, 3))
            made.append({k: rng.choice([1, 2, 3, 4, "x", None]), **{f: rng.randint(0, 99) for f in chosen}})
        return made

    a, b, c = fields
    edges: list[tuple[list[Record], list[Record]]] = [
        ([], []), ([{k: 1}], []), ([], [{k: 1, a: 2}]), ([{}], [{}]), ([{k: None}], [{k: None, a: 1}]),
        ([{k: 1}], [{k: 1}]), ([{k: 1, a: 5}], [{k: 1, a: 6}]), ([{k: 1}], [{k: 1, a: 1}, {k: 1, a: 2}]),
        ([{k: 1}, {k: 1}], [{k: 1, b: 3}]), ([{k: "1"}], [{k: 1, a: 4}]),
        ([{k: 2}, {k: 1}], [{k: 1}, {k: 2, c: 0}]), ([{a: 1}], [{k: 1, a: 2}]),
        ([{k: 1, "note": 7}], [{k: 1, "note": 8, c: None}]), ([{k: 1, a: None}], [{k: 1, a: 2}]),
        ([{k: 0}], [{k: 0, a: 9}]), ([{k: ""}], [{k: "", b: 9}]),
        ([{k: 1, a: 1, b: 2, c: 3}], [{k: 1, c: 4, b: 5}, {k: 1, a: 6}]),
    ]  # fmt: skip
    return [*edges, *((some(5), some(6)) for _ in range(10))]


_ROLLING_RULES = """
Write `@name@(values)`, which takes a list of ints and `None` and returns a list of the same length.

- The value at position i is computed from a window of @window@ positions: @where@. Positions outside of the
  list are not in the window.
- `None` and values below @low@ or above @high@ are ignored.
- If the window has fewer than @least@ values that count, the result at that position is `None`; otherwise
  it is @statistic@.
- @after@
"""

_ROLLING = """
def @name@(values):
    result = []
    for i in range(len(values)):
        window = values[max(0, i - @back@) : i + @ahead@ + 1]
        numbers = sorted(v for v in window if v is not None and @low@ <= v <= @high@)
        result.append(@formula@ if len(numbers) >= @least@ else None)
    @carry@
    return result
"""

_CARRY = """for i in range(1, len(result)):
        if result[i] is None:
            result[i] = result[i - 1]"""


def rolling(rng: Random) -> Problem:
    """A statistic over a moving window with gaps."""
    window = rng.randint(3, 7)
    back = rng.choice([window - 1, 0, window // 2, 1])
    ahead = window - 1 - back
    low, high = rng.randint(-60, -20), rng.randint(60, 140)
    formula, statistic = rng.choice(_STATISTICS)
    carry = rng.random() < 0.5
    values = {
        "name": name(rng, "rolling moving windowed smooth", "values series readings signal"),
        "low": low,
        "high": high,
        "least": rng.randint(1, 3),
    }
    where = f"the {back} before i, i itself and the {ahead} after it"
    if not back or not ahead:
        where = f"i and the {ahead} after it" if ahead else f"i and the {back} before it"
    return Problem(
        name=str(values["name"]),
        rules=prose(
            _ROLLING_RULES,
            **values,
            window=window,
            where=where,
            statistic=statistic,
            after="Finally, from left to right, every `None` in the result becomes what then stands just "
            "before it, if anything does."
            if carry
            else "A `None` in the result stays.",
        ),
        reference=program(
            _ROLLING, **values, back=back, ahead=ahead, formula=formula, carry=_CARRY if carry else ""
        ),
        examples=[call([2, 8, None, -3, high + 9, 5, 1])],
        cases=[call(series) for series in _series(rng, low, high, window)],
    )


_STATISTICS = [
    ("sum(numbers)", "their sum"),
    ("numbers[-1] - numbers[0]", "their largest minus their smallest"),
    ("numbers[(len(numbers) - 1) // 2]", "their median, of an even number the lower middle value"),
    ("numbers[len(numbers) // 2]", "their median, of an even number the higher middle value"),
    ("sum(numbers) // len(numbers)", "their mean, rounded down to an int (towards minus infinity)"),
    ("sum(n * n for n in numbers)", "the sum of their squares"),
]
"""Formula over the sorted `numbers`, and what it is in words."""


def _series(rng: Random, low: int, high: int, window: int) -> list[list[int | None]]:
    edges: list[list[int | None]] = [
        [], [None], [5], [None] * 6, [low], [low - 1], [high], [high + 1], [3, 4], [7] * window,
        list(range(window + 1)), [None, 1, None, 2, None, 3, None, 4], [-1, -2, -4, -7, -11], [0] * 5,
        [1, *[None] * 6, 2], [None, None, 6, 1], [high, low, high + 1, low - 1, high, low],
        [9, 8, 7, 6, 5, 4, 3, 2, 1],
    ]  # fmt: skip
    for _ in range(10):
        length = rng.randint(4, 15)
        wide = [rng.randint(low - 15, high + 15) for _ in range(length)]
        edges.append([rng.choice([None, number, number % 19 - 9]) for number in wide])
    return edges


FAMILIES: tuple[Family, ...] = (totals, join, rolling)
