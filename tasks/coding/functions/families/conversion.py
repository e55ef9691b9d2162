"""Units that are defined by each other."""

from __future__ import annotations

from random import Random
from typing import Any

from .problem import Family, Problem, call, fill, name, program, prose

Call = tuple[list[str], str, str]

_CONVERT_RULES = """
Write `@name@(table, amount, unit)`, which converts an amount into another unit, exactly. `table` is a list
of lines that define units; the result is a string.

- A line reads `N unit = M unit`: N and M are whole numbers of at least 1 (digits 0-9), a unit one or more
  of the characters a-z, any number of blanks, or none, may stand between the four parts, around `=` and at
  the ends of the line@comment@. It may also be used from right to left, and lines may be chained.
- @plural@
- Definitions may repeat or follow from each other; if two ways lead to different factors between two units
  (or a unit and itself), or a line does not follow these rules, `ValueError` is raised, whatever is to be
  converted.
- `amount` is one or more parts `N unit`, separated by `@plus@`, with any number of blanks, or none, between
  N and the unit and around each part; N is a whole number or a fraction `N/M` (M at least 1). Its parts are
  added up. A `-` directly before the first number makes the whole amount negative.
- Everything is converted into `unit`; a unit that `table` does not define may be converted into itself
  only. If a part cannot be converted, `None` is returned. What is no amount, or a `unit` that is no unit,
  raises `ValueError`.
- The result is @form@
- @limit@
"""

_CONVERT = """
import re
from fractions import Fraction


def unit_name(text):
    if not re.fullmatch("[a-z]+", text):
        raise ValueError(f"not a unit: {text!r}")
    return @singular@


def read_table(table):
    links = {}
    for line in table:
        @skip@
        found = re.fullmatch(" *([0-9]+) *([a-z]+) *= *([0-9]+) *([a-z]+) *", line)
        if not found or int(found[1]) < 1 or int(found[3]) < 1:
            raise ValueError(f"not a definition: {line!r}")
        one, other = unit_name(found[2]), unit_name(found[4])
        factor = Fraction(int(found[3]), int(found[1]))
        links.setdefault(one, []).append((other, factor))
        links.setdefault(other, []).append((one, 1 / factor))
    return links


def factors(links, start):
    reached, waiting = {start: Fraction(1)}, [start]
    while waiting:
        unit = waiting.pop()
        for other, factor in links.get(unit, []):
            if other not in reached:
                reached[other] = reached[unit] * factor
                waiting.append(other)
            elif reached[other] != reached[unit] * factor:
                raise ValueError("the definitions contradict each other")
    return reached


def written(value):
    @form@


def @name@(table, amount, unit):
    links = read_table(table)
    for start in links:
        factors(links, start)
    wanted = unit_name(unit)
    sign, text = 1, amount.strip(" ")
    if text.startswith("-"):
        sign, text = -1, text[1:]
    total, missing = Fraction(0), False
    for part in text.split("@plus@"):
        found = re.fullmatch(" *([0-9]+)(?:/([0-9]+))? *([a-z]+) *", part)
        if not found or (found[2] and int(found[2]) == 0) or (sign < 0 and text.startswith(" ")):
            raise ValueError(f"not an amount: {amount!r}")
        reached = factors(links, unit_name(found[3]))
        missing = missing or wanted not in reached
        total += Fraction(int(found[1]), int(found[2] or 1)) * reached.get(wanted, 0)
    if missing:
        return None
    @limit@
    return written(sign * total)
"""

_MIXED = """sign, value = ("-" if value < 0 else ""), abs(value)
    whole, rest = divmod(value, 1)
    if rest == 0:
        return f"{sign}{whole}"
    return f"{sign}{whole}@and@{rest}" if whole else f"{sign}{rest}\""""
_PLAIN = 'return f"{value.numerator}/{value.denominator}"'
_DECIMAL = """scaled = value * 10**@digits@
    number = @rounding@
    sign, number = ("-" if number < 0 else ""), abs(number)
    return f"{sign}{number // 10**@digits@}.{number % 10**@digits@:0@digits@d}\""""
_NEAREST = "int(abs(scaled) + Fraction(1, 2)) * (-1 if scaled < 0 else 1)"
_DOWN = "scaled.numerator // scaled.denominator"

_FORMS = [
    (
        "a whole number and a proper fraction in lowest terms with `{and}` between them, as in "
        "`2{and}1/3`; `2` without a fraction, `1/3` without a whole number, `0` for nothing, a `-` before "
        "it all if it is negative.",
        _MIXED,
        "",
    ),
    ("a fraction in lowest terms as in `7/3` or `-7/3`, whole numbers too (`5/1`, `0/1`).", _PLAIN, ""),
    (
        "a decimal number with exactly {digits} digit(s) after the point, rounded to the nearest, halves "
        "away from zero; what rounds to zero has no sign.",
        _DECIMAL,
        _NEAREST,
    ),
    (
        "a decimal number with exactly {digits} digit(s) after the point, rounded down (towards minus "
        "infinity), a `-` before it if that is negative.",
        _DECIMAL,
        _DOWN,
    ),
]


