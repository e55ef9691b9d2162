"""A class with a clock: how often clients may call."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from .problem import Case, Family, Problem, fill

Steps = list[tuple[str, Sequence[Any]]]

_LIMITER_RULES = """
Write a class `@name@` that limits how often clients may call. Times are whole seconds and are given by the
caller.

- `@name@(limit)`: an int of at least 1, the calls that a client may make within any @window@ seconds.
- `allow(client, time)` returns whether the call is allowed. A call at time t is refused when the client is
  blocked at t, or when `limit` of its allowed calls have a time above t - @window@.
- @penalty@
- @exempt@
- `left(client, time)` returns how many calls the client could make at that time, one after another, all at
  that time; 0 while it is blocked. It changes nothing@unlimited@.
- Over all clients and both methods, a time below the largest one given before raises `ValueError` and
  changes nothing.
"""

_LIMITER = """
class @name@:
    def __init__(self, limit):
        self.limit, self.now, self.calls, self.until = limit, None, {}, {}

    def advance(self, time):
        if self.now is not None and time < self.now:
            raise ValueError("time runs backwards")
        self.now = time

    def left(self, client, time):
        self.advance(time)
        if client.startswith("@mark@"):
            return @free@
        if client in self.until and time < self.until[client]:
            return 0
        recent = [t for t in self.calls.get(client, []) if t > time - @window@]
        return max(0, self.limit - len(recent))

    def allow(self, client, time):
        left = self.left(client, time)
        if client.startswith("@mark@"):
            return True
        if left:
            self.calls.setdefault(client, []).append(time)
            return True
        blocked = client in self.until and time < self.until[client]
        if not blocked or @extends@:
            self.until[client] = time + @block@
        return False
"""


def limiter(rng: Random) -> Problem:
    """Calls in a sliding window, with blocks."""
    window, block, extends = rng.randint(5, 60), rng.randint(2, 90), rng.random() < 0.5
    mark, free = rng.choice(["vip:", "ops-", "@", "root/"]), rng.choice(["-1", "999", "None"])

    def steps(length: int) -> Steps:
        made: Steps = []
        now = rng.randint(0, 50)
        for _ in range(length):
            now += rng.choice(
                [0, 0, 1, rng.randint(0, window), rng.randint(0, block), -1 if rng.random() < 0.3 else 0]
            )
            made.append(
                (
                    rng.choice(["allow", "allow", "allow", "left"]),
                    [rng.choice(["ann", "bob", f"{mark}x"]), now],
                )
            )
        return made

    def calls(*times: int, who: str = "ann") -> Steps:
        return [("allow", [who, time]) for time in times]

    w, b = window, block
    edges: list[tuple[int, Steps]] = [
        (1, [("left", ["ann", 0])]), (1, calls(0, w)), (1, calls(0, w - 1)), (2, calls(0, 0, 0)),
        (1, calls(0, 0, b - 1, b, w + b)),
        (1, calls(0, 0, b, w, w + b)), (1, calls(5, 4, 5)), (1, [*calls(0), *calls(0, who="bob"), *calls(0)]),
        (1, [*calls(0, 0, 0, who=f"{mark}x"), ("left", [f"{mark}x", 1])]),
        (3, [*calls(0, 1, 2), ("left", ["ann", w]), ("left", ["ann", w + 1])]),
        (1, [*calls(0, 1), ("left", ["ann", b]), ("left", ["ann", b + 1]), ("left", ["ann", w + b])]),
        (2, [*calls(3), ("left", ["bob", 9]), *calls(8), *calls(9)]),
        (1, calls(0, 1, b, b + 1, 2 * b, 2 * b + w)),
        (1, calls(-5, -5 + w, 0)), (5, [*calls(*range(7)), ("left", ["ann", 7])]),
    ]  # fmt: skip
    called = rng.choice(["Limiter", "Throttle", "Gate", "Guard", "Brake"]) + rng.choice(
        ["", "Keeper", "Control"]
    )
    values = {"name": called, "window": window}
    return Problem(
        name=called,
        rules=fill(
            _LIMITER_RULES,
            **values,
            penalty=f"A refused call at time t blocks the client at all times below t + {block}; "
            + ("a call during a block starts it anew." if extends else "calls during it do not prolong it."),
            exempt=f"Clients whose name starts with `{mark}` are always allowed and never counted.",
            unlimited=f" but the largest time given so far. For a client whose name starts with `{mark}` "
            f"it is `{free}`",
        ),
        reference=fill(_LIMITER, **values, mark=mark, free=free, extends=extends, block=block),
        examples=[Case([2], [*calls(10, 10, 11), ("left", ["bob", 12]), ("left", ["ann", 11 + block])])],
        cases=[*(Case([n], s) for n, s in edges), *(Case([rng.randint(1, 3)],
            steps(rng.randint(6, 18))) for _ in range(11))],
    )  # fmt: skip


FAMILIES: tuple[Family, ...] = (limiter,)
