"""Money of one run: the worst case of every request is set aside before it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that waits for its money."""

    worst: Decimal
    answer: Callable[[bool], bool]
    """Told whether it may be sent; says whether anybody is still there to send it."""


@dataclass(slots=True)
class Budget:
    """limit: USD for the whole run, judges and retries counted; None = no limit.

    A claim that does not fit waits as long as something in flight may turn out cheaper than its worst case;
    when nothing is in flight it is refused.
    """

    limit: Decimal | None = None
    spent: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    in_flight: int = 0
    _waiting: list[Claim] = field(default_factory=list)

    def claim(self, claim: Claim) -> None:
        """Ask for money; the answer comes at once or when something has been settled."""
        self._waiting.append(claim)
        self._serve()

    def settle(self, worst: Decimal, spent: Decimal) -> None:
        """A request has ended and cost this much of what was set aside."""
        self.reserved -= worst
        self.in_flight -= 1
        self.spent += spent
        self._serve()

    def _serve(self) -> None:
        while self._waiting:
            claim = self._waiting[0]
            fits = self.limit is None or self.spent + self.reserved + claim.worst <= self.limit
            if not fits and self.in_flight:
                return
            self._waiting.pop(0)
            if claim.answer(fits) and fits:
                self.reserved += claim.worst
                self.in_flight += 1
