"""What crosses between the pool and its workers: values only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from whichmodel.domain import Limits, Outcome
from whichmodel.plan import Work

__all__ = ["Emit", "Granted", "Job", "Limits", "Report", "Reserve", "Settle", "Stop"]

Emit = Callable[[Outcome], None]
"""Takes each finished sample's outcome at once."""


@dataclass(frozen=True, slots=True)
class Job:
    """One task, one model, some items."""

    run_id: str
    name: str
    """Unique in the run; the name of its folder in the journal."""
    work: Work
    folder: str
    """Where its log goes, a path or a URL."""
    log_ref: str
    """The same folder as outcomes refer to it."""
    artifacts: str
    """Where images go, a path or a URL."""
    connections: int
    """Requests to the model that this worker may have in flight."""
    judge_connections: int = 1
    cache: str | None = None
    """File of kept answers. None = every item is asked."""
    budgeted: bool = False
    """Each request is reserved with the pool before it is sent."""
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Report:
    """How a job ended. `error` None = every sample that was asked for ended, scored or failed."""

    job: str
    error: str | None = None
    left: int = 0
    """Items that were not asked: the budget did not hold them, or the model was stopped."""
    stopped: str | None = None
    """Why the model was stopped. None = it was not."""


@dataclass(frozen=True, slots=True)
class Reserve:
    """A worker asks for money before it sends a request."""

    number: int
    worst: Decimal


@dataclass(frozen=True, slots=True)
class Granted:
    """The pool's answer."""

    number: int
    granted: bool


@dataclass(frozen=True, slots=True)
class Settle:
    """What was set aside has cost this much."""

    worst: Decimal
    spent: Decimal


@dataclass(frozen=True, slots=True)
class Stop:
    """A model is stopped, so that every other worker that asks it stops too."""

    model: str
    reason: str
