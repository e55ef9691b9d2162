"""What a family makes: a specification, a reference solution, and the arguments to try it on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

Steps = Sequence[tuple[str, Sequence[Any]]]
"""Methods and their arguments, in order."""


@dataclass(frozen=True, slots=True)
class Case:
    """Arguments of a call; with steps, of a constructor, followed by (method, arguments) on what it made."""

    args: Sequence[Any]
    steps: Steps | None = None


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


def script(text: str) -> Steps:
    """Steps written as `method argument ...; method ...`: an argument is JSON, or else the word itself."""
    steps = []
    for step in filter(None, map(str.strip, text.split(";"))):
        method, *arguments = step.split()
        steps.append((method, [_argument(word) for word in arguments]))
    return steps


def _argument(word: str) -> Any:
    try:
        return json.loads(word)
    except ValueError:
        return word


def fill(template: str, **values: object) -> str:
    """The template with each @key@ replaced by its value. Raises KeyError for a key without a value."""
    return re.sub(r"@(\w+)@", lambda found: str(values[found[1]]), template).strip() + "\n"


def name(rng: Random, verbs: str, nouns: str) -> str:
    """A function name, `verb_noun`, from blank-separated choices."""
    return f"{rng.choice(verbs.split())}_{rng.choice(nouns.split())}"
