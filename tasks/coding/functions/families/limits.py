"""A class with a clock: how often clients may call."""

from __future__ import annotations

from random import Random

from .problem import Case, Family, Problem, program, prose, script

_LIMITER_RULES = """
Write a class `@name@` that limits how often clients may call. Times are whole seconds and are given by the
caller.

- `@name@(limit)`: an int of at least 1, the calls that a client may make within any @window@ seconds.
- `allow(client, time)` returns whether the call is allowed. A call at time t is refused when the client is
  blocked at t, or when `limit` of its allowed calls have a time above t - @window@.
- A refused call at time t blocks the client at all times below t + @block@; @during@.
- Clients whose name starts with `@mark@` are always allowed and never counted.
- `left(client, time)` returns how many calls the client could make at that time, one after another, all at
  that time; 0 while it is blocked. It changes nothing but the largest time given so far. For a client whose
  name starts with `@mark@` it is `@free@`.
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
    first, second = (
        rng.choice(["Limiter", "Throttle", "Gate", "Guard", "Brake"]),
        rng.choice(["", "Keeper", "Control"]),
    )
    during = "a call during a block starts it anew" if extends else "calls during a block do not prolong it"
    values = {"name": first + second, "window": window, "block": block, "mark": mark, "free": free}
    shown = f"allow ann 10; allow ann 10; allow ann 11; left bob 12; left ann {11 + block}"
    return Problem(
        name=first + second,
        rules=prose(_LIMITER_RULES, **values, during=during),
        reference=program(_LIMITER, **values, extends=extends),
        examples=[Case([2], script(shown))],
        cases=[Case([limit], script(text)) for limit, text in _scripts(rng, window, block, f"{mark}x")],
    )


def _allow(*times: int, who: str = "ann") -> str:
    return "; ".join(f"allow {who} {time}" for time in times)


def _scripts(rng: Random, w: int, b: int, exempt: str) -> list[tuple[int, str]]:
    scripts = [
        (1, "left ann 0"),
        (1, _allow(0, w)),
        (1, _allow(0, w - 1)),
        (2, _allow(0, 0, 0)),
        (1, _allow(0, 0, b - 1, b, w + b)),
        (1, _allow(0, 0, b, w, w + b)),
        (1, _allow(5, 4, 5)),
        (1, "allow ann 0; allow bob 0; allow ann 0"),
        (1, f"{_allow(0, 0, 0, who=exempt)}; left {exempt} 1"),
        (3, f"{_allow(0, 1, 2)}; left ann {w}; left ann {w + 1}"),
        (1, f"{_allow(0, 1)}; left ann {b}; left ann {b + 1}; left ann {w + b}"),
        (2, "allow ann 3; left bob 9; allow ann 8; allow ann 9"),
        (1, _allow(0, 1, b, b + 1, 2 * b, 2 * b + w)),
        (1, _allow(-5, -5 + w, 0)),
        (5, f"{_allow(*range(7))}; left ann 7"),
    ]
    for _ in range(11):
        steps, now = [], rng.randint(0, 50)
        for _ in range(rng.randint(6, 18)):
            now += rng.choice([0, 0, 1, rng.randint(0, w), rng.randint(0, b), -rng.randint(0, 1)])
            steps.append(
                f"{rng.choice(['allow', 'allow', 'left'])} {rng.choice(['ann', 'bob', exempt])} {now}"
            )
        scripts.append((rng.randint(1, 3), "; ".join(steps)))
    return scripts


FAMILIES: tuple[Family, ...] = (limiter,)
