"""Reports to summarise: quarterly figures, incidents and projects, made from known facts."""

from __future__ import annotations

import importlib.util
import random
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from whichmodel.domain import Item

FOLDER = Path(__file__).parent
_PACKAGE = "whichmodel_task_summarization_reports_kinds"
TWISTS = ("plain", "revised")


def generate(seed: int, count: int) -> Iterable[Item]:
    """The kinds and twists in turn; an item's stratum is both."""
    rng = random.Random(f"reports {seed}")
    package = _kinds()
    kinds = list(package.KINDS)
    prompt = (FOLDER / "prompt.txt").read_text(encoding="utf-8")
    for number in range(count):
        kind = kinds[number % len(kinds)]
        twist = TWISTS[number // len(kinds) % len(TWISTS)]
        made = package.KINDS[kind](rng, twist == "revised")
        yield Item(
            id=f"reports-s{seed}-{number:04d}",
            input=prompt.format(limit=made.max_words, asked=made.asked, report=made.text).rstrip(),
            target={
                "facts": list(made.facts),
                "topics": made.topics,
                "names": list(made.names),
                "max_words": made.max_words,
            },
            reference="\n".join(f"- {line}" for line in made.lines),
            stratum=f"{kind}-{twist}",
        )


def _kinds() -> Any:
    """The package beside this file, wherever the task folder lies."""
    folder = FOLDER / "kinds"
    spec = importlib.util.spec_from_file_location(
        _PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder} is no package")
    package = importlib.util.module_from_spec(spec)
    sys.modules[_PACKAGE] = package
    spec.loader.exec_module(package)
    return package
