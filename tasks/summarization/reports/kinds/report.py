"""A report with the facts it was made from, and what all kinds of report share."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

FIRST_NAMES = (
    "Alma", "Bernd", "Cleo", "Daria", "Emil", "Freya", "Goran", "Hilde", "Ivo", "Jana", "Karim", "Lotte",
    "Milan", "Noor", "Oskar", "Petra", "Rafael", "Signe", "Timo", "Ursula", "Viggo", "Wilma", "Xenia",
    "Zoltan",
)  # fmt: skip
LAST_NAMES = (
    "Abelsen", "Bianchi", "Corvin", "Dubois", "Engel", "Farkas", "Grimaldi", "Holm", "Ivanova", "Jelinek",
    "Krause", "Lund", "Marchetti", "Nemeth", "Orsini", "Popescu", "Rask", "Silva", "Thorsen", "Urbina",
    "Vesely", "Winkler", "Zanetti",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """What an item is made of."""

    text: str
    asked: str
    """What the summary has to name, in a sentence."""
    lines: tuple[str, ...]
    """The reference summary."""
    facts: tuple[dict[str, Any], ...]
    max_words: int
    names: tuple[str, ...] = ()
    """People who are named."""
    topics: dict[str, list[str]] = field(default_factory=dict)


def fact(
    slot: str,
    kind: str,
    accept: Iterable[Any],
    *,
    instead: Iterable[str] = (),
    topic: str | None = None,
    cue: Iterable[str] = (),
) -> dict[str, Any]:
    """A fact as the scorer wants it."""
    made: dict[str, Any] = {"slot": slot, "kind": kind, "accept": list(accept), "instead": list(instead)}
    return made | ({"topic": topic} if topic else {}) | ({"cue": list(cue)} if cue else {})


@cache
def words(kind: str) -> dict[str, Any]:
    """The tables of a kind of report."""
    held: dict[str, Any] = json.loads((Path(__file__).parent / f"{kind}.json").read_text(encoding="utf-8"))
    return held


def people(rng: Random, count: int) -> list[str]:
    """Different people, no two of whom share a name."""
    firsts, lasts = rng.sample(FIRST_NAMES, count), rng.sample(LAST_NAMES, count)
    return [f"{first} {last}" for first, last in zip(firsts, lasts, strict=True)]


def day(moment: date) -> str:
    """`14 May`."""
    return f"{moment.day} {moment:%B}"
