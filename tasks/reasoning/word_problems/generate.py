"""Word problems of several steps with numbers that do not matter, their answers exact by construction."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from whichmodel.domain import Item

_PACKAGE = "whichmodel_task_reasoning_word_problems_kinds"
LEVELS = {1: "2-3 steps", 2: "4 steps", 3: "5-6 steps"}
FORMAT = (
    "Not every number above matters. Round nothing before the end. Work it out step by step and end with one "
    "last line of this form, the number alone without its unit:\n#### <number>"
)


def generate(seed: int, count: int) -> Iterable[Item]:
    """`count` different problems, the kinds in turn and the levels of each kind in turn."""
    package = _kinds()
    kinds = list(package.KINDS.items())
    seen: set[str] = set()
    for number in range(count):
        kind, tell = kinds[number % len(kinds)]
        level = number // len(kinds) % len(LEVELS) + 1
        stories = _stories(package, f"{seed}/{number}", tell, level)
        text, story = next(found for found in stories if _nameless(found[0], package) not in seen)
        seen.add(_nameless(text, package))
        yield Item(
            id=f"word_problems-s{seed}-{number:04d}",
            input=f"{text}\n\n{FORMAT}",
            target=story.answer,
            reference="\n".join([*story.lines, f"#### {story.answer}"]),
            stratum=f"{kind}/{LEVELS[level]}",
            metadata={"figures": story.figures},
        )


def _stories(package: Any, key: str, tell: Any, level: int) -> Iterator[tuple[str, Any]]:
    """Stories of one kind and level without end, those with unfit numbers left out."""
    attempt = 0
    while True:
        try:
            story = tell(Random(f"{key}/{attempt}"), level)
        except package.Unfit:
            attempt += 1
            continue
        yield story.text(), story
        attempt += 1


def _nameless(text: str, package: Any) -> str:
    """A text without the names in it: two that differ in names alone are the same problem."""
    return re.sub(rf"\b(?:{'|'.join(package.NAMES)})\b", "_", text)


def _kinds() -> Any:
    """The package beside this file, wherever the task folder lies."""
    folder = Path(__file__).parent / "kinds"
    spec = importlib.util.spec_from_file_location(
        _PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder} is no package")
    package = importlib.util.module_from_spec(spec)
    sys.modules[_PACKAGE] = package
    spec.loader.exec_module(package)
    return package
