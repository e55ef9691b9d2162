"""Intervals with labels, laid over each other."""

from __future__ import annotations

from random import Random
from typing import Any

from .problem import A_TO_Z, Family, Problem, call, name, program, prose

Span = list[Any]

_LAYER_RULES = """
Write `@name@(spans)`, which lays labelled intervals over each other. `spans` is a list of `[start, end,
label]`, start and end ints, in any order; the result is a list of such triples that do not overlap, in
order.

- An interval holds the whole numbers from its start to its end, @closed@. One whose end is before its start
  raises `ValueError`@empty@.
- @weights@
- At each number, of the intervals that hold it, @winner@ wins@then@.
- Neighbouring numbers with the same winning label form one piece of the result, also when different
  intervals won.
- Then, from left to right, a piece of fewer than @least@ numbers @short@
- A gap between two pieces of the same label of at most @gap@ numbers is closed: they become one piece. This
  happens last, with pieces as they then stand.
"""

_LAYER = """
def @name@(spans):
    for start, end, _ in spans:
        if end < start:
            raise ValueError("an interval ends before it starts")
    held = [(start, end + @extra@, label, i) for i, (start, end, label) in enumerate(spans)]
    cuts = sorted({at for start, end, _, _ in held for at in (start, end)})
    pieces = []
    for left, right in zip(cuts, cuts[1:]):
        over = [span for span in held if span[0] <= left and right <= span[1]]
        if not over:
            continue
        start, end, label, i = min(over, key=lambda span: @rank@)
        if pieces and pieces[-1][1] == left and pieces[-1][2] == label:
            pieces[-1][1] = right
        else:
            pieces.append([left, right, label])
    long = []
    for left, right, label in pieces:
        if right - left >= @least@:
            if long and long[-1][1] == left and long[-1][2] == label:
                long[-1][1] = right
            else:
                long.append([left, right, label])
        elif @absorb@ and long and long[-1][1] == left:
            long[-1][1] = right
    result = []
    for left, right, label in long:
        if result and result[-1][2] == label and left - result[-1][1] <= @gap@:
            result[-1][1] = right
        else:
            result.append([left, right, label])
    return [[left, right - @extra@, label] for left, right, label in result]
"""

_WINNERS = [
    ("the one that starts last", "-span[0]"),
    ("the shortest one", "span[1] - span[0]"),
    ("the longest one", "span[0] - span[1]"),
    ("the one whose label has the greatest weight", "-WEIGHTS.get(span[2], 0)"),
    ("the one that ends first", "span[1]"),
]
_THEN = [
    ("the one that comes first in `spans`", "span[3]"),
    ("the one that comes last in `spans`", "-span[3]"),
    (
        f"the one whose label comes first {A_TO_Z}, then the one that comes first in `spans`",
        "(span[2], span[3])",
    ),
]


def layers(rng: Random) -> Problem:
    """Labelled intervals with a rule for what lies on top."""
    closed, absorb = rng.random() < 0.5, rng.random() < 0.5
    winner, rank = rng.choice(_WINNERS)
    then, tie = rng.choice(_THEN)
    labels = rng.sample(["busy", "free", "hold", "call", "away", "lunch"], 4)
    weights = dict(zip(labels[:3], rng.sample(range(1, 10), 3), strict=True))
    weighed = "WEIGHTS" in rank
    if weighed:
        rank = rank.replace("WEIGHTS", repr(weights))
    values: dict[str, Any] = {
        "name": name(rng, "stack overlay flatten layer", "spans intervals ranges bookings"),
        "least": rng.randint(2, 4),
        "gap": rng.randint(1, 5),
    }
    shown = ", ".join(f"`{label}` {weight}" for label, weight in weights.items())
    return Problem(
        name=values["name"],
        rules=prose(
            _LAYER_RULES,
            **values,
            closed="both included" if closed else "the end not included",
            empty="" if closed else "; one whose end is its start holds nothing and has no effect",
            weights=f"Labels have weights: {shown}; every other label 0."
            if weighed
            else "Labels are strings; none has a special meaning.",
            winner=winner,
            then=f"; of equal ones, {then}",
            short="is taken over by the piece directly before it (no number in between), which grows by "
            "it and keeps its label; "
            "if there is none, it is left out. A piece that then directly follows one of the same label "
            "becomes part of it."
            if absorb
            else "is left out.",
        ),
        reference=program(
            _LAYER,
            **values,
            extra=1 if closed else 0,
            rank=f"({rank}, {tie})",
            absorb=absorb,
        ),
        examples=[
            call([[0, 9, labels[0]], [4, rng.randint(12, 60), labels[1]]]),
            call([[rng.randint(1, 99), 100, labels[2]]]),
        ],
        cases=[
            call(spans)
            for spans in [
                *_layer_edges(labels, values["least"], values["gap"]),
                *(_spans(rng, labels) for _ in range(16)),
            ]
        ],
    )


def _layer_edges(labels: list[str], n: int, g: int) -> list[list[Span]]:
    a, b, c, d = labels
    return [
        [], [[0, 0, a]], [[5, 4, a]], [[0, 9, a], [3, 2, b]], [[0, 1, a]], [[0, n, a]], [[0, n - 1, a]],
        [[0, n - 2, a]], [[0, 9, a], [0, 9, b]], [[0, 9, b], [0, 9, a]], [[0, 9, a], [9, 19, b]],
        [[0, 9, a], [10, 19, a]], [[0, 9, a], [9 + g, 30, a]], [[0, 9, a], [10 + g, 30, a]],
        [[0, 9, a], [11 + g, 30, a]], [[0, 30, a], [10, 20, b]], [[10, 20, b], [0, 30, a]],
        [[0, 30, a], [10, 10 + n - 1, b]], [[0, 30, a], [10, 10 + n, b]], [[0, 30, d], [5, 25, c]],
        [[0, 20, a], [10, 30, b], [5, 15, c]], [[-20, -10, a], [-15, -5, b]],
        [[0, 30, a], [12, 13, b], [13, 15, c]], [[0, 9, a], [9, 10, b], [10, 20, a]],
        [[0, 9, a], [10, 11, b], [12, 20, a]], [[0, 10, a], [5, 15, a], [8, 9, b]], [[0, 20, a], [10, 30, b]],
        [[0, 20, b], [10, 30, a]], [[0, 20, a], [0, 12, b]], [[0, 12, b], [0, 20, c], [0, 15, d]],
        [[3, 3, a], [3, 3, b]], [[0, 20, a], [20, 20, b]], [[0, 1, a], [1, 20, b]],
        [[40, 60, c], [0, 20, c], [20, 40, c]],
    ]  # fmt: skip


def _spans(rng: Random, labels: list[str]) -> list[Span]:
    made = []
    for _ in range(rng.randint(3, 9)):
        start = rng.randint(-5, 50)
        made.append([start, start + rng.choice([0, 1, 3, 6, 10, 10, 20, 35]), rng.choice(labels)])
    return made


FAMILIES: tuple[Family, ...] = (layers,)
