"""What crosses from the pool to a worker and back: values only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from whichmodel.domain import Outcome
from whichmodel.plan import Work

Emit = Callable[[Outcome], None]
"""Takes each finished sample's outcome at once."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often a call is tried. Seconds."""

    attempt_s: int = 120
    """One attempt at a call."""
    call_s: int = 600
    """All attempts at a call."""
    sample_s: int = 900
    """A sample, its scoring included."""
    retries: int = 4
    """Attempts after the first; the SDKs' own retries are off."""


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
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class Report:
    """How a job ended. `error` None = every sample ended, scored or failed."""

    job: str
    error: str | None = None
