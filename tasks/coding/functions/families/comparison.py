"""Two tables of records compared."""

from __future__ import annotations

from random import Random
from typing import Any

from .problem import A_TO_Z, Family, Problem, call, name, program, prose

Record = dict[str, Any]

_COMPARE_RULES = """
Write `@name@(old, new)`, which compares two tables, lists of dicts, and returns a list of changes.

- Records belong together when they have the same `"@key@"`, a string@fold@. A record without `"@key@"`, or
  two records of one table that belong together, raise `ValueError`.
- The fields @ignored@ are never compared, nor is `"@key@"` itself.
- A field that is missing is the same as one that is `None`.
- Two values are the same when they are equal and of the same kind: `True` is not 1. Two ints are also the
  same when they differ by at most @slack@@strings@.
- The changes, in this order: for each record of `old` that has none in `new`, `["@removed@", key]`; for
  each record of `new` in order: `["@added@", key]` if it has none in `old`, and otherwise, if any fields
  differ, `["@changed@", key, {field: [old value, new value], ...}]` with those fields (`None` for a missing
  one). Removed ones are ordered by their keys, @az@. `key` is as written in `new`, of a removed record as
  in `old`.
- @moved@
- @summary@
"""

_COMPARE = """
def same(a, b):
    if type(a) is int and type(b) is int:
        return abs(a - b) <= @slack@
    if type(a) is str and type(b) is str:
        return a@clean@ == b@clean@
    return type(a) is type(b) and a == b


def indexed(records):
    found = {}
    for record in records:
        if "@key@" not in record or record["@key@"]@folded@ in found:
            raise ValueError("a key is missing or repeated")
        found[record["@key@"]@folded@] = record
    return found


def differences(before, after):
    fields = [f for f in {**before, **after} if f not in @skipped@]
    return {f: [before.get(f), after.get(f)] for f in fields if not same(before.get(f), after.get(f))}


def @name@(old, new):
    mine, yours = indexed(old), indexed(new)
    removed = sorted((mine[key]["@key@"] for key in mine if key not in yours))
    gone = {key: mine[key] for key in mine if key not in yours}
    changes, renamed = [], set()
    for key, record in yours.items():
        if key in mine:
            found = differences(mine[key], record)
            if found:
                changes.append(["@changed@", record["@key@"], found])
            continue
        twins = [k for k in gone if k not in renamed and not differences(gone[k], record)]
        if twins and @moves@:
            renamed.add(twins[0])
            changes.append(["@renamed@", gone[twins[0]]["@key@"], record["@key@"]])
        else:
            changes.append(["@added@", record["@key@"]])
    left = [key for key in removed if key@folded@ not in renamed]
    result = [["@removed@", key] for key in left] + changes
    if @sums@ and len(result) > @most@:
        kinds = [change[0] for change in result]
        return [[kind, kinds.count(kind)] for kind in @kinds@ if kind in kinds]
    return result
"""


