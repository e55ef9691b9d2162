"""Reading versions: which of several fits the conditions and is the latest."""

from __future__ import annotations

from random import Random

from .problem import Family, Problem, call, name, program, prose

_VERSION_RULES = """
Write `@name@(versions, wanted)`, which returns the latest of a list of versions that fits the conditions in
the string `wanted`, as it is written in the list, or `None` if none fits.

- A version is one to @longest@ whole numbers (digits 0-9) joined by `.`; missing numbers count as 0.
  @prefix@
- A stage may follow directly: `@joint@`, one of @stages@, and perhaps a whole number (without one it counts
  as 0), as in `1.2@joint@@example@3`.
- A number of more than one digit that starts with 0 is @zeros@.
- Versions are ordered by their numbers from left to right, then by stage, @order@, then by the stage's
  number.
- `wanted` holds conditions separated by commas; blanks around a condition and after its operator are
  ignored. The empty string (or only blanks) has no conditions: every version fits. An operator is one of
  `>=`, `>`, `<=`, `<`, `=`, `!` (not equal) and `~` (at least that version, and with @same@). A version
  follows the operator; all conditions must hold.
- A version with a stage @staged@
- Of several equal versions, the one that stands @which@ in the list is returned.
- Anything in `versions` or `wanted` that does not follow these rules raises `ValueError`, even where it
  would not change the result.
"""

_VERSION = """
import re

STAGES = @table@


def key(text):
    found = re.fullmatch(r"@v@([0-9]+(?:\\.[0-9]+){0,@more@})(?:@escaped@([a-z]+)([0-9]*))?", text)
    if not found or (found[2] and found[2] not in STAGES):
        raise ValueError(f"not a version: {text!r}")
    numbers = found[1].split(".")
    @zeros@
    numbers = [int(n) for n in numbers] + [0] * (@longest@ - len(numbers))
    return (*numbers, STAGES[found[2] or ""], int(found[3] or 0))


def conditions(wanted):
    if not wanted.strip(" "):
        return []
    made = []
    for part in wanted.split(","):
        found = re.fullmatch(" *(>=|>|<=|<|=|!|~) *([^ ]+) *", part)
        if not found:
            raise ValueError(f"not a condition: {part!r}")
        made.append((found[1], key(found[2])))
    return made


def holds(operator, mine, other):
    if operator == "~":
        return mine >= other and mine[:@first@] == other[:@first@]
    return {
        ">=": mine >= other, ">": mine > other, "<=": mine <= other,
        "<": mine < other, "=": mine == other, "!": mine != other,
    }[operator]


def @name@(versions, wanted):
    asked = conditions(wanted)
    keyed = [(key(version), version) for version in versions]
    fitting = [pair for pair in keyed if all(holds(operator, pair[0], other) for operator, other in asked)]
    plain = [pair for pair in fitting if pair[0][@longest@] == STAGES[""]]
    @choice@
    if not fitting:
        return None
    best = max(mine for mine, _ in fitting)
    return [version for mine, version in fitting if mine == best][@index@]
"""

_ZEROS = """if any(len(n) > 1 and n[0] == "0" for n in [*numbers, found[3] or ""]):
        raise ValueError(f"a leading zero: {text!r}")"""
_STAGED = [
    ("is only considered if no version without a stage fits.", "fitting = plain or fitting"),
    (
        "is only considered if some condition of `wanted` names a version with a stage.",
        'fitting = fitting if any(other[-2] != STAGES[""] for _, other in asked) else plain',
    ),
    ("is considered like any other.", "pass"),
]
_WHICH = [("first", 0), ("last", -1)]


