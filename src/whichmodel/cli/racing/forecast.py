"""What a race would cost: its first look, what races of such banks took, and every item for every model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np

from whichmodel.cli.estimate import left_out
from whichmodel.cli.output import answer, document, table, usd
from whichmodel.cli.racing.field import Field
from whichmodel.estimate import Estimate, estimates, total
from whichmodel.plan import Plan
from whichmodel.store import Measured

SIZES, SHARES = (50, 500, 1_000, 2_000), (1.0, 0.43, 0.35, 0.28)
"""Share of the cost of every item for every model that races took, by size of bank: means of 1,000 simulated
races of 8 models (docs/reference/benchmarks.md). A bank no larger than the first look is measured in full."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Work up to a point of the race, and what it costs."""

    calls: int
    parts: tuple[Estimate, ...]

    @property
    def usd(self) -> tuple[Decimal, Decimal]:
        """Low and high of what is known; of simulated models as if it were charged."""
        known = [p for p in self.parts if p.low_usd is not None and p.high_usd is not None]
        return sum((p.low_usd or Decimal(0) for p in known), Decimal(0)), sum(
            (p.high_usd or Decimal(0) for p in known), Decimal(0)
        )


@dataclass(frozen=True, slots=True)
class Forecast:
    """The least, the usual and the most."""

    first: Stage
    every: Stage
    expected: tuple[Decimal, Decimal]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Models of unknown price."""
        return total(self.every.parts)[2]


def forecast(field: Field, counts: Measured, looks_start: int) -> Forecast:
    """The cost of what is not measured yet. looks_start: items of the first look."""
    now = datetime.now(UTC)

    def stage(plan: Plan) -> Stage:
        return Stage(plan.cells, estimates(plan, at=now, measured=counts))

    first, every = stage(_first_look(field, looks_start)), stage(field.plan)
    low, high = Decimal(0), Decimal(0)
    sizes = {entry.race.task: len(entry.race.items) for entry in field.entries}
    for task in dict.fromkeys(work.bank.card.name for work in field.plan.work):
        part = replace(field.plan, work=tuple(w for w in field.plan.work if w.bank.card.name == task))
        usual = Decimal(str(usual_share(sizes[task]))) if task in sizes else Decimal(1)
        least, most = stage(part).usd
        low, high = low + usual * least, high + usual * most
    return Forecast(first, every, (max(low, first.usd[0]), max(high, first.usd[1])))


def usual_share(bank: int) -> float:
    """Share of a bank's whole cost that a race is expected to take."""
    return float(np.interp(bank, SIZES, SHARES))


def _first_look(field: Field, looks_start: int) -> Plan:
    """The work that every race begins with; of tasks that do not race, all of it."""
    first = {entry.race.task: set(entry.race.items[:looks_start]) for entry in field.entries}
    works = []
    for work in field.plan.work:
        wanted = first.get(work.bank.card.name)
        items = tuple(item for item in work.bank.items if wanted is None or item.id in wanted)
        if items:
            works.append(work.holding(items))
    return replace(field.plan, work=tuple(works))


def words(found: Forecast) -> str:
    """The three figures in a sentence."""
    unknown = f" Price unknown: {', '.join(found.unknown)}." if found.unknown else ""
    if any(part.simulated for part in found.every.parts):
        unknown += " Simulated models charge nothing."
    return (
        f"First look: {found.first.calls:,} calls, {_range(found.first.usd)}. "
        f"Expected in all: {_range(found.expected)}. "
        f"Every item for every model: {found.every.calls:,} calls, {_range(found.every.usd)}.{unknown}"
    )


def _range(amounts: tuple[Decimal, Decimal]) -> str:
    return f"{usd(amounts[0])} to {usd(amounts[1])}"


def show(field: Field, found: Forecast, *, as_json: bool) -> None:
    """The forecast by model and in sum. No call is made."""
    if as_json:
        document(_document(field, found))
        return
    first = {(part.model, part.judge): part for part in found.first.parts}
    rows = [_row(first.get((part.model, part.judge)), part) for part in found.every.parts]
    answer(table(["model", "first look", "cost", "every item", "cost"], rows, numbers=[1, 2, 3, 4]))
    for line in left_out(field.plan):
        answer(line)
    answer(f"\n{words(found)}")
    sizes = sorted({len(entry.race.items) for entry in field.entries})
    if sizes:
        answer(
            f"Expected: what 1,000 simulated races of 8 models took, {usual_share(sizes[-1]):.0%} of all "
            f"at {sizes[-1]:,} items. {field.plan.done:,} answers are stored and cost nothing."
        )


def _row(first: Estimate | None, every: Estimate) -> Sequence[str]:
    role = " as judge" if every.judge else ""
    mark = " (simulated)" if every.simulated else ""
    return [every.model + role + mark, *_figures(first), *_figures(every)]


def _figures(part: Estimate | None) -> tuple[str, str]:
    if part is None:
        return "0", usd(0)
    if part.low_usd is None or part.high_usd is None:
        return f"{part.calls:,}", "unknown"
    return f"{part.calls:,}", _range((part.low_usd, part.high_usd))


def _document(field: Field, found: Forecast) -> dict[str, object]:
    def stage(part: Stage) -> dict[str, object]:
        return {"calls": part.calls, "low_usd": part.usd[0], "high_usd": part.usd[1]}

    return {
        "dry_run": True,
        "first_look": stage(found.first),
        "expected": {"low_usd": found.expected[0], "high_usd": found.expected[1]},
        "every_item": stage(found.every),
        "unknown": found.unknown,
        "stored": field.plan.done,
        "races": [
            {
                "task": entry.race.task,
                "items": len(entry.race.items),
                "models": entry.race.models,
                "incumbent": entry.race.incumbent,
                "kind": entry.race.kind,
                "goes_on": entry.goes_on,
            }
            for entry in field.entries
        ],
        "measured_in_full": [{"task": part.task, "reason": part.reason} for part in field.unraced],
        "skipped": [{"task": s.task, "reason": s.reason} for s in field.plan.skipped],
    }
