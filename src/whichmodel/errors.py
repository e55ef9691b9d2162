"""The errors a user can meet, each with its exit code.

Every error says what is wrong, where, and what would work. `str(error)` is that one paragraph;
the command line prints it without a traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class BenchError(Exception):
    """An error with a message for the user.

    what: one sentence that names the trouble. where: file, key or command it was met in ("" = nowhere
    in particular). remedy: what would work ("" = nothing known).
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        head = f"{where}: {what}" if where else what
        super().__init__(f"{head} {remedy}".strip())


class ConfigError(BenchError):
    """bench.yaml or a task card cannot be used as written."""

    exit_code = 2


class UsageError(BenchError):
    """The command cannot be carried out as it was given."""

    exit_code = 2


class UnknownName(UsageError):
    """A task, model, organisation or gateway that does not exist."""

    @classmethod
    def of(cls, kind: str, name: str, known: Iterable[str], *, where: str = "") -> UnknownName:
        """An error that lists the nearest known names."""
        choices = sorted(set(known))
        close = nearest(name, choices)
        if close:
            remedy = f"Nearest: {', '.join(close)}."
        elif choices:
            shown = ", ".join(choices[:12]) + (", ..." if len(choices) > 12 else "")
            remedy = f"Known: {shown}."
        else:
            remedy = f"There is no {kind} at all."
        return cls(f"There is no {kind} '{name}'.", where=where, remedy=remedy)


class TaskError(BenchError):
    """A task's own files or code cannot be used."""

    exit_code = 2


class SandboxMissing(BenchError):
    """No sandbox can run model-written code here; the task is skipped, never run unsandboxed."""

    exit_code = 2


class StoreError(BenchError):
    """The results folder or its database cannot be read or written."""


class ScoringFailed(BenchError):
    """Our own scorer or its judge broke down: the sample has failed and gets no score."""


class CellsFailed(BenchError):
    """Some cells ended without a score."""

    exit_code = 3


class BudgetReached(BenchError):
    """The run stopped because its budget would have been exceeded."""

    exit_code = 4


class CheckFailed(BenchError):
    """A check did not hold: a stale or regressed route."""

    exit_code = 5


def nearest(name: str, choices: Iterable[str], *, most: int = 3) -> list[str]:
    """The known names closest to a misspelt one, best first; empty when none is close."""
    return difflib.get_close_matches(name, list(choices), n=most, cutoff=0.5)
