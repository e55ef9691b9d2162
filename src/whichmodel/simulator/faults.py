"""Faults on purpose, for tests of whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from whichmodel.simulator import luck


@dataclass(frozen=True, slots=True)
class Faults:
    """Which requests go wrong, and how. Requests are counted per model name, from 0."""

    kind: Literal["status", "hang", "cut", "html", "empty"]
    """An HTTP error; no reply at all; a body that breaks off; a page in HTML; a reply without an answer."""
    first: int = 0
    """This many requests from the beginning."""
    rate: float = 0.0
    """And then this share of requests, by seed."""
    status: int = 500
    retry_after_s: float | None = None
    """Sent along with a status. None = no such header."""
    wire: str | None = None
    """The one model that it happens to. None = all."""

    def strike(self, wire: str, number: int, seed: int) -> bool:
        """Whether this request goes wrong."""
        if self.wire is not None and wire != self.wire:
            return False
        return number < self.first or luck.uniform(seed, "fault", self.kind, wire, number) < self.rate
