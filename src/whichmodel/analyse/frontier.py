"""The efficient frontier: which models no other one beats on quality and on a figure that is to be small.

By point estimates it is a line; what the intervals allow to say is less, so both are told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a model stands between quality and cost, latency or the like."""

    model: str
    score: float
    value: float
    """Cost or duration: less is better."""
    score_low: float | None = None
    score_high: float | None = None
    value_low: float | None = None
    value_high: float | None = None
    """Intervals. None = that end is unknown, and proves nothing."""


def dominates(a: Place, b: Place) -> bool:
    """Whether a is as good as b in both and better in one, by point estimates."""
    return a.score >= b.score and a.value <= b.value and (a.score > b.score or a.value < b.value)


def frontier(places: Iterable[Place]) -> tuple[Place, ...]:
    """The places that no other one dominates by point estimates, the smallest value first.

    Scores rise along it. Places that are equal in both are all on it, in the order of their names.
    """
    ranked = sorted(places, key=lambda place: (place.value, -place.score, place.model))
    found: list[Place] = []
    for place in ranked:
        best = found[-1] if found else None
        level = best is not None and (place.value, place.score) == (best.value, best.score)
        if best is None or place.score > best.score or level:
            found.append(place)
    return tuple(found)


def shown_beaten(places: Iterable[Place]) -> Mapping[str, str]:
    """Model -> the best one whose intervals lie wholly on the better side of its own in both figures.

    Intervals that touch or that are unknown at the end that counts show nothing. Each pair is judged at the
    intervals' own level: of many pairs some would be shown by chance.
    """
    every = sorted(places, key=lambda place: (-place.score, place.value, place.model))
    found: dict[str, str] = {}
    for place in every:
        better = next((other for other in every if _shown(other, place)), None)
        if better is not None:
            found[place.model] = better.model
    return found


def _shown(a: Place, b: Place) -> bool:
    return _under(b.score_high, a.score_low) and _under(a.value_high, b.value_low)


def _under(less: float | None, more: float | None) -> bool:
    return less is not None and more is not None and less < more
