"""Puzzles of eighteen families of reasoning-gym, three for each kind of reasoning."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from whichmodel.domain import Item

ZONE = r"\d [+-]\d{4}\b"
"""An offset from UTC."""
LOST_TIME = r"\([A-Z][a-z]+day\) \d"
"""A weekday before the time of day: reasoning-gym's gold then takes the time for midnight."""
CUT_SECONDS = r":\d\d:\d\d.*HH:MM\.\n"
"""Seconds that the answer is to be given without: cut or rounded, the question does not say."""
NEGATIVE = r"\n-"
"""An end before its start."""

FORMAT = "Think as long as you need. End your reply with one last line of this form:\nANSWER: <your answer>"


@dataclass(frozen=True, slots=True)
class Family:
    """Puzzles of one data set of reasoning-gym: the kind of reasoning they ask for, and their difficulty."""

    name: str
    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    dataset: str = ""
    """Its name in reasoning-gym. "" = that of the family."""
    reads: tuple[str, ...] = ()
    """What its verifier reads of an entry's metadata; the rest, some with today's date, is left out."""
    only: str = ""
    """Pattern that a question holds, its answer on the line behind it. "" = any does."""
    unless: str = ""
    """Pattern of questions and answers that are left out. "" = none is."""


FAMILIES = (
    Family(
        "basic_arithmetic",
        "arithmetic",
        # No division: its gold is cut to a whole number where it does not come out even.
        {"min_terms": 5, "max_terms": 7, "min_digits": 2, "max_digits": 3, "operators": ("+", "-", "*")},
    ),
    Family("decimal_chain_sum", "arithmetic", {"min_terms": 5, "max_terms": 8}),
    Family("dice", "arithmetic"),
    Family("knights_knaves", "logic", {"n_people": 4}),
    Family("cryptarithm", "logic", reads=("words_letters", "result_letters", "allow_leading_zero")),
    Family("arc_1d", "logic"),
    Family(
        "shortest_path",
        "graph",
        # At the default share of blocked cells a third of the grids has no path.
        {"min_rows": 7, "max_rows": 9, "min_cols": 7, "max_cols": 9, "p_blocked": 0.3},
        reads=("matrix",),
    ),
    Family("path_star", "graph", {"degree": 4, "min_path_length": 5, "max_path_length": 8}),
    Family(
        "rotten_oranges",
        "graph",
        {"min_n": 7, "max_n": 10, "p_oranges": 0.75, "p_rotten": 0.04},
        unless=r"\n-1\Z",
    ),
    Family(
        "calendar_arithmetic",
        "temporal",
        # Its other tasks have few questions or, counting business days, print a wrong year past December.
        {"tasks": ["weekday_offset", "count_days"], "offset_upper_bound": 5000},
        reads=("task",),
    ),
    Family(
        "time_intervals",
        "temporal",
        {"task_types": ["time_seconds", "date", "datetime"]},
        reads=("task_type",),
        unless=rf"{ZONE}|{LOST_TIME}|{CUT_SECONDS}|{NEGATIVE}",
    ),
    Family(
        "time_zones",
        "temporal",
        {"task_types": ["datetime_tz"]},
        dataset="time_intervals",
        reads=("task_type",),
        only=ZONE,
        unless=rf"{LOST_TIME}|{CUT_SECONDS}|{NEGATIVE}",
    ),
    Family("maze", "spatial", {"min_grid_size": 9, "max_grid_size": 12, "min_dist": 8, "max_dist": 20}),
    Family(
        "color_cube_rotation",
        "spatial",
        {"min_rotations": 4, "max_rotations": 7},
        # Bottom to top is half a turn: about which axis, the question does not say.
        unless="bottom is|bottom face|bring the bottom|its bottom|bottom side is",
    ),
    Family(
        "largest_island",
        "spatial",
        {
            "min_rows": 9,
            "min_cols": 9,
            "min_num_islands": 4,
            "max_num_islands": 8,
            "min_island_size": 4,
            "max_island_size": 12,
        },
    ),
    Family("ab", "code", {"length": 14}),
    Family("string_manipulation", "code", {"min_string_length": 10}),
    Family("game_of_life", "code", {"grid_size_x": 7, "grid_size_y": 7, "filled_cells": 20}),
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
                "dataset": family.dataset or family.name,
                "entry": {
                    "answer": entry["answer"],
                    "metadata": _plain({key: entry["metadata"][key] for key in family.reads}),
                },
            },
        )


def _puzzles(family: Family, seed: int) -> Iterator[dict[str, Any]]:
    """Puzzles of one family, each question once, none with an empty answer or with what it leaves out."""
    from reasoning_gym.factory import create_dataset

    first = (seed * SEED_STRIDE) % 2**62
    data = create_dataset(family.dataset or family.name, seed=first, size=SEED_STRIDE, **family.settings)
    seen: set[str] = set()
    for index in range(SEED_STRIDE):
        entry: dict[str, Any] = data[index]
        fits = entry["answer"] and _fits(family, f"{entry['question'].strip()}\n{entry['answer']}")
        if fits and entry["question"] not in seen:
            seen.add(entry["question"])
            yield entry


def _fits(family: Family, text: str) -> bool:
    left_out = family.unless and re.search(family.unless, text)
    return not left_out and re.search(family.only, text) is not None


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))
