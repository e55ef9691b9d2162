"""What bounds a candidate's run, and how one ends that gave no value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of wall clock, from the moment the sandbox is ready."""

    call_s: float = 5.0
    """Loading the code, and each call."""
    total_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Iterated:
    """What a call gave was an iterator: the plain values it went through."""

    values: list[object]


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended."""

    stdout: str
    stderr: str
    """The end of it."""
    status: int
    """Its exit status; negative = the signal that ended it."""


class CandidateError(Exception):
    """The candidate's code did not give a plain value: that is a finding about it, not a failure of ours.

    kind: raised, timeout, exited, unfit (no plain value), flood, wrong (a check did not hold).
    classes: builtin classes of what was raised, nearest first, as the candidate's side reports them.
    """

    def __init__(self, kind: str, text: str, classes: Sequence[str] = ()) -> None:
        self.kind = kind
        self.text = text
        self.classes = tuple(classes)
        super().__init__(f"{kind}: {text}")
