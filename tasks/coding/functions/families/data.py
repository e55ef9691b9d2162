"""Records and series: totals by group, joins, rolling windows."""

from __future__ import annotations

from random import Random
from typing import Any

from .problem import Family, Problem, call, fill, name

_TOTALS_RULES = """
Write `@name@(records)`, which sums up a list of dicts and returns a list of lists `[@group@, total,
count]`.

- Only records whose `"@status@"` is @wanted@ are counted; a record without `"@status@"` is not.
- Records are grouped by their `"@group@"`; where it is missing or `None`, the group is `"@none@"`.
- A group's total is the sum of its records' `"@value@"`, all ints. A record without `"@value@"`, or with
  `None` there, @missing@.
- Groups with a total @least@ are left out.
- Groups stand by total, @order@; equal totals by the group's name, A to Z (as `sorted` compares strings).
- @top@
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
    rest = rows[@top@:]
    if rest and @other@:
        return rows[:@top@] + [["@label@", sum(r[1] for r in rest), sum(r[2] for r in rest)]]
    return rows[:@top@]
"""


def totals(rng: Random) -> Problem:
    """Totals of groups, filtered, ordered and cut."""
    group = rng.choice(["region", "team", "product", "channel", "country"])
    value = rng.choice(["amount", "units", "points", "minutes"])
    status = rng.choice(["status", "state", "phase"])
    accepted = rng.sample(["open", "paid", "closed", "sent", "new"], 2)
    names = rng.sample(["north", "south", "East", "west", "hub", "Zeta", "alpha", "mid"], 6)
    none, label = rng.choice(["(none)", "unknown", "n/a"]), rng.choice(["other", "rest", "all others"])
    skip, largest, other = (rng.random() < 0.5 for _ in range(3))
    least, top = rng.randint(1, 60), rng.randint(2, 4)

    def record(**fixed: Any) -> dict[str, Any]:
        made = {group: rng.choice([*names, None]), value: rng.choice([rng.randint(-20, 90),
            rng.randint(0, 99), None]),
                status: rng.choice([*accepted, *accepted, "void"])}  # fmt: skip
        if rng.random() < 0.15:
            del made[rng.choice(list(made))]
        return made | fixed

    def one(who: str | None, size: int | None, how: str = accepted[0]) -> dict[str, Any]:
        return {group: who, value: size, status: how}

    big = least + 50
    edges = [[], [{}], [one(names[0], least)], [one(names[0], least - 1)], [one(names[0], big, "void")],
        [one(None, big)],
             [{value: big, status: accepted[1]}], [one(names[0], None)],
             [one(names[0], None), one(names[0], big)],
             [{group: names[0], status: accepted[0]}, one(names[0], big)],
             [one(names[1], big), one(names[0], big)],
             [one(n, big + i) for i, n in enumerate(names)], [one(n, big) for n in names],
             [{group: names[0], value: big}],
             [one(names[0], big), one(names[0], -big - 5)], [one("", big), one(None, big)],
             [one(none, big), one(None, 1)],
             [one(names[2], big, accepted[0].upper()), one(names[2], big, accepted[1])],
             [one(n, big - i) for i, n in enumerate(names[: top + 1])]]  # fmt: skip
    called = name(rng, "sum total summarise", "records rows groups entries")
    values = {"name": called, "group": group, "value": value, "status": status, "none": none, "top": top}
    return Problem(
        name=called,
        rules=fill(
            _TOTALS_RULES,
            **values
            | {"top": f"Only the first {top} groups are returned" + (
                f'; the groups after them, if any, become one last entry `["{label}", total, count]`.'
                if other
                else "."
            )},
            wanted=" or ".join(f'`"{a}"`' for a in accepted),
            missing="is left out altogether" if skip else "adds 0 to the total but is counted",
            least=f"below {least}",
            order="largest first" if largest else "smallest first",
        ),
        reference=fill(
            _TOTALS, **values, accepted=accepted, skip=skip, least=least, sign="-" if largest else "",
                other=other, label=label
        ),
        examples=[call([one(names[0], big), one(names[1], big + 7), one(names[0], 3),
            one(names[2], 9, "void")])],
        cases=[call(c) for c in [*edges, *([record() for _ in range(rng.randint(6,
            16))] for _ in range(10))]],
    )  # fmt: skip


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
    chosen = rng.sample(["price", "colour", "owner", "rank", "stock", "city"], 3)
    suffix, absent = rng.choice(["_right", "_2", "_other", "_new"]), rng.choice(["None", '""', "0", '"?"'])
    keep, mode = rng.random() < 0.5, rng.choice(["", "[:1]", "[-1:]"])
    several = {
        "": "each of them makes a joined record, in the order of `right`",
        "[:1]": "only the first of them counts",
        "[-1:]": "only the last of them counts",
    }[mode]
    a, b, c = chosen

    def some(most: int) -> list[dict[str, Any]]:
        made = []
        for _ in range(rng.randint(1, most)):
            fields = rng.sample([*chosen, "note"], rng.randint(1, 3))
            made.append({key: rng.choice([1, 2, 3, 4, "x", None]), **{f: rng.randint(0, 99) for f in fields}})
        return made

    edges = [([], []), ([{key: 1}], []), ([], [{key: 1, a: 2}]), ([{}], [{}]),
        ([{key: None}], [{key: None, a: 1}]),
             ([{key: 1}], [{key: 1}]), ([{key: 1, a: 5}], [{key: 1, a: 6}]),
             ([{key: 1}], [{key: 1, a: 1}, {key: 1, a: 2}]),
             ([{key: 1}, {key: 1}], [{key: 1, b: 3}]), ([{key: "1"}], [{key: 1, a: 4}]),
             ([{key: 2}, {key: 1}], [{key: 1}, {key: 2, c: 0}]),
             ([{key: 1, "note": 7}], [{key: 1, "note": 8, c: None}]), ([{a: 1}], [{key: 1, a: 2}]),
             ([{key: 1, a: None}], [{key: 1, a: 2}]), ([{key: 0}], [{key: 0, a: 9}]),
             ([{key: ""}], [{key: "", b: 9}]),
             ([{key: 1, a: 1, b: 2, c: 3}], [{key: 1, c: 4, b: 5}, {key: 1, a: 6}])]  # fmt: skip
    called = name(rng, "join merge combine attach", "records tables lists rows")
    values = {"name": called, "key": key, "suffix": suffix}
    return Problem(
        name=called,
        rules=fill(
            _JOIN_RULES,
            **values,
            fields=", ".join(f'`"{f}"`' for f in chosen),
            absent=f"`{absent}`",
            several=several,
            unmatched=f"is kept, with `{absent}` for each of the right one's fields"
            if keep
            else "is left out",
        ),
        reference=fill(_JOIN, **values, fields=chosen, absent=absent, keep=keep, chosen=mode),
        examples=[
            call([{key: 7, a: 1}, {key: 8}], [{key: 7, a: 2, b: 3, "note": 4}]),
            call([{key: 5}], [{key: 5, c: 1}, {key: 5, c: 2}]),
        ],
        cases=[call(*e) for e in [*edges, *((some(5), some(6)) for _ in range(10))]],
    )


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
    if @carry@:
        for i in range(1, len(result)):
            if result[i] is None:
                result[i] = result[i - 1]
    return result
