"""Lists that share their contents, dictionaries that grow while they are read, and strings cut up."""

from __future__ import annotations

from random import Random

_WORDS = (
    "harbour",
    "lantern",
    "copper",
    "meadow",
    "thistle",
    "orchard",
    "pepper",
    "granite",
    "willow",
    "summit",
)


def lists(rng: Random) -> str:
    """Aliases, slices and changes in place."""
    values = [rng.randint(1, 20) for _ in range(rng.randint(6, 8))]
    change = rng.choice(
        (
            f"b[{rng.randint(0, 2)}] += {rng.randint(3, 9)}",
            f"b.insert({rng.randint(1, 3)}, {rng.randint(30, 40)})",
            "b.append(a.pop(0))",
        )
    )
    other = rng.choice(
        (
            f"c[1:{rng.randint(2, 4)}] = [{rng.randint(50, 60)}]",
            "c.reverse()",
            f"del c[::{rng.randint(2, 3)}]",
        )
    )
    picked = rng.choice(("x > y", f"(x + y) % {rng.randint(2, 3)} == 0", "x < y"))
    return f"""a = {values}
b = a
c = a[{rng.randint(0, 2)}:{rng.choice(("", "-1", str(rng.randint(4, 6))))}]
{change}
{other}
a = sorted(a[{rng.choice(("::-1", "1:", ":-1"))}], key=lambda x: (x % {rng.randint(3, 5)}, -x))
b.extend(c[:{rng.randint(1, 3)}])
pairs = [x - y for x, y in zip(b, a) if {picked}]
print(len(b), sum(pairs), c[{rng.choice((0, -1))}], a[{rng.randint(0, 2)}])
"""


def dicts(rng: Random) -> str:
    """Counting and grouping, with values replaced and keys taken out."""
    numbers = [rng.randint(1, 40) for _ in range(rng.randint(9, 12))]
    k, m = rng.randint(3, 5), rng.randint(2, 4)
    key = rng.choice((f"n % {k}", "n // 10", f"len(str(n * {rng.randint(3, 9)}))"))
    fold = rng.choice(
        (
            f"groups.get({key}, {rng.randint(0, 3)}) * {m} - n",
            f"max(groups.get({key}, 0), n) + 1",
            f"n - groups.get({key}, {rng.randint(1, 5)})",
        )
    )
    by = rng.choice(("groups[key]", "-groups[key]", "abs(groups[key])"))
    return f"""groups = {{}}
last = None
for place, n in enumerate({numbers}):
    if n == last or place % {rng.randint(4, 6)} == {rng.randint(1, 3)}:
        groups.pop({key}, None)
        continue
    groups[{key}] = {fold}
    last = n
order = sorted(groups, key=lambda key: ({by}, key))
print(order[0], groups[order[-1]], sum(groups.values()) % {rng.randint(7, 13)}, len(groups))
"""


def strings(rng: Random) -> str:
    """Slices with steps, replacements in turn, and a fold over characters."""
    one, two = rng.sample(_WORDS, 2)
    swap, other = rng.sample("aeioprstlm", 2)
    return f"""text = "{one}-{two}"
text = text[::{rng.choice((-1, 2, -2))}].replace("{swap}", "{other.upper()}", {rng.randint(1, 2)})
text = text.replace("{other}", "")
left, dash, right = text.partition("{rng.choice(("-", "e", "o", "r"))}")
code = {rng.randint(1, 9)}
for place, sign in enumerate(right + left):
    if sign.isupper():
        code += {rng.randint(11, 29)} * place
    elif sign in "{rng.choice(("aeiou", "rstlm", "eor"))}":
        code = code * {rng.randint(2, 3)} % {rng.randint(89, 199)}
    else:
        code -= {rng.choice(("1", "place % 3", "len(left)"))}
print(code, len(text), (left + dash)[-2:].strip() or "none")
"""
