"""What was paid to measure: for answers and to judges, by model and by run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from whichmodel.store import Spent


@dataclass(frozen=True, slots=True)
class Spend:
    """Sums of what was paid, in USD; what is unknown is counted and in no sum."""

    name: str
    """A model, a run, or "" for all."""
    answers: int
    failed: int
    cached: int
    """Answers out of the response cache, for which nothing was paid."""
    canaries: int
    """Rows asked again to see whether a model has changed: paid, and in no standing."""
    answers_usd: Decimal
    unknown: int
    """Answers whose cost is unknown."""
    judges_usd: Decimal
    judges_unknown: int
    """Answers whose judge's cost is unknown."""
    last: datetime | None
    """When it was paid last, UTC. None = nothing was."""

    @property
    def usd(self) -> Decimal:
        """Answers and judges together, as far as it is known."""
        return self.answers_usd + self.judges_usd

    @property
    def whole(self) -> bool:
        """Whether every cost is known."""
        return not self.unknown and not self.judges_unknown


def total(rows: Sequence[Spent]) -> Spend:
    """All together."""
    return _sum("", rows)


def by_model(rows: Sequence[Spent]) -> tuple[Spend, ...]:
    """Model by model, the dearest first."""
    return _by(rows, lambda row: row.model)


def by_run(rows: Sequence[Spent]) -> tuple[Spend, ...]:
    """Run by run, the latest first."""
    found = _by(rows, lambda row: row.run_id)
    return tuple(sorted(found, key=lambda each: (each.last or datetime.min, each.name), reverse=True))


def _by(rows: Sequence[Spent], name: Callable[[Spent], str]) -> tuple[Spend, ...]:
    groups: dict[str, list[Spent]] = {}
    for row in rows:
        groups.setdefault(name(row), []).append(row)
    found = (_sum(key, group) for key, group in groups.items())
    return tuple(sorted(found, key=lambda each: (-each.usd, each.name)))


def _sum(name: str, rows: Iterable[Spent]) -> Spend:
    listed = list(rows)
    return Spend(
        name=name,
        answers=sum(row.answers for row in listed),
        failed=sum(row.failed for row in listed),
        cached=sum(row.cached for row in listed),
        canaries=sum(row.canaries for row in listed),
        answers_usd=sum((row.spend_usd for row in listed), Decimal(0)),
        unknown=sum(row.unknown for row in listed),
        judges_usd=sum((row.judge_usd for row in listed), Decimal(0)),
        judges_unknown=sum(row.judge_unknown for row in listed),
        last=max((row.last for row in listed), default=None),
    )
