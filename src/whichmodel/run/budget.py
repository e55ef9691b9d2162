"""Money of one run: the worst case of what is in flight is reserved before it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from whichmodel.domain import Outcome


@dataclass(slots=True)
class Budget:
    """limit: USD for the whole run, judges and retries counted; None = no limit."""

    limit: Decimal | None = None
    spent: Decimal = Decimal(0)
    _reserved: dict[str, Decimal] = field(default_factory=dict)

    @property
    def in_flight(self) -> bool:
        """Whether something is reserved that will be released."""
        return bool(self._reserved)

    def reserve(self, job: str, worst: Decimal) -> bool:
        """Set the worst case of a job aside; False = the limit does not hold it."""
        if self.limit is not None:
            if self.spent + sum(self._reserved.values()) + worst > self.limit:
                return False
            self._reserved[job] = worst
        return True

    def book(self, outcomes: Iterable[Outcome]) -> None:
        """Count what finished samples cost. Unknown costs and simulated ones spend nothing here."""
        for outcome in outcomes:
            if not outcome.simulated:
                self.spent += (outcome.cost_usd or Decimal(0)) + (outcome.judge_cost_usd or Decimal(0))

    def release(self, job: str) -> None:
        """A job has ended; what it really cost is booked."""
        self._reserved.pop(job, None)
