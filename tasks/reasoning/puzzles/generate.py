"""Puzzles of twelve families of reasoning-gym, two for each kind of reasoning."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from whichmodel.domain import Item

FORMAT = "Think as long as you need. End your reply with one last line of this form:\nANSWER: <your answer>"


@dataclass(frozen=True, slots=True)
class Family:
    """A data set of reasoning-gym, the kind of reasoning it asks for, and its difficulty."""

    name: str
    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)


FAMILIES = (
    Family("basic_arithmetic", "arithmetic", {"min_terms": 4, "min_digits": 2}),
    Family("decimal_chain_sum", "arithmetic", {"min_terms": 3}),
    Family("knights_knaves", "logic", {"n_people": 3}),
    Family("family_relationships", "logic", {"min_family_size": 6, "max_family_size": 9}),
    Family("shortest_path", "graph"),
    Family("path_star", "graph"),
    Family(
        "calendar_arithmetic",
        "temporal",
        # Its other tasks have few questions or, counting business days, print a wrong year past December.
        {"tasks": ["weekday_offset", "count_days"], "offset_upper_bound": 5000},
    ),
    Family("time_intervals", "temporal"),
    Family("maze", "spatial", {"min_grid_size": 7}),
    Family("color_cube_rotation", "spatial", {"min_rotations": 3, "max_rotations": 5}),
    Family("ab", "code", {"length": 12}),
    Family("string_manipulation", "code", {"min_string_length": 10}),
)

SEED_STRIDE = 1_000_003
"""Puzzle n of a family grows from `seed * SEED_STRIDE + n`: banks of two seeds share no puzzle's seed."""


def generate(seed: int, count: int) -> Iterable[Item]:
    """The families in turn; an item's stratum is its kind of reasoning and its family."""
    streams = [_puzzles(family, seed) for family in FAMILIES]
    for number in range(count):
        family = FAMILIES[number % len(FAMILIES)]
        entry = next(streams[number % len(FAMILIES)])
        yield Item(
            id=f"puzzles-s{seed}-{number:04d}",
            input=f"{entry['question'].strip()}\n\n{FORMAT}",
            target=entry["answer"],
            reference=f"ANSWER: {entry['answer']}",
            stratum=f"{family.kind}/{family.name}",
            metadata={
                "dataset": family.name,
                "entry": {"answer": entry["answer"], "metadata": _plain(entry["metadata"])},
            },
        )


def _puzzles(family: Family, seed: int) -> Iterator[dict[str, Any]]:
    """Puzzles of one family, each question once, none with an empty answer."""
    from reasoning_gym.factory import create_dataset

    first = (seed * SEED_STRIDE) % 2**62
    data = create_dataset(family.name, seed=first, size=SEED_STRIDE, **family.settings)
    seen: set[str] = set()
    for index in range(SEED_STRIDE):
        entry: dict[str, Any] = data[index]
        if entry["answer"] and entry["question"] not in seen:
            seen.add(entry["question"])
            yield entry


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))
