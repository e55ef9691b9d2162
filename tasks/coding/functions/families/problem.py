"""What a family makes: a specification, a reference solution, and the arguments to try it on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from .settled import settled

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


def program(template: str, **values: object) -> str:
    """The filled template as a program, without the checks that the values make idle."""
    return settled(fill(template, **values))


def prose(template: str, **values: object) -> str:
    """The filled template as Markdown in lines of up to 108 characters; code stays whole."""
    paragraphs: list[str] = []
    for line in fill(template, **values).splitlines():
        opens = not line.strip() or line.startswith("    ") or re.match(r"- |\d+\. ", line)
        if opens or not paragraphs or not paragraphs[-1].strip() or paragraphs[-1].startswith("    "):
            paragraphs.append(line)
        else:
            paragraphs[-1] += f" {line.strip()}"
    return re.sub("\n{3,}", "\n\n", "\n".join(map(_wrapped, paragraphs))) + "\n"


def _wrapped(paragraph: str) -> str:
    if paragraph.startswith("    "):
        return paragraph
    held = re.sub("`[^`]*`", lambda found: found[0].replace(" ", "\0"), paragraph)
    item = re.match(r"- |\d+\. ", held)
    lines, current = [], ""
    for word in held.split():
        if current and len(current) + 1 + len(word) > 108:
            lines.append(current)
            current = " " * len(item[0] if item else "") + word
        else:
            current += f" {word}" if current else word
    return "\n".join([*lines, current]).replace("\0", " ")


def name(rng: Random, verbs: str, nouns: str) -> str:
    """A function name, `verb_noun`, from blank-separated choices."""
    return f"{rng.choice(verbs.split())}_{rng.choice(nouns.split())}"
