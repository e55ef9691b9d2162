"""Classes that keep state: a cache, an account. A case makes an object and calls its methods in order."""

from __future__ import annotations

from random import Random
from typing import Any

from .problem import Case, Family, Problem, Steps, program, prose, script

_CACHE_RULES = """
Write a class `@name@` that keeps a limited number of values by key. Keys are strings.

- `@name@(capacity)`: an int of at least 1.
- `put(key, value)` stores a value, in place of the old one if the key is there. @refresh_put@ If the key is
  new and there are `capacity` keys already, one of them is removed first: @victim@. @pinned@ It returns the
  removed key, or `None` if none was removed.
- A new key of more than @longest@ characters raises `ValueError` and nothing changes.
- `get(key)` returns the value, or `@missing@` if the key is not there. @refresh_get@
- `keys()` returns the list of keys in the order in which they were first stored since they were last
  absent, oldest first.
- `drop(prefix)` removes every key that starts with `prefix` and returns how many there were.
"""

_CACHE = """
class @name@:
    def __init__(self, capacity):
        self.capacity = capacity
        self.values, self.used, self.reads, self.clock = {}, {}, {}, 0

    def touch(self, key):
        self.clock += 1
        self.used[key] = self.clock

    def put(self, key, value):
        removed = None
        if key not in self.values and len(key) > @longest@:
            raise ValueError("the key is too long")
        if key not in self.values and len(self.values) >= self.capacity:
            choice = [k for k in self.values if not (@pins@ and k.startswith("@mark@"))]
            if not choice:
                raise ValueError("no key may be removed")
            removed = min(choice, key=lambda k: @rank@)
            self.remove(removed)
        if key not in self.values or @put_touches@:
            self.touch(key)
        self.reads.setdefault(key, 0)
        self.values[key] = value
        return removed

    def get(self, key):
        if key not in self.values:
            return @missing@
        self.reads[key] += 1
        if @get_touches@:
            self.touch(key)
        return self.values[key]

    def keys(self):
        return list(self.values)

    def drop(self, prefix):
        gone = [k for k in self.values if k.startswith(prefix)]
        for key in gone:
            self.remove(key)
        return len(gone)

    def remove(self, key):
        del self.values[key], self.used[key], self.reads[key]
"""


def cache(rng: Random) -> Problem:
    """A cache with a rule for what goes first."""
    pins, get_touches, put_touches = (rng.random() < 0.5 for _ in range(3))
    rank, victim = rng.choice(_VICTIMS)
    mark, longest = rng.choice("!*@+="), rng.randint(3, 16)
    first = rng.choice(["Cache", "Store", "Shelf", "Pool", "Memo"])
    second = rng.choice(["", "Box", "Table", "Keeper"])
    values = {
        "name": first + second,
        "missing": rng.choice(["None", "-1", '"missing"', "0", "False"]),
        "longest": longest,
    }
    pinned = (
        f"Keys that start with `{mark}` are never removed in this way; if there are no others, `put` raises "
        "`ValueError` and nothing changes."
    )
    shown = f"put x {rng.randint(0, 999)}; put y {rng.randint(0, 999)}; get x; put z 3; keys; get w"
    return Problem(
        name=first + second,
        rules=prose(
            _CACHE_RULES,
            **values,
            victim=victim,
            refresh_put=_STORING[put_touches],
            refresh_get=f"{'A successful' if get_touches else 'No'} `get` is a use of the key.",
            pinned=pinned if pins else "",
        ),
        reference=program(
            _CACHE,
            **values,
            pins=pins,
            mark=mark,
            rank=rank,
            put_touches=put_touches,
            get_touches=get_touches,
        ),
        examples=[Case([2], script(shown))],
        cases=[Case([size], script(text)) for size, text in _cache_scripts(rng, mark, longest)],
    )


_STORING = {
    True: "Storing is a use of the key, whether it is new or not.",
    False: "Storing a new key is a use of it; storing over an old value is not.",
}
_STORING = {
    True: "Storing is a use of the key, whether it is new or not.",
    False: "Storing a new key is a use of it; storing over an old value is not.",
}
_VICTIMS = [
    ("self.used[k]", "the key that has gone longest without a use"),
    (
        "(self.reads[k], self.used[k])",
        "the key with the fewest successful `get` calls since it was last absent; of equal ones, the key "
        "that has gone longest without a use",
    ),
]
"""What is smallest for the key that goes, and the same in words."""


def _cache_scripts(rng: Random, mark: str, longest: int) -> list[tuple[int, str]]:
    p, q, key = f"{mark}p", f"{mark}q", "k" * longest
    scripts = [
        (1, "get a; keys"),
        (1, "put a 1; put b 2; get a; get b"),
        (2, "put a 1; put b 2; get a; put c 3; keys"),
        (2, "put a 1; put b 2; put a 3; put c 3; keys"),
        (2, f"put {p} 1; put a 2; put b 3; keys"),
        (2, f"put {p} 1; put {q} 2; put b 3; keys; put {p} 9; get {p}"),
        (3, "put a 1; put ab 2; put b 3; drop a; keys; drop a"),
        (2, 'put a null; get a; drop ""; keys'),
        (2, "put a 1; get a; get a; put b 1; put c 1; keys"),
        (2, "put a 1; drop a; put b 1; put a 2; put c 0; keys"),
        (2, "put a 1; put b 1; get x; put c 1; keys"),
        (2, f"put {key} 1; put {key}k 2; keys"),
    ]
    for _ in range(12):
        steps = []
        for _ in range(rng.randint(6, 20)):
            one = rng.choice(["a", "b", "c", "ab", p, q, "d"])
            puts, gets = [f"put {one} {rng.randint(0, 99)}"] * 3, [f"get {one}"] * 3
            steps.append(rng.choice([*puts, *gets, "keys", f"drop {rng.choice(['a', mark, 'z'])}"]))
        scripts.append((rng.randint(1, 4), "; ".join([*steps, "keys"])))
    return scripts


