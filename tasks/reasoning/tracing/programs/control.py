"""Loops with early ends, and functions that call themselves."""

from __future__ import annotations

from random import Random


def loops(rng: Random) -> str:
    """Two nested loops with a condition to skip, one to stop, and an accumulator."""
    a, b, k, m = rng.randint(4, 7), rng.randint(3, 6), rng.randint(2, 4), rng.randint(3, 7)
    skip = rng.choice((f"(i + j) % {k} == 0", f"i * j % {m} == {rng.randint(1, 2)}", f"(i - j) % {k} == 1"))
    stop = rng.choice(
        (f"total > {rng.randint(20, 60)}", f"j > i + {rng.randint(0, 2)}", f"i * j >= {rng.randint(8, 14)}")
    )
    step = rng.choice(
        (f"total += i * {rng.randint(2, 4)} - j", "total = total + j * j - i", "total += (i << 1) ^ j")
    )
    after = rng.choice(("count += j", "count += 1", f"count -= i % {k}"))
    return f"""total, count = {rng.randint(0, 5)}, {rng.randint(0, 3)}
for i in range({rng.randint(0, 2)}, {a}):
    for j in range({b}, {rng.randint(-2, 0)}, -1):
        if {skip}:
            continue
        if {stop}:
            break
        {step}
    else:
        count += {rng.randint(5, 12)}
    {after}
print(total, count)
"""


def recursion(rng: Random) -> str:
    """A recursion with two branches, or two functions that call each other."""
    n, base, q = rng.randint(7, 13), rng.randint(1, 3), rng.randint(2, 4)
    if rng.random() < 0.5:
        return f"""def f(n, depth=0):
    if n <= {base}:
        return n + depth
    if n % {q} == {rng.randint(0, 1)}:
        return f(n - {rng.randint(1, 2)}, depth + 1) + f(n // 2, depth)
    return {rng.choice(("2 * ", "n + ", "1 + "))}f(n - {rng.randint(2, 3)}, depth + {rng.randint(1, 2)})


print(f({n + 2}), f({n - 2}))
"""
    return f"""def up(n, seen):
    seen.append(n)
    if n > {n * rng.randint(3, 5)} or len(seen) > {rng.randint(6, 9)}:
        return n
    return down(n * {rng.randint(2, 3)} + {rng.randint(1, 4)}, seen)


def down(n, seen):
    if n % {q} == 0:
        return up(n // {q}, seen) + 1
    seen.append(-n)
    return up(n - {rng.randint(2, 5)}, seen) - {rng.randint(1, 3)}


path = []
print(up({n}, path), path[{rng.choice((-1, -2, 1))}], len(path))
"""
