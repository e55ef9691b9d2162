"""How far a run is: counts by task and model, spend, time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from whichmodel.domain import Outcome, Status
from whichmodel.plan import Plan, Work
from whichmodel.run.job import Report


@dataclass(slots=True)
class Tally:
    """One task and one model."""

    planned: int = 0
    done: int = 0
    """Samples that ended with a score."""
    failed: int = 0
    retries: int = 0
    score_sum: float = 0.0

    @property
    def score(self) -> float | None:
        """Mean so far; None = nothing scored yet."""
        return self.score_sum / self.done if self.done else None


@dataclass(slots=True)
class Progress:
    """The state of a run, for whoever shows it."""

    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)
    """(task, model) in the order of the plan."""
    spent: Decimal = Decimal(0)
    """What is known to be charged, USD."""
    budget: Decimal | None = None
    charged: bool = True
    """Whether any model of the run costs money."""
    unpriced: int = 0
    """Finished samples whose cost is unknown."""
    _started: float = field(default_factory=time.monotonic)
    _paced: tuple[float, int] | None = None
    """When the first samples ended, and how many: the start of workers is no part of the pace."""

    @classmethod
    def of(cls, plan: Plan, budget: Decimal | None) -> Progress:
        """Nothing expected and nothing done yet."""
        charged = any(not (work.model.simulated or work.model.baseline) for work in plan.work)
        return cls(budget=budget, charged=charged)

    def expect(self, works: Iterable[Work]) -> None:
        """Count work that is to be done."""
        for work in works:
            tally = self.tallies.setdefault((work.bank.card.name, work.model.id), Tally())
            tally.planned += len(work.bank.items)

    def add(self, outcomes: Iterable[Outcome]) -> None:
        """Count finished samples."""
        for outcome in outcomes:
            tally = self.tallies.setdefault((outcome.task, outcome.model), Tally())
            tally.retries += outcome.attempts - 1
            if outcome.status is Status.FAILED:
                tally.failed += 1
                continue
            tally.done += 1
            if not (outcome.simulated or outcome.from_cache):
                self.spent += (outcome.cost_usd or Decimal(0)) + (outcome.judge_cost_usd or Decimal(0))
            tally.score_sum += outcome.score or 0.0
            self.unpriced += outcome.cost_usd is None
        if self._paced is None and self._ended:
            self._paced = time.monotonic(), self._ended

    @property
    def _ended(self) -> int:
        return self.done + self.failed

    @property
    def planned(self) -> int:
        """Samples to run."""
        return sum(tally.planned for tally in self.tallies.values())

    @property
    def done(self) -> int:
        """Samples with a score."""
        return sum(tally.done for tally in self.tallies.values())

    @property
    def failed(self) -> int:
        """Samples that ended without one."""
        return sum(tally.failed for tally in self.tallies.values())

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    @property
    def remaining_s(self) -> float | None:
        """Seconds left at the pace so far; None = no pace yet."""
        if self._paced is None or self._ended <= self._paced[1]:
            return None if self._ended < self.planned else 0.0
        since, first = self._paced
        return (time.monotonic() - since) / (self._ended - first) * (self.planned - self._ended)


@dataclass(frozen=True, slots=True)
class Stopped:
    """A model that nothing more was sent to."""

    reason: str
    left: int
    """Items it was not asked."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended."""

    progress: Progress
    errors: tuple[Report, ...]
    """Jobs that broke off."""
    over_budget: int
    """Items that were not sent, since the budget would not hold them."""
    stopped: Mapping[str, Stopped] = field(default_factory=dict)
    """By model."""