_ACCOUNT_RULES = """
Write a class `@name@` that keeps an account in whole cents.

- `@name@(opening)`: the opening balance, an int.
- `@pay_in@(amount)` adds to the balance and returns the new balance.
- `@pay_out@(amount)` takes from it and returns the new balance. Every @every@@nth@ successful `@pay_out@`
  also costs a fee of @fee@, which is taken together with the amount.
- `undo()` takes back the latest movement that is still in place, fee included, and returns the new balance;
  without one it raises `ValueError`. @undo_counts@
- `statement(n)` returns the latest n movements in place, oldest first, as a list of `[kind, amount,
  balance]`: kind is `"in"` or `"out"`, amount is without the fee, balance is the one after the movement. n
  is 0 or more.
- An amount below 1 raises `ValueError`. So does a `@pay_out@` after which the balance, fee included, would
  be below @limit@, and a `@pay_in@` of more than @most@. What raises changes nothing.
"""

_ACCOUNT = """
class @name@:
    def __init__(self, opening):
        self.balance, self.payouts, self.moves = opening, 0, []

    def book(self, kind, amount, change):
        self.balance += change
        self.moves.append((kind, amount, self.balance, change))
        return self.balance

    def @pay_in@(self, amount):
        if not 1 <= amount <= @most@:
            raise ValueError(amount)
        return self.book("in", amount, amount)

    def @pay_out@(self, amount):
        fee = @fee@ if (self.payouts + 1) % @every@ == 0 else 0
        if amount < 1 or self.balance - amount - fee < @limit@:
            raise ValueError(amount)
        self.payouts += 1
        return self.book("out", amount, -amount - fee)

    def undo(self):
        if not self.moves:
            raise ValueError("nothing to undo")
        kind, _, _, change = self.moves.pop()
        self.balance -= change
        if kind == "out" and @forgets@:
            self.payouts -= 1
        return self.balance

    def statement(self, n):
        latest = self.moves[max(0, len(self.moves) - n) :]
        return [[kind, amount, balance] for kind, amount, balance, _ in latest]
"""


def account(rng: Random) -> Problem:
    """Balances, fees and undoing."""
    pay_in, pay_out = rng.choice(
        [("deposit", "withdraw"), ("credit", "debit"), ("add", "take"), ("load", "spend")]
    )
    first, second = (
        rng.choice(["Account", "Wallet", "Purse", "Ledger", "Card", "Till"]),
        rng.choice(["", "Book", "Record"]),
    )
    every, forgets = rng.randint(2, 4), rng.random() < 0.5
    values = {
        "name": first + second,
        "pay_in": pay_in,
        "pay_out": pay_out,
        "every": every,
        "fee": rng.randint(5, 95),
        "limit": -rng.randint(0, 900),
        "most": rng.randint(1000, 9000),
    }
    shown = ["in 200", *(f"out {30 + i}" for i in range(every)), "undo", "statement 2"]
    scripts = [([40], "; ".join(shown)), *_account_scripts(rng, values)]
    example, *cases = [Case(opening, _renamed(text, pay_in, pay_out)) for opening, text in scripts]
    return Problem(
        name=first + second,
        rules=prose(
            _ACCOUNT_RULES,
            **values,
            nth={2: "nd", 3: "rd"}.get(every, "th"),
            undo_counts=f"A `{pay_out}` that was taken back "
            + ("does not count for the fee any more." if forgets else "still counts for the fee."),
        ),
        reference=program(_ACCOUNT, **values, forgets=forgets),
        examples=[example],
        cases=cases,
    )


def _renamed(text: str, pay_in: str, pay_out: str) -> Steps:
    names = {"in": pay_in, "out": pay_out}
    return [(names.get(method, method), arguments) for method, arguments in script(text)]


def _account_scripts(rng: Random, values: dict[str, Any]) -> list[tuple[list[int], str]]:
    every, fee, limit, most = (values[key] for key in ("every", "fee", "limit", "most"))
    outs = "; ".join(["out 1"] * every)
    scripts = [
        ([0], "undo; statement 0; statement 5"),
        ([5], "in 0; in -3; in 1"),
        ([0], f"in {most}; in {most + 1}; statement 9"),
        ([50], "out 0; out -1; out 1"),
        ([100], f"out {100 - limit}; statement 1"),
        ([100], f"out {101 - limit}; statement 1"),
        ([900], f"{outs}; out 1; statement 2"),
        ([every + fee + limit - 1], outs),
        ([every + fee + limit], outs),
        ([900], f"{outs}; undo; out 1; out 1; statement 4"),
        ([900], "out 1; undo; out 1; undo; out 1; undo; out 1; undo; out 1"),
        ([9], "in 5; undo; undo; statement 3"),
        ([900], "out 1; in 7; out 1; statement 0; statement 2; statement 1"),
    ]
    for _ in range(11):
        steps = []
        for _ in range(rng.randint(6, 18)):
            pays = [f"in {rng.randint(0, most + 200)}", f"in {rng.randint(1, 300)}"]
            takes = [f"out {rng.randint(1, 500)}", f"out {rng.randint(1, 90)}", f"out {rng.randint(0, 900)}"]
            steps.append(rng.choice([*pays, *takes, "undo", f"statement {rng.randint(0, 4)}"]))
        scripts.append(([rng.randint(0, 900)], "; ".join([*steps, "statement 3"])))
    return scripts


FAMILIES: tuple[Family, ...] = (cache, account)
