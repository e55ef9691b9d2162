"""What a report tells, whatever its format: a view, the table it is set beside, and what failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from whichmodel.decide.advice import command
from whichmodel.decide.deployed import Change, changes
from whichmodel.domain import Route, RoutingTable
from whichmodel.views import words
from whichmodel.views.board import View
from whichmodel.views.headline import Headline, headline
from whichmodel.views.source import Source


@dataclass(frozen=True, slots=True)
class Report:
    """All that the formats are made from."""

    view: View
    before: RoutingTable | None = None
    """The deployed table, or the one as of an earlier run. None = there is none."""
    beside: str = ""
    """What `before` is, in words: "the deployed table of 2026-11-24"."""
    failures: Mapping[str, int] = field(default_factory=dict)
    """Cause -> cells that ended without a score, the most first."""

    @property
    def organisation(self) -> str:
        """Its name, of which file names are made."""
        return self.view.organisation.name

    @property
    def sums(self) -> Headline:
        """The figures at the top."""
        return headline(self.view.routes)

    @property
    def changes(self) -> tuple[Change, ...] | None:
        """What differs from `before`, task by task. None = there is nothing to set it beside."""
        if self.before is None:
            return None
        return tuple(change for change in changes(self.before, self.view.table) if change.aspects)

    @property
    def models(self) -> int:
        """How many models were measured."""
        return len({standing.model for standing in self.view.standings})

    @property
    def measured(self) -> tuple[datetime, datetime] | None:
        """When the first and the last answer was measured. None = it is not stored."""
        ends = [s.measured_to for s in self.view.standings if s.measured_to]
        begins = [s.measured_from for s in self.view.standings if s.measured_from] or ends
        return (min(begins), max(ends)) if ends else None


def report(source: Source, view: View, before: RoutingTable | None = None, beside: str = "") -> Report:
    """The report of a view. before, beside: see `Report`."""
    rows = source.reader.failures(view.panel)
    cells: dict[str, int] = {}
    for cause, count in zip(rows["error_class"], rows["cells"], strict=True):
        name = str(cause or "unknown")
        cells[name] = cells.get(name, 0) + int(count)
    ordered = dict(sorted(cells.items(), key=lambda each: (-each[1], each[0])))
    return Report(view, before, beside, ordered)


def floor(view: View, route: Route) -> float | None:
    """The lowest score that a task allows. None = any."""
    workload = view.organisation.workload(route.task, route.category)
    own = workload.floor if workload else None
    return view.organisation.floor if own is None else own


def settles(view: View, route: Route) -> tuple[str, ...]:
    """The commands that would settle what is open in a task; () = nothing is, or nothing would."""
    asked = max((standing.planned for standing in view.by_model(route.task).values()), default=0)
    return command(route.task, route.more_items, asked, view.cards.get(route.task))


def about(made: Report) -> str:
    """What was measured, in one line."""
    view = made.view
    parts = [
        f"{words.count(len({s.model for s in view.standings}), 'model')} × "
        f"{words.count(len(view.routes), 'task')}",
        f"{sum(s.n for s in view.standings):,} scored answers",
        *([f"measured {_days(made.measured)}"] if made.measured else []),
        *([f"run {view.run.run_id}"] if view.run else []),
        "intervals are 95%",
    ]
    return " · ".join(parts)


def _days(measured: tuple[datetime, datetime]) -> str:
    first, last = (f"{when:%Y-%m-%d}" for when in measured)
    return last if first == last else f"{first} to {last}"


SIMULATED = (
    "These models are invented: this shows how a decision looks, not which model is good. "
    "Only rows marked as rules are really measured."
)
