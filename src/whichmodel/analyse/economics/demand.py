"""What an organisation asks of a task in a month, and what one answer costs it, people included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import special

from whichmodel.analyse.evidence import REFUSED, TRUNCATED, Evidence
from whichmodel.analyse.intervals import interval
from whichmodel.analyse.paired import Pairs, pairs

Floats = NDArray[np.float64]
UNSETTLED = frozenset({"insufficient", "judge_only"})
"""Statuses of routes whose quality is not shown to be anything."""


@dataclass(frozen=True, slots=True)
class Care:
    """What people cost beside the calls, in USD. None = unknown, and then left out of totals by name."""

    review_usd: float | None = None
    """h: one review of an answer."""
    error_usd: float | None = None
    """L: an error that nobody notices."""
    reviewer_error: float = 0.0
    """e_h: share of reviewed answers that are wrong all the same."""

    @property
    def priced(self) -> tuple[str, ...]:
        """What a total holds beside the calls."""
        reviews = ("reviews",) if self.review_usd is not None else ()
        return reviews + (("unnoticed errors",) if self.error_usd is not None else ())


@dataclass(frozen=True, eq=False)
class Demand:
    """One task of an organisation with its workload, its route and what is known of every model on it."""

    evidence: Evidence
    """Costs are those of the workload's requests."""
    requests: int
    """In a month."""
    choosing: int
    """Items from the start of the fixed order that the choice was made on; all = there is no holdout."""
    route: str | None
    """None = no model may be routed to."""
    status: str
    """How sure the route is."""
    incumbent: str | None = None
    floor: float | None = None
    delta: float = 0.03
    """Margin by which a route's quality may be lower."""
    alpha: float = 0.05
    care: Care = Care()

    @property
    def task(self) -> str:
        """The task's name."""
        return self.evidence.task

    @property
    def held(self) -> bool:
        """Figures come from items that the choice never saw."""
        return self.choosing < len(self.evidence.items)

    @cached_property
    def chosen(self) -> Evidence:
        """The items that choices are made on."""
        return self.evidence.rows(0, self.choosing)

    @cached_property
    def fresh(self) -> Evidence:
        """The items that figures come from."""
        start = self.choosing if self.held else 0
        return self.evidence.rows(start, len(self.evidence.items))

    @cached_property
    def chosen_pairs(self) -> Pairs:
        """Paired sums on the items that choices are made on."""
        return pairs(self.chosen)

    @cached_property
    def fresh_pairs(self) -> Pairs:
        """Paired sums on the items that figures come from."""
        return pairs(self.fresh)

    def take_over(self, other: Demand) -> None:
        """What was worked out of the same outcomes and choice already, whatever the volume or people cost."""
        if other.evidence is self.evidence and other.choosing == self.choosing:
            for name in ("chosen", "fresh", "chosen_pairs", "fresh_pairs"):
                if name in other.__dict__:
                    self.__dict__[name] = other.__dict__[name]

    def column(self, model: str) -> int | None:
        """The model's column. None = it was not measured here."""
        return self.evidence.models.index(model) if model in self.evidence.models else None

    def doubt(self, baseline: str) -> str:
        """Why the route is not shown to keep a baseline's quality, in words. "" = it is.

        Kept: on the items that choices are made on it is shown to be no more than delta below the baseline,
        and not below the floor. A bank that settles nothing, or that no person has graded, shows neither.
        """
        m, j = self.column(self.route or ""), self.column(baseline)
        if m is None or j is None:
            return "no route" if self.route is None else "not measured by both"
        if m == j:
            return ""
        if self.status in UNSETTLED:
            return self.status
        if self.floor is not None and not self._above_floor(m):
            return f"not shown above its floor of {self.floor:g}"
        kept = bool(self.chosen_pairs.z(self.delta)[m, j] >= _critical(self.alpha))
        return "" if kept else f"not shown within {self.delta * 100:g} points"

    def _above_floor(self, m: int) -> bool:
        scored = ~np.isnan(self.chosen.score[:, m])
        clusters = self.chosen.clusters[scored] if self.chosen.clustered else None
        found = interval(self.chosen.score[scored, m], clusters, confidence=1 - 2 * self.alpha)
        return found is not None and self.floor is not None and found.low >= self.floor


def _critical(alpha: float) -> float:
    return float(special.ndtri(1 - alpha))


def volume(demands: Sequence[Demand]) -> int:
    """Requests of all tasks in a month."""
    return sum(demand.requests for demand in demands)


def reviewed(evidence: Evidence, model: int) -> Floats:
    """By item, the share of answers that show themselves to be no use: refused, cut off, or not readable.

    These go to a person. NaN = no score.
    """
    useless = np.isin(evidence.state[:, model], (REFUSED, TRUNCATED)).astype(np.float64)
    unread = np.nan_to_num(evidence.unparsed[:, model])
    return np.where(np.isnan(evidence.score[:, model]), np.nan, np.maximum(useless, unread))


def total_cost(evidence: Evidence, model: int, care: Care) -> Floats:
    """By item, what one request costs in USD: c + r (h + e_h L) + (1 - r) (1 - score) L.

    r = reviewed (DECISION section 7, with a = 1 - r). A part that has no price is left out, and `care.priced`
    names those that are in. NaN = the call's cost is unknown, or no score.
    """
    cost, seen = evidence.cost_usd[:, model], reviewed(evidence, model)
    review, error = care.review_usd or 0.0, care.error_usd or 0.0
    wrong = 1 - evidence.score[:, model]
    return np.asarray(cost + seen * (review + care.reviewer_error * error) + (1 - seen) * wrong * error)
