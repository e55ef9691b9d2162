"""Objects with state, functions that remember, and errors that change the way."""

from __future__ import annotations

from random import Random


def state(rng: Random) -> str:
    """A class with attributes of its own and of all, and a subclass that changes one step."""
    a, b, cap = rng.randint(2, 6), rng.randint(3, 9), rng.randint(15, 40)
    calls = [rng.randint(1, 15) for _ in range(rng.randint(6, 8))]
    return f"""class Tank:
    spilt = {rng.randint(0, 3)}

    def __init__(self, level):
        self.level = level
        self.log = []

    def fill(self, amount):
        self.level += amount
        if self.level > {cap}:
            Tank.spilt += self.level - {cap}
            self.level = {cap}{rng.choice((" - amount", "", " // 2"))}
        self.log.append(self.level)
        return self


class Leaky(Tank):
    def fill(self, amount):
        if len(self.log) % {rng.randint(2, 3)} == 1:
            self.spilt = self.spilt + {b}
            return self
        super().fill(amount * {rng.randint(2, 3)})
        self.level -= {a}
        return self


one, two = Tank({rng.randint(1, 9)}), Leaky({rng.randint(1, 9)})
for n, amount in enumerate({calls}):
    (one if amount % {rng.randint(2, 3)} else two).fill(amount + n)
print(one.level, two.level, one.spilt, two.spilt, len(two.log))
"""


def closures(rng: Random) -> str:
    """Functions that remember a value, a default that is shared, and names that are bound late."""
    k, m = rng.randint(2, 4), rng.randint(5, 9)
    return f"""def keep(value, store=[{rng.randint(1, 5)}]):
    store.append(value + len(store))
    return store[-1] - store[0]


def counter(start):
    total = start

    def step(by):
        nonlocal total
        total {rng.choice(("+=", "-="))} by
        if total % {k} == 0:
            total //= {k}
        return total

    return step


late = [lambda x: x {rng.choice(("+", "*", "-"))} n for n in range({rng.randint(3, 5)})]
bound = [lambda x, n=n: x * n {rng.choice(("+ 1", "- n", "+ n"))} for n in range({rng.randint(3, 4)})]
up = counter({rng.randint(3, 20)})
other = counter({rng.randint(3, 20)})
first = up({m}) + other(up({rng.randint(1, 6)}))
kept = keep({m}) + keep({rng.randint(1, 9)})
print(first, late[{rng.randint(0, 1)}]({m}), sum(f({k}) for f in bound), kept, up({rng.randint(1, 4)}))
"""


def exceptions(rng: Random) -> str:
    """Errors raised, caught, passed on and followed by what always runs."""
    known = ["'7'", "'x'", "0", "None", "[4]", "'-3'", "2.5"]
    known += [str(rng.randint(2, 9)), f"'{rng.randint(10, 30)}'"]
    items = rng.sample(known, rng.randint(6, 8))
    return f"""score = {rng.randint(0, 9)}


def read(item):
    global score
    try:
        number = int(item)
        score += {rng.randint(40, 90)} // number
    except ValueError:
        score -= {rng.randint(1, 5)}
        return -1
    except ZeroDivisionError:
        score *= {rng.randint(2, 3)}
        raise
    else:
        score += {rng.randint(1, 4)}
        return number
    finally:
        score += 1


results = []
for item in [{", ".join(items)}]:
    try:
        results.append(read(item))
    except {rng.choice(("ArithmeticError", "TypeError"))} as error:
        results.append(len(type(error).__name__))
    except Exception:
        score += {rng.randint(10, 20)}
print(score, sum(results), len(results))
"""
