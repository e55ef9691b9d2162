"""One file a scorer: what a model answered -> a verdict.

A scorer is a module of this package with `score(answer, item, options) -> Verdict`; `code`, `sql` and `tests`
are coroutines, and `image` and `judge` take `ask` too, since a model answers their questions.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
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


def scorer(name: str) -> Callable[..., Any]:
    """The function of a scorer. Raises UnknownName with the nearest ones."""
    if name not in SCORERS:
        raise UnknownName.of("scorer", name, SCORERS, where="task.yaml: scorer")
    function: Callable[..., Any] = importlib.import_module(f"whichmodel.scoring.{name}").score
    return function