"""


def rolling(rng: Random) -> Problem:
    """A statistic over a moving window with gaps."""
    window = rng.randint(3, 7)
    back = rng.choice([window - 1, 0, window // 2, 1])
    ahead = window - 1 - back
    least = rng.randint(1, min(3, window))
    low, high = rng.randint(-60, -20), rng.randint(60, 140)
    formula, statistic = rng.choice([
        ("sum(numbers)", "their sum"),
        ("numbers[-1] - numbers[0]", "their largest minus their smallest"),
        ("numbers[(len(numbers) - 1) // 2]", "their median, of an even number the lower middle value"),
        ("numbers[len(numbers) // 2]", "their median, of an even number the higher middle value"),
        ("sum(numbers) // len(numbers)", "their mean, rounded down to an int (towards minus infinity)"),
        ("sum(n * n for n in numbers)", "the sum of their squares"),
    ])  # fmt: skip
    carry = rng.random() < 0.5
    where = {
        True: f"i and the {back} before it",
        False: f"the {back} before i, i itself and the {ahead} after it",
    }[ahead == 0]

    def series() -> list[int | None]:
        return [
            rng.choice([None, rng.randint(low - 15, high + 15), rng.randint(-9, 9)])
            for _ in range(rng.randint(4, 15))
        ]

    edges: list[list[int | None]] = [
        [], [None], [5], [None] * 6, [low], [low - 1], [high], [high + 1], [3, 4], [7] * window,
        list(range(window + 1)),
        [None, 1, None, 2, None, 3, None, 4], [-1, -2, -4, -7, -11], [0] * 5,
        [1, None, None, None, None, None, None, 2],
        [high, low, high + 1, low - 1, high, low], [9, 8, 7, 6, 5, 4, 3, 2, 1], [None, None, 6, 1],
    ]  # fmt: skip
    called = name(rng, "rolling moving windowed smooth", "values series readings signal")
    return Problem(
        name=called,
        rules=fill(
            _ROLLING_RULES,
            name=called,
            window=window,
            where=where,
            low=low,
            high=high,
            least=least,
            statistic=statistic,
            after="Finally, from left to right, every `None` in the result becomes what then stands "
            "just before it, if anything does."
            if carry
            else "A `None` in the result stays.",
        ),
        reference=fill(
            _ROLLING,
            name=called,
            back=back,
            ahead=ahead,
            low=low,
            high=high,
            least=least,
            formula=formula,
            carry=carry,
        ),
        examples=[call([2, 8, None, -3, high + 9, 5, 1])],
        cases=[call(v) for v in [*edges, *(series() for _ in range(10))]],
    )


FAMILIES: tuple[Family, ...] = (totals, join, rolling)
