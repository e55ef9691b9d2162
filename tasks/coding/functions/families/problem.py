"""What a family makes: a specification, a reference solution, and the arguments to try it on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any


@dataclass(frozen=True, slots=True)
class Case:
    """Arguments of a call; with steps, of a constructor, followed by (method, arguments) on what it made."""

    args: Sequence[Any]
    steps: Sequence[tuple[str, Sequence[Any]]] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. All values are such that JSON holds them."""

    name: str
    """Of the function or class to write."""
    rules: str
    """The complete behaviour, in Markdown."""
    reference: str
    """Python source that defines `name`."""
    examples: Sequence[Case]
    """Shown with what they give."""
    cases: Sequence[Case]
    """Hidden; edge cases first."""


A_TO_Z = "A to Z (as `sorted` compares strings)"

Family = Callable[[Random], Problem]


def call(*args: Any) -> Case:
    """A call of a function."""
    return Case(args)


def fill(template: str, **values: object) -> str:
    """The template with each @key@ replaced by its value. Raises KeyError for a key without a value."""
    return re.sub(r"@(\w+)@", lambda found: str(values[found[1]]), template).strip() + "\n"


def name(rng: Random, verbs: str, nouns: str) -> str:
    """A function name, `verb_noun`, from blank-separated choices."""
    return f"{rng.choice(verbs.split())}_{rng.choice(nouns.split())}"
