"""What one organisation sees as of one run: standings, routes, and what is needed to name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from whichmodel.domain import Model, Organisation, Route, RoutingTable, Standing, TaskCard
from whichmodel.store import Panel, Run
from whichmodel.views.decision import decide
from whichmodel.views.rules import CONFIGURED, organisation_by
from whichmodel.views.source import Source


@dataclass(frozen=True)
class View:
    """Decided, and without the outcomes behind it: light enough to keep many of them."""

    organisation: Organisation
    """With the rule that was decided by."""
    panel: Panel
    run: Run | None
    """The last run that counts. None = outcomes are stored without their run."""
    standings: tuple[Standing, ...]
    table: RoutingTable
    cards: Mapping[str, TaskCard]
    """Task name -> its card, where there still is one."""
    models: Mapping[str, Model] = field(default_factory=dict)
    """Model id -> how it is configured, where it still is."""
    until_run: str | None = None
    """As things stood when this run ended. None = now."""
    rule: str = CONFIGURED
    """By which of `rules.choices`."""

    @property
    def simulated(self) -> bool:
        """Whether models are invented."""
        return self.panel == "simulated"

    @property
    def is_current(self) -> bool:
        """Whether it is what `bench route` would decide now: the latest run, by the configured rule."""
        return self.until_run is None and self.rule == CONFIGURED

    @property
    def routes(self) -> tuple[Route, ...]:
        """In the order of the table: categories, then names."""
        return self.table.routes

    def route(self, task: str) -> Route:
        """The route of a task. Raises KeyError."""
        return self._routes[task]

    @cached_property
    def _routes(self) -> dict[str, Route]:
        return {route.task: route for route in self.table.routes}

    def title(self, task: str) -> str:
        """A task's title, its name where it has no card."""
        return self.cards[task].title if task in self.cards else task

    def by_model(self, task: str) -> Mapping[str, Standing]:
        """Model -> its standing on a task."""
        return self._standings.get(task, {})

    @cached_property
    def _standings(self) -> dict[str, dict[str, Standing]]:
        found: dict[str, dict[str, Standing]] = {}
        for standing in self.standings:
            found.setdefault(standing.task, {})[standing.model] = standing
        return found


def panel_runs(source: Source, panel: Panel) -> tuple[Run, ...]:
    """The runs that brought a panel's outcomes, the newest first."""
    simulated = panel == "simulated"
    return tuple(run for run in source.reader.runs() if run.simulated == simulated)


def view(
    source: Source,
    panel: Panel,
    organisation: str,
    *,
    until_run: str | None = None,
    rule: str = CONFIGURED,
    deployed: RoutingTable | None = None,
) -> View:
    """Decide what an organisation sees. Raises UnknownName, ConfigError, StoreError.

    deployed: the last table, in place of the one under results/routing.
    """
    source = source.of(organisation)
    org = organisation_by(source.config.organisation(organisation), rule)
    made = decide(source, org, panel, deployed=deployed, until_run=until_run)
    runs = panel_runs(source, panel)
    last = next((run for run in runs if until_run in (None, run.run_id)), None)
    return View(org, panel, last, made.standings, made.table, source.cards, made.models, until_run, rule)
