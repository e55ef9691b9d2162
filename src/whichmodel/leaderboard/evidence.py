"""What the pages show: the standings and routes of one organisation as of one run.

Decided by the same code as the command line's, and kept while snapshot and configuration are the same files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from whichmodel.analyse.evidence import collected, columns
from whichmodel.config import Config, load_config
from whichmodel.decide.replay import settled
from whichmodel.decide.table import table
from whichmodel.domain import Organisation, Route, RoutingTable, Standing, TaskCard
from whichmodel.errors import BenchError
from whichmodel.export.stored import known_models
from whichmodel.export.table import from_json
from whichmodel.leaderboard.places import Places
from whichmodel.registry import all_cards
from whichmodel.store import Panel, Reader, Run, read

KEPT = 24
"""Decided tables kept in memory: organisations x runs that people look at."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored and configured, before anything is decided."""

    config: Config
    reader: Reader | None
    """None = nothing was measured yet."""
    panel: Panel | None
    """Real outcomes where there are any. None = nothing but rule baselines was measured."""
    runs: tuple[Run, ...]
    """Runs of the panel, the newest first."""


@dataclass(frozen=True, slots=True)
class View:
    """What one organisation sees as of one run."""

    organisation: Organisation
    panel: Panel
    run: Run | None
    """The last run that counts. None = outcomes are stored without their run."""
    standings: tuple[Standing, ...]
    table: RoutingTable
    cards: Mapping[str, TaskCard]
    """Task name -> its card, where there still is one."""

    @property
    def simulated(self) -> bool:
        """Whether models are invented."""
        return self.panel == "simulated"

    @property
    def routes(self) -> tuple[Route, ...]:
        """In the order of the table: categories, then names."""
        return self.table.routes

    def route(self, task: str) -> Route:
        """The route of a task. Raises KeyError."""
        return {route.task: route for route in self.table.routes}[task]

    def title(self, task: str) -> str:
        """A task's title, its name where it has no card."""
        return self.cards[task].title if task in self.cards else task

    def by_model(self, task: str) -> dict[str, Standing]:
        """Model -> its standing on a task."""
        return {standing.model: standing for standing in self.standings if standing.task == task}


def stored(places: Places) -> Stored:
    """What lies in the results folder now. Raises ConfigError, StoreError."""
    config = _config(str(places.config), _changed(places.config))
    reader = read(places.results)
    if reader is None:
        return Stored(config, None, None, ())
    panels, runs = _contents(str(reader.snapshot), _changed(reader.snapshot))
    panel = panels[0] if panels else None
    simulated = panel == "simulated"
    return Stored(config, reader, panel, tuple(run for run in runs if run.simulated == simulated))


def view(found: Stored, organisation: str, run: str | None) -> View:
    """The decision of an organisation; run: as things stood when it ended, None = now.

    Raises UnknownName, ConfigError, StoreError.
    """
    if found.reader is None or found.panel is None:
        raise ValueError("nothing is stored to look at")
    config, snapshot = found.config.path, found.reader.snapshot
    last = _last_table(snapshot, organisation)
    changed = (_changed(config), _changed(snapshot), _changed(last))
    return _view(str(config), str(snapshot), changed, found.panel, organisation, run)


def _changed(path: Path) -> int:
    """When a file was last written, in ns; 0 = it does not exist."""
    return path.stat().st_mtime_ns if path.exists() else 0


@st.cache_resource(show_spinner=False, max_entries=4)
def _config(path: str, changed: int) -> Config:
    return load_config(Path(path))


@st.cache_resource(show_spinner=False, max_entries=4)
def _contents(snapshot: str, changed: int) -> tuple[tuple[Panel, ...], tuple[Run, ...]]:
    reader = Reader(Path(snapshot))
    return reader.panels(), reader.runs()


@st.cache_resource(show_spinner="Deciding ...", max_entries=KEPT)
def _view(
    config_path: str,
    snapshot: str,
    changed: tuple[int, int, int],
    panel: Panel,
    organisation: str,
    run: str | None,
) -> View:
    config = _config(config_path, changed[0])
    org = config.organisation(organisation)
    cards = all_cards(Path(config_path).parent / "tasks")
    models = known_models(config, simulated=panel == "simulated")
    reader = Reader(Path(snapshot))
    frames = reader.evidence(panel, columns(org.prices), until_run=run)
    judged = {card.name for card in cards if card.judged}
    evidence = collected(frames, models, judged, prices=org.prices)
    simulated = panel == "simulated"
    standings, routing = table(
        evidence,
        models,
        org,
        now=datetime.now(UTC),
        simulated=simulated,
        previous=_previous(_last_table(reader.snapshot, org.name)) if run is None else None,
        races=settled(evidence, reader.races(), org, models, simulated=simulated),
    )
    runs = [each for each in _contents(snapshot, changed[1])[1] if each.simulated == simulated]
    shown = next((each for each in runs if run in (None, each.run_id)), None)
    return View(org, panel, shown, standings, routing, {card.name: card for card in cards})


def _last_table(snapshot: Path, organisation: str) -> Path:
    """Where `bench route` writes the table that the next decision does not leave for nothing."""
    return snapshot.parent.parent / "routing" / f"{organisation}.json"


def _previous(path: Path) -> RoutingTable | None:
    """The last table. None = there is none that can be read."""
    try:
        return from_json(path.read_text(encoding="utf-8"), name=str(path))
    except (OSError, BenchError):
        return None