def versions(rng: Random) -> Problem:
    """The latest version that fits."""
    longest, first = rng.choice([(3, 1), (3, 2), (4, 1), (4, 2)])
    stages = rng.choice(
        [["dev", "alpha", "rc"], ["a", "b", "rc"], ["nightly", "beta", "preview"], ["pre", "beta", "rc"]]
    )
    if rng.random() < 0.5:
        stages = sorted(stages, reverse=rng.random() < 0.5)
    post = rng.choice([None, "post", "fix", "patch"])
    ranked = [*stages, "", *([post] if post else [])]
    v, zeros = rng.random() < 0.5, rng.random() < 0.4
    joint, (staged, choice) = rng.choice(["-", "+", "_", "."]), rng.choice(_STAGED)
    which, index = rng.choice(_WHICH)
    named = name(rng, "pick choose latest newest", "version release build tag")
    quoted = [f"`{stage}`" for stage in ranked if stage]
    return Problem(
        name=named,
        rules=prose(
            _VERSION_RULES,
            name=named,
            longest={3: "three", 4: "four"}[longest],
            prefix="A `v` may stand before them." if v else "Nothing may stand before them.",
            joint=joint,
            stages=", ".join(sorted(quoted)),
            example=stages[0],
            zeros="allowed and read as a decimal number" if zeros else "an error",
            order=" < ".join((stage and f"`{stage}`") or "no stage" for stage in ranked),
            same="the same first number" if first == 1 else f"the same first {first} numbers",
            staged=staged,
            which=which,
        ),
        reference=program(
            _VERSION,
            name=named,
            table={stage: rank for rank, stage in enumerate(ranked)},
            v="v?" if v else "",
            more=longest - 1,
            escaped="[" + joint + "]",
            zeros="" if zeros else _ZEROS,
            longest=longest,
            first=first,
            choice=choice,
            index=index,
        ),
        examples=[
            call(["1.2", "1.10", f"1.11{joint}{stages[0]}{rng.randint(1, 40)}"], ""),
            call([f"{rng.randint(1, 9)}.4", "1.9.9", "0.3"], "<2, > 0.3"),
        ],
        cases=[
            call(*pair) for pair in [*_edges(joint, ranked), *(_lists(rng, joint, ranked) for _ in range(14))]
        ],
    )


def _edges(j: str, ranked: list[str]) -> list[tuple[list[str], str]]:
    low, mid, high = (stage for stage in ranked[:3])
    last = ranked[-1] or high
    return [
        ([], ""), ([], "nonsense"), (["1"], " "), (["1", "1.0", "1.0.0"], ""),
        (["1.9", "1.10", "1.2"], ">=1"), (["v1.2", "1.1"], ""), (["01.2", "1.1"], ""), (["1.0.0.0"], "=1"),
        (["1.2.3.4.5", "1"], ""), (["1.0", f"1.0{j}{low}"], ""),
        ([f"1.0{j}{low}", f"1.0{j}{high}2", f"1.0{j}{mid}9"], ""),
        ([f"1.0{j}{last}", "1.0", f"1.0{j}{low}7"], ">=1"),
        ([f"2{j}{low}10", f"2{j}{low}9", "1"], f">1, !2{j}{mid}"), ([f"2{j}{low}", f"2{j}{low}0"], ""),
        (["1.2", "1.3", "2.0", "1.3.5"], "~1.2"), (["1.2.9", "1.3"], "~ 1.2.4"), (["1", "2"], "!2"),
        (["1", "2"], ">=1,,<2"), (["1", "2"], "1"), (["1", "2"], "> = 1"), (["3", "x"], "<2"),
        ([f"1{j}zeta"], ""), (["1."], ""), (["2", "1"], f" < 2 ,>= 1{j}{low} "), ([f"1{j}{low}01"], ""),
        (["0"], "=0.0"), (["1.0", "1.1"], ">1,"), ([f"1{j}"], ""), (["5", f"5{j}{last}"], ">5"),
        (["5", f"5{j}{low}"], "<5"),
    ]  # fmt: skip


def _lists(rng: Random, j: str, ranked: list[str]) -> tuple[list[str], str]:
    def one() -> str:
        numbers = ".".join(str(rng.choice([0, 1, 2, 3, 10])) for _ in range(rng.randint(1, 3)))
        stage = rng.choice(["", *ranked])
        return numbers + (f"{j}{stage}{rng.choice(['', 1, 2, 12])}" if stage else "")

    asked = [rng.choice([">=", ">", "<=", "<", "!", "~"]) + one() for _ in range(rng.choice([0, 1, 1, 2]))]
    return [one() for _ in range(rng.randint(3, 12))], ", ".join(asked)


FAMILIES: tuple[Family, ...] = (versions,)