def conversion(rng: Random) -> Problem:
    """An exact conversion through chained definitions."""
    text, form, rounding = rng.choice(_FORMS)
    plural, mark, most = (
        rng.random() < 0.5,
        rng.choice(["", "#", ";"]),
        rng.choice([0, 0, rng.randint(500, 5000)]),
    )
    units = rng.sample(["crate", "box", "bag", "cup", "jar", "pallet", "tin", "roll", "pack", "drum"], 6)
    words: dict[str, Any] = {
        "name": name(rng, "convert translate express", "amount quantity units stock"),
        "plus": rng.choice("+&,"),
        "and": rng.choice([" ", "_", "+"]),
        "digits": rng.randint(1, 3),
    }
    limit = f"An amount of more than {most} `unit` (its sign aside) raises `ValueError`."
    return Problem(
        name=words["name"],
        rules=prose(
            _CONVERT_RULES,
            name=words["name"],
            plus=words["plus"],
            comment=f"; a line that is empty, holds only blanks or starts with `{mark}` is skipped"
            if mark
            else "",
            plural="A final `s` of a unit of more than one letter does not count: `tins` is `tin`."
            if plural
            else "Units are the same only when they are written alike: `tins` is not `tin`.",
            form=text.format(**words),
            limit=limit if most else "There is no limit to the size of numbers.",
        ),
        reference=program(
            _CONVERT,
            **(words | {"form": fill(form, **words, rounding=rounding).rstrip()}),
            singular='text[:-1] if len(text) > 1 and text.endswith("s") else text' if plural else "text",
            skip=f'if not line.strip(" ") or line.startswith("{mark}"):\n            continue'
            if mark
            else 'line = line + ""',
            limit=f'if total > {most}:\n        raise ValueError("too much")' if most else "total += 0",
        ),
        examples=[
            call(
                [f"1 {units[0]} = {rng.randint(2, 40)} {units[1]}", f"3 {units[2]} = 2 {units[1]}"],
                f"5 {units[2]}",
                units[0],
            ),
        ],
        cases=[
            call(*given)
            for given in [
                *_conversions(units, words["plus"], most),
                *(_conversion(rng, units, words) for _ in range(14)),
            ]
        ],
    )


def _conversions(units: list[str], plus: str, most: int) -> list[Call]:
    a, b, c, d, *_ = units
    table = [f"1 {a} = 12 {b}", f"5 {b}=  3 {c}"]
    return [
        ([], f"3 {a}", a), ([], f"3 {a}", b), (table, f"1 {a}", b), (table, f"1 {b}", a),
        (table, f"1 {a}", c), (table, f"7 {c}", a), (table, f"1/2 {a} {plus} 3{b}", a), (table, f"-1 {a}", b),
        (table, f"- 1 {a}", b), (table, f"-1 {b}{plus}2/3 {b}", a), (table, f"1 {a} {plus} 1 {d}", b),
        (table, "", a), (table, f"1 {a} {plus}", b), (table, f"1/0 {a}", b), (table, f"0 {a}", c),
        (table, f"1.5 {a}", b), (table, f"{a}", b), (table, f"2 {a}s", f"{b}"), (table, f"2 {a}", f"{b}s"),
        (table, f"2 {a.upper()}", b), ([*table, f"1 {a} = 12 {b}"], f"1 {a}", b),
        ([*table, f"1 {a} = 13 {b}"], f"1 {c}", c), ([*table, f"5 {a} = 36 {c}"], f"1 {c}", a),
        ([*table, f"1 {a} = 7 {c}"], f"1 {d}", d), ([f"2 {a} = 2 {a}"], f"1 {a}", a),
        ([f"2 {a} = 3 {a}"], f"1 {b}", b), ([f"0 {a} = 1 {b}"], f"1 {a}", a), ([f"1 {a} 2 {b}"], f"1 {a}", a),
        ([f"1/2 {a} = 1 {b}"], f"1 {a}", b), ([""], f"1 {a}", a), ([f"# {a}", "  "], f"1 {a}", a),
        ([f"; {a}"], f"4 {a}", a), (table, f"1 {a}", ""), (table, f"1 {a}", f"{b} {c}"),
        (table, f"-1/90 {b}", a), (table, f"1/24 {b}", b), (table, f"-1/24 {b}", b),
        (table, f"1/16 {b}{plus}1/16 {b}", b), (table, f"{most} {b}", b), (table, f"{most + 1} {b}", b),
        (table, f"-{most + 1} {b}", b), ([f"1 {a}s = 4 {b}"], f"3 {a}", b),
        ([f"1 {d} = 9 {c}", f"1 {b} = 10 {c}", f"4 {a} = 1 {b}"], f"7 {d}", a), (["1 s = 60 t"], "2 s", "t"),
        (table, f"9/6 {b}", b), (table, f"7/4 {c} {plus}1 {c}", c),
    ]  # fmt: skip


def _conversion(rng: Random, units: list[str], words: dict[str, Any]) -> Call:
    table = []
    for i in range(1, rng.randint(3, len(units))):
        pair = [units[i], units[rng.randrange(i)]]
        rng.shuffle(pair)
        table.append(f"{rng.randint(1, 9)} {pair[0]} = {rng.randint(1, 24)} {pair[1]}")
    parts = [
        f"{rng.choice([f'{rng.randint(1, 40)}', '3/4', '5/3', '7/8'])} {rng.choice(units[:3])}"
        for _ in range(rng.randint(1, 3))
    ]
    return rng.sample(table, len(table)), f" {words['plus']} ".join(parts), rng.choice(units[:4])


FAMILIES: tuple[Family, ...] = (conversion,)
