"""Why a task is routed as it is: the elimination funnel, near misses, and what would settle what is open."""

from __future__ import annotations

from dataclasses import dataclass

from whichmodel.analyse.evidence import Evidence
from whichmodel.decide.advice import Open, command, open_models
from whichmodel.decide.funnel import Stage, funnel
from whichmodel.decide.near import NearMiss, near_misses
from whichmodel.decide.race import Settled
from whichmodel.decide.replay import settled
from whichmodel.decide.route import Decided, decided
from whichmodel.decide.table import last_routes
from whichmodel.domain import Organisation, Route, RouteStatus, Standing, TaskCard
from whichmodel.errors import UnknownName
from whichmodel.views.board import View
from whichmodel.views.decision import Decision, evidence, last
from whichmodel.views.source import Source


@dataclass(frozen=True, slots=True)
class Explained:
    """One task's decision with all that speaks for it."""

    route: Route
    decided: Decided
    evidence: Evidence
    standings: tuple[Standing, ...]
    organisation: Organisation
    card: TaskCard | None
    """None = the task is not there any more."""

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The elimination funnel."""
        return funnel(self.decided.field, self._pick)

    @property
    def near(self) -> tuple[NearMiss, ...]:
        """Models that miss the route by little."""
        rows = {row.model: row for row in self.standings}
        return near_misses(self.decided.field, rows, self.organisation, self._pick)

    @property
    def open(self) -> tuple[Open, ...]:
        """Cheaper models that more items would probably certify."""
        choice = self.decided.choice
        return open_models(self.decided.field, choice.pick, self.decided.items) if choice else ()

    @property
    def remedy(self) -> tuple[str, ...]:
        """Lines to type that would settle what is open."""
        more = self.route.more_items
        if more is None and self.open:
            more = self.open[0].more_items
        asked = max(row.planned for row in self.standings)
        return command(self.route.task, more, asked, self.card)

    @property
    def labels(self) -> str:
        """The command that asks for the human labels that a judge's scores lack. "" = they lack none."""
        if self.route.status is not RouteStatus.JUDGE_ONLY:
            return ""
        names = ",".join(dict.fromkeys([self.route.model or "", *self.route.fallbacks]))
        return f"bench labels template --task {self.route.task} --model {names} -o FILE"

    @property
    def _pick(self) -> int | None:
        return self.decided.choice.pick if self.decided.choice else None


def of_decision(source: Source, decision: Decision, organisation: Organisation, task: str) -> Explained:
    """A task of a decision that was just made. Raises UnknownName for one not measured."""
    routes = {route.task: route for route in decision.table.routes}
    if task not in routes:
        raise UnknownName.of("measured task", task, routes, where="--explain")
    found = next(each for each in decision.evidence if each.task == task)
    rows = tuple(row for row in decision.standings if row.task == task)
    before = last_routes(decision.previous, simulated=decision.table.simulated)
    again = decided(
        found,
        rows,
        decision.models,
        organisation,
        previous=before.get(task),
        race=decision.races.get(task),
    )
    return Explained(routes[task], again, found, rows, organisation, source.cards.get(task))


@dataclass(frozen=True, slots=True)
class Why:
    """The same without the outcomes behind it: light enough to keep many of them."""

    task: str
    stages: tuple[Stage, ...]
    near: tuple[NearMiss, ...]
    open: tuple[Open, ...]
    remedy: tuple[str, ...]
    """Lines to type that would settle what is open. () = more items settle nothing."""
    labels: str
    """The command that asks for missing human labels. "" = none are missing."""
    items: int
    """Of the whole bank."""
    psi: float | None
    """Share of items on which models near the best disagree. None = there is nothing to tell apart."""
    race: Settled | None
    """How the task's race ended. None = none was run."""


def why(source: Source, view: View, task: str) -> Why:
    """Why a task of a view is routed as it is, decided again on its own outcomes. Raises KeyError."""
    [found] = evidence(source, view.organisation, view.panel, until_run=view.until_run, tasks=(task,))
    rows = tuple(view.by_model(task).values())
    models = source.models(view.panel)
    last_table = None if view.until_run else last(source, view.organisation)[0]
    before = last_routes(last_table, simulated=view.simulated)
    races = settled([found], source.reader.races(), view.organisation, models, simulated=view.simulated)
    race = races.get(task)
    again = decided(found, rows, models, view.organisation, previous=before.get(task), race=race)
    full = Explained(view.route(task), again, found, rows, view.organisation, source.cards.get(task))
    psi = again.field.outlook.psi
    return Why(task, full.stages, full.near, full.open, full.remedy, full.labels, again.items, psi, race)
