"""What a race is told and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from whichmodel.domain import RouteStatus

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Track:
    """The outcomes of one task so far, items in the fixed random order that all models share.

    Rows are items from the start of the order; rows that no model was asked yet may be left out.
    """

    models: tuple[str, ...]
    score: Floats
    """items x models in [0, 1], epochs of an item averaged. NaN = no score."""
    cost_usd: Floats
    """items x models, of one request. NaN = unknown, or no score."""
    asked: Codes
    """Per model: items asked from the start of the order, failed ones included."""
    bank: int
    """N: items that the race may use."""
    incumbent: int | None = None
    """Today's model, by column. None = none is named, or it was never measured."""
    bar: float | None = None
    """The score to reach, with reference `min_quality`. None = models are set against models."""
    clusters: Codes | None = None
    """Cluster number of each row. None = items are independent."""
    held: int = 0
    """Items of the task that are kept from the race. They count towards `min_items`."""
    error_usd: float | None = None
    """L: cost of an error that nobody notices, with objective `expected_cost`. None = unknown."""
    requests: float | None = None
    """V: requests until the route is decided again, with objective `expected_cost`. None = unknown."""


class Verdict(StrEnum):
    """How a race ended for a model, or where a pair of models stands."""

    CERTIFIED = "certified"
    INFERIOR = "inferior"
    """Shown to be worse than an opponent by more than delta, or below the bar."""
    FUTILE = "futile"
    """The rest of the bank would hardly certify it."""
    UNDECIDED = "undecided"
    """The whole bank, or all of it that can still be asked, does not tell."""
    FAILED = "failed"
    """Too many of its items have no score."""
    OPEN = "open"
    """In the race."""
    NOT_RACED = "not raced"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One candidate against one opponent, where the race left it."""

    model: str
    against: str | None
    """None = the bar."""
    n: int
    """Pairs (of a bar: items with a score) that z rests on."""
    difference: float
    """Mean paired score difference, or mean score minus the bar, in score units."""
    z: float
    boundary: float
    """z from which it is certified at this look."""
    kill: float
    """-z from which it is inferior at this look."""
    look: int
    """Items from the start of the order. Of a settled pair: those at which it was settled."""
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Fate:
    """How the race went for one model."""

    model: str
    verdict: Verdict
    against: str | None
    """The opponent that decided it. None = none in particular, or the bar."""
    items: int
    """Items from the start of the order that the race uses of it."""


@dataclass(frozen=True, slots=True)
class Measure:
    """More items are needed."""

    until: Mapping[str, int]
    """Model -> items from the start of the order that it must have been asked. Only models that lack some."""
    look: int
    """The largest of these."""
    candidate: str | None = None
    """The model that is being tested. None = all are run up to the first look."""


def lacking(
    track: Track, looks: Sequence[int], wanted: Mapping[int, int], candidate: int | None
) -> Measure | None:
    """What has to be measured to bring models (by column) to looks (by number); None = it is all there."""
    until = {track.models[m]: looks[k] for m, k in wanted.items() if looks[k] > track.asked[m]}
    if not until:
        return None
    return Measure(until, max(until.values()), None if candidate is None else track.models[candidate])


@dataclass(frozen=True, slots=True)
class Settled:
    """The race is over."""

    model: str | None
    """The route. None = no model may be routed to, or (`insufficient`) too little is measured to name one."""
    status: RouteStatus
    certified: tuple[str, ...]
    """Models shown to be as good as the reference with what was measured: the routed one, then by cost."""
    inferior: tuple[str, ...]
    """Models shown to be worse than another by more than delta."""
    fates: tuple[Fate, ...]
    """Every model that may be routed to, in the order of the race."""
    pairs: tuple[Comparison, ...]
    """Every comparison that the race looked at, in the order of the race."""
    delta: float
    """Margin used, raised where the bank is too small for the one asked for."""
    alpha: float
    """After correction for multiplicity."""
    expected: bool = False
    """Whether it was raced for the least expected cost. False = for quality."""

    @property
    def is_open(self) -> bool:
        """Whether this is just the answer so far of a race that needs more outcomes."""
        verdicts = {fate.verdict for fate in self.fates}
        return Verdict.OPEN in verdicts or verdicts == {Verdict.NOT_RACED}
