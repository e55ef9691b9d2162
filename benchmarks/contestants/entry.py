"""What a contestant is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


class Absent(Exception):
    """A contestant that cannot take part here; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Job:
    """The same for all."""

    folder: Path
    """Empty; the command runs in it."""
    count: int
    """Items."""
    base_url: str
    connections: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """A command ready to run."""

    command: list[str]
    environment: Mapping[str, str]
    """On top of the environment without keys."""
    right: Callable[[], int]
    """After the command: items whose answer it scored as right, as its own results say."""