def table_changes(rng: Random) -> Problem:
    """What was removed, added, changed and renamed between two tables."""
    fold, moves, sums, trims = (rng.random() < 0.5 for _ in range(4))
    fields = rng.sample(["price", "stock", "label", "owner", "note", "size", "seen", "rank"], 5)
    kinds = rng.choice(
        [["removed", "added", "changed", "renamed"], ["-", "+", "~", ">"], ["gone", "new", "edited", "moved"]]
    )
    words: dict[str, Any] = {
        "name": name(rng, "compare diff contrast", "tables exports snapshots lists"),
        "key": rng.choice(["id", "sku", "code", "login"]),
        "slack": rng.choice([0, 1, 2, 5]),
        "removed": kinds[0],
        "added": kinds[1],
        "changed": kinds[2],
        "renamed": kinds[3],
        "most": rng.randint(3, 5),
    }
    ignored, k = fields[3:], words["key"]
    moved = (
        "When an added record has all compared fields the same as a removed one, it is written as "
        f'`["{kinds[3]}", old key, '
        f'new key]` at its place instead, and `["{kinds[0]}", ...]` is left out; of several such removed '
        "ones it is the "
        "first in `old`, and each is used only once."
    )
    summary = (
        f"If there are more than {words['most']} changes, the result is instead the number of changes of "
        "each kind that "
        f"occurs, `[kind, number]`, in the order {', '.join(f'`{kind}`' for kind in kinds)}."
    )
    return Problem(
        name=words["name"],
        rules=prose(
            _COMPARE_RULES,
            **words,
            fold=" (`lower` makes them comparable: the case of letters does not matter)" if fold else "",
            ignored=" and ".join(f'`"{field}"`' for field in ignored),
            strings=", two strings when they are equal once blanks at their ends are removed"
            if trims
            else "",
            az=A_TO_Z,
            moved=moved if moves else "A key that was renamed is a record removed and one added.",
            summary=summary if sums else "If nothing changed, the result is `[]`.",
        ),
        reference=program(
            _COMPARE,
            **words,
            clean='.strip(" ")' if trims else "",
            folded=".lower()" if fold else "",
            skipped=[k, *ignored],
            moves=moves,
            sums=sums,
            kinds=kinds,
        ),
        examples=[
            call(
                [{k: "b", fields[0]: rng.randint(10, 99)}, {k: "a"}],
                [{k: "b", fields[0]: rng.randint(100, 999)}, {k: "c", fields[1]: 1}],
            )
        ],
        cases=[
            call(*pair)
            for pair in [
                *_compared(k, fields, words["slack"]),
                *(_changed(rng, k, fields) for _ in range(14)),
            ]
        ],
    )


def _compared(k: str, fields: list[str], slack: int) -> list[tuple[list[Record], list[Record]]]:
    f, g, _, hidden, _ = fields
    a, b = {k: "a", f: 5, g: "x"}, {k: "b", f: 7}
    return [
        ([], []), ([a], [a]), ([a], []), ([], [a]), ([{}], []), ([], [{f: 1}]), ([a, a], [a]), ([a], [b, b]),
        ([a, b], [b, a]), ([b, a], []), ([], [b, a]), ([a], [{**a, f: 5 + slack}]),
        ([a], [{**a, f: 6 + slack}]), ([a], [{**a, f: 5 - slack}]), ([a], [{**a, f: None}]),
        ([a], [{k: "a", g: "x"}]), ([{k: "a"}], [{k: "a", f: None}]), ([a], [{**a, hidden: 3}]),
        ([{k: "a", f: 1}], [{k: "a", f: True}]), ([{k: "a", f: 0}], [{k: "a", f: False}]),
        ([a], [{**a, g: " x "}]), ([a], [{**a, k: "A"}]), ([a, {**a, k: "A"}], []), ([a], [{**a, k: "z"}]),
        ([a, {**a, k: "c"}], [{**a, k: "z"}]),
        ([{**a, k: "c"}, a], [{**a, k: "z"}, {**a, k: "y"}, {**a, k: "w"}]),
        ([{k: "a", f: "5"}], [{k: "a", f: 5}]), ([{k: c} for c in "dacb"], []),
        ([], [{k: c, f: i * 9} for i, c in enumerate("dacbef")]),
        ([{k: c, f: 9} for c in "dacb"], [{k: "d", f: 1000}, {k: "n", g: "1"}, {k: "C", f: 18}]),
        ([{k: "a", f: [1]}], [{k: "a", f: [1]}]), ([{k: "B"}, {k: "a"}], [{k: "q", g: 1}]),
    ]  # fmt: skip


def _changed(rng: Random, k: str, fields: list[str]) -> tuple[list[Record], list[Record]]:
    def value() -> Any:
        return rng.choice([rng.randint(0, 9), rng.randint(0, 90), None, True, "x", "x ", "y"])

    old = [
        {k: key, **{f: value() for f in rng.sample(fields, 3)}}
        for key in rng.sample("abcdEFgh", rng.randint(1, 6))
    ]
    new = [{**record, **({rng.choice(fields): value()} if rng.random() < 0.5 else {})} for record in old]
    for record in new:
        if rng.random() < 0.3:
            record[k] = rng.choice([record[k].swapcase(), record[k] + "2"])
    added = [{k: f"n{i}", fields[0]: value()} for i in range(rng.randint(0, 2))]
    return old, rng.sample([*new, *added], rng.randint(1, len(new) + len(added)))


FAMILIES: tuple[Family, ...] = (table_changes,)
