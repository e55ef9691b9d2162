"""Answers whose format could not be read: their share, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from whichmodel.analyse.intervals import exact
from whichmodel.analyse.standings import FORMAT_GAP
from whichmodel.domain import Standing


@dataclass(frozen=True, slots=True)
class Unparsed:
    """Of one model on one task."""

    task: str
    model: str
    n: int
    """Items with a score."""
    share: float
    low: float
    high: float
    """Exact 95% interval, items taken as independent."""

    @property
    def many(self) -> bool:
        """So many that a score may compare formats rather than answers."""
        return self.share > FORMAT_GAP


def unparsed(standings: Iterable[Standing]) -> tuple[Unparsed, ...]:
    """Standings with an answer that could not be read, the largest share first."""
    found = []
    for one in standings:
        if one.unparsed:
            low, high = exact(one.unparsed * one.n, one.n)
            found.append(Unparsed(one.task, one.model, one.n, one.unparsed, low, high))
    return tuple(sorted(found, key=lambda each: (-each.share, each.task, each.model)))
