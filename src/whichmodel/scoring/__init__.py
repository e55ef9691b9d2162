"""One file a scorer: what a model answered -> a verdict.

A scorer is a module of this package with `score(answer, item, options) -> Verdict`; `code`, `sql` and `tests`
are coroutines, and `image` and `judge` take `ask` too, since a model answers their questions.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

from whichmodel.errors import UnknownName

SCORERS = (
    "choice",
    "code",
    "entities",
    "exact",
    "facts",
    "fields",
    "image",
    "judge",
    "numeric",
    "sql",
    "summary",
    "tests",
    "translation",
    "verifier",
)
SAME: Mapping[str, str] = {
    "choice": "the same label",
    "code": "the same results in the task's tests",
    "entities": "the same entities",
    "exact": "the same words",
    "fields": "the same value in every field",
    "numeric": "the same number",
    "sql": "the same rows from the task's databases",
    "tests": "the same results in the task's tests",
    "translation": "the same text",
    "verifier": "the same words",
}
"""What two answers have in common whose normal forms are equal. A scorer that is not here keeps its findings
as the normal form, a grade or the facts that are met: they say nothing of two answers being the same."""


def scorer(name: str) -> Callable[..., Any]:
    """The function of a scorer. Raises UnknownName with the nearest ones."""
    if name not in SCORERS:
        raise UnknownName.of("scorer", name, SCORERS, where="task.yaml: scorer")
    function: Callable[..., Any] = importlib.import_module(f"whichmodel.scoring.{name}").score
    return function
