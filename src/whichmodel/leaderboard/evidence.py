"""What the pages show, read and decided once, and kept as long as snapshot and configuration stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar, cast

import streamlit as st

from whichmodel.config import Config, load_config
from whichmodel.export.stored import file
from whichmodel.leaderboard.places import Places
from whichmodel.store import Panel, Reader, Run, read
from whichmodel.views import board
from whichmodel.views.board import View
from whichmodel.views.rules import CONFIGURED
from whichmodel.views.source import Source, changed

F = TypeVar("F", bound=Callable[..., object])
KEPT = 64
"""Values of one kind kept in memory: what people look at, organisations x runs x tasks."""


FEW = 4
"""The same of what holds the outcomes of every item, some 100 MB at 2 million."""


def kept(function: F) -> F:
    """Keep what a function of a `Source` and plain values gives; all viewers share it, none may change it."""
    keep = st.cache_resource(show_spinner=False, max_entries=KEPT, hash_funcs={Source: attrgetter("key")})
    return cast(F, keep(function))


def kept_few(function: F) -> F:
    """The same for what is large; a `View` may be among the arguments."""
    hashes: dict[str | type[Any], Callable[[Any], Any]] = {Source: attrgetter("key"), View: _decided}
    return cast(F, st.cache_resource(show_spinner=False, max_entries=FEW, hash_funcs=hashes)(function))


def _decided(view: View) -> str:
    """What a view is known by: whose it is, as of which run and by which rule, and when it was decided."""
    parts = view.organisation.name, view.panel, view.until_run, view.rule, view.table.created_at.isoformat()
    return repr(parts)


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored and configured, before anything is decided."""

    config: Config
    source: Source | None
    """None = nothing was measured yet."""
    panel: Panel | None
    """Real outcomes where there are any. None = nothing but rule baselines was measured."""
    runs: tuple[Run, ...]
    """Runs of the panel, the newest first."""

    def of(self, organisation: str) -> Stored:
        """As one organisation sees it, and nothing of another's. Raises UnknownName, StoreError."""
        if self.source is None:
            return replace(self, config=self.config.alone(organisation))
        return _told(_of(self.source, organisation))


def stored(places: Places) -> Stored:
    """What lies in the results folder now. Raises ConfigError, StoreError."""
    asked = str(places.config), changed(places.config)
    reader = read(places.results)
    if reader is None:
        return Stored(_config(*asked), None, None, ())
    return _told(_source(*asked, str(places.results), str(reader.snapshot), changed(reader.snapshot)))


def configured(places: Places) -> Config:
    """What bench.yaml says now. Raises ConfigError."""
    return _config(str(places.config), changed(places.config))


def view(found: Stored, organisation: str, until_run: str | None, rule: str = CONFIGURED) -> View:
    """The decision of an organisation, on what it may see.

    until_run: as things stood when it ended, None = now. Raises UnknownName, ConfigError, StoreError.
    """
    if found.source is None or found.panel is None:
        raise ValueError("nothing is stored to look at")
    source = _of(found.source, organisation)
    last = changed(file(source.results, organisation))
    return _view(source, found.panel, organisation, until_run, rule, last)


def latest(source: Source, view: View) -> View:
    """The view of the same organisation and panel as `bench route` would decide it now."""
    if view.is_current:
        return view
    name = view.organisation.name
    return _view(source, view.panel, name, None, CONFIGURED, changed(file(source.results, name)))


def as_of(source: Source, view: View, run: str) -> View:
    """The view of the same organisation, panel and rule as things stood when a run ended."""
    name = view.organisation.name
    return _view(source, view.panel, name, run, view.rule, changed(file(source.results, name)))


@st.cache_resource(show_spinner=False, max_entries=4)
def _config(path: str, configured: int) -> Config:
    return load_config(Path(path))


@st.cache_resource(show_spinner=False, max_entries=4)
def _source(config: str, configured: int, results: str, snapshot: str, published: int) -> Source:
    return Source(_config(config, configured), Path(results), Reader(Path(snapshot)))


def _told(source: Source) -> Stored:
    panels, runs = _contents(source)
    panel = panels[0] if panels else None
    simulated = panel == "simulated"
    return Stored(source.config, source, panel, tuple(run for run in runs if run.simulated == simulated))


@kept
def _of(source: Source, organisation: str) -> Source:
    return source.of(organisation)


@kept
def _contents(source: Source) -> tuple[tuple[Panel, ...], tuple[Run, ...]]:
    return source.reader.panels(), source.reader.runs()


@kept
def _view(
    source: Source, panel: Panel, organisation: str, until_run: str | None, rule: str, last_table: int
) -> View:
    return board.view(source, panel, organisation, until_run=until_run, rule=rule)
