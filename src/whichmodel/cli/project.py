"""What every verb starts from: the configuration, the results folder, the panel."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, TypeVar

import click
from dotenv import load_dotenv

from whichmodel.cli.output import note
from whichmodel.config import Config, load_config
from whichmodel.domain import Bank, Judges, Model, TaskCard, new_models
from whichmodel.errors import ConfigError, UnknownName, UsageError
from whichmodel.export.stored import known_models
from whichmodel.providers.baselines import BASELINES
from whichmodel.providers.presence import Presence, presence
from whichmodel.registry import bank, find, names_it
from whichmodel.simulator import panel as demo
from whichmodel.simulator.serve import PORT, addresses
from whichmodel.store.reader import Panel, Reader, read
from whichmodel.views.source import Source

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class ModelPanel:
    """The models of a run: real ones, or the demo panel; rule baselines in both."""

    models: tuple[Model, ...]
    judges: Judges
    simulated: bool
    absent: tuple[Presence, ...] = ()
    """Configured models that cannot be asked from here."""

    @property
    def name(self) -> Panel:
        """As the store names it."""
        return "simulated" if self.simulated else "real"

    def only_new(self, measured: Collection[str]) -> ModelPanel:
        """Of these models just those of which nothing was measured yet; see `new_models`."""
        return replace(self, models=new_models(self.models, measured))


@dataclass(frozen=True)
class Project:
    """The files a command works on."""

    config_path: Path
    results: Path

    @cached_property
    def config(self) -> Config:
        """bench.yaml, read once, and what `.env` beside it gives."""
        self.read_environment()
        return load_config(self.config_path)

    def read_environment(self) -> None:
        """`.env` beside bench.yaml gives variables that the environment does not."""
        load_dotenv(self.config_path.parent / ".env")

    def config_seed(self) -> int:
        """bench.yaml's seed; 0 where there is no bench.yaml, which tasks do not need."""
        return self.config.seed if self.config_path.exists() else 0

    @property
    def own_tasks(self) -> Path:
        """The project's own tasks, beside bench.yaml."""
        return self.config_path.parent / "tasks"

    def cards(self, names: Sequence[str] = ()) -> tuple[TaskCard, ...]:
        """Tasks by name, category, glob or path; () = all."""
        return find(names, extra=self.own_tasks)

    def at_hand(self, names: Sequence[str] = ()) -> tuple[TaskCard, ...]:
        """Tasks to work on. A public set that is not here is left out, and said, unless it is named itself.

        Raises UsageError where none is left.
        """
        self.read_environment()
        cards = self.cards(names)
        waiting = [card for card in cards if downloaded(card) is False and not names_it(names, card)]
        for card in waiting:
            note(f"{card.name}: not downloaded; `bench task fetch {card.name}`")
        if len(waiting) == len(cards):
            raise UsageError("None of these tasks is downloaded.", where="--tasks")
        return tuple(card for card in cards if card not in waiting)

    def banks(self, cards: Sequence[TaskCard], seed: int) -> list[Bank]:
        """Their items; generated ones are kept under results/banks, public sets in the hub's own cache."""
        return [_bank(card, seed, self.results / "banks") for card in cards]

    def panel(
        self,
        names: Sequence[str] = (),
        *,
        simulated: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> ModelPanel:
        """The models that can be asked from here, or else the demo panel; names = just these.

        environ: where keys are looked for; None = this process's environment.
        Raises UnknownName for a model that is not there, UsageError for one that cannot be asked.
        """
        if simulated:
            return demo_panel(names)
        if not self.config.models:
            raise ConfigError(
                "No model is configured.",
                where=f"{self.config_path}: models",
                remedy="Add one, or run `bench demo`, which needs none.",
            )
        found = presence(self.config.models, environ)
        present = tuple(p.model for p in found if p.present)
        absent = tuple(p for p in found if not p.present)
        if not present:
            return _only(demo_panel(()), names, absent)
        panel = ModelPanel((*present, *BASELINES), self._judges(present), False, absent)
        return _only(panel, names, absent)

    def _judges(self, present: Sequence[Model]) -> Judges:
        """The configured judges, as far as they can be asked from here."""
        named, by_id = self.config.judges, {model.id: model for model in present}
        return Judges(
            vision=next((m for m in present if m.vision and named.vision in (None, m.id)), None),
            text=by_id.get(named.text or ""),
            by_task={task: by_id[name] for task, name in named.tasks.items() if name in by_id},
            readability=frozenset(card.name for card in self._read(named.readability)),
        )

    def _read(self, names: Sequence[str]) -> tuple[TaskCard, ...]:
        """The summarization tasks of these names that a judge does not score already."""
        cards = self.cards(names) if names else ()
        return tuple(card for card in cards if card.category == "summarization" and not card.judged)

    def settings_measured(self, cards: Sequence[TaskCard] = ()) -> frozenset[str]:
        """Settings hashes with an outcome on one of these tasks, () = on any; empty before the first run."""
        reader = read(self.results)
        return reader.settings_measured([card.name for card in cards] or None) if reader else frozenset()

    def known_models(self, panel: Panel) -> dict[str, Model]:
        """Models of a panel by id, whether or not they can be asked now."""
        return known_models(self.config, simulated=panel == "simulated")

    def refresh(self, *, most_age_s: float | None = None) -> None:
        """Take in what colleagues have shared, where `store:` names a place; say so where that fails.

        most_age_s: what was read so lately is not read again; None = as a page has it.
        """
        if not self.config_path.exists() or self.config.store is None:
            return
        from whichmodel.remote import refresh

        most = refresh.FRESH if most_age_s is None else timedelta(seconds=most_age_s)
        found = refresh.refresh(self.config, self.results, most)
        if found and (trouble := found.told(datetime.now(UTC))):
            note(trouble)

    def reader(self) -> Reader:
        """What is stored here and shared. Raises UsageError where nothing is."""
        self.refresh()
        reader = read(self.results)
        if reader is None:
            raise UsageError(
                "Nothing was measured yet.",
                where=str(self.results),
                remedy="Start with `bench run --tasks coding,extraction`.",
            )
        return reader

    def source(self) -> Source:
        """Where views come from. Raises UsageError where nothing is stored."""
        return Source(self.config, self.results, self.reader())

    def stored_panel(self, reader: Reader) -> Panel:
        """The panel to decide on: real outcomes where there are any."""
        panels = reader.panels()
        if not panels:
            raise UsageError(
                "Only rule baselines were measured; there is no model to route to.",
                where=str(self.results),
                remedy="Start with `bench run --tasks coding,extraction`.",
            )
        return panels[0]


def _bank(card: TaskCard, seed: int, cache: Path) -> Bank:
    if card.inspect_task:
        from whichmodel.scoring.foreign import foreign_bank

        return foreign_bank(card)
    if downloaded(card) is False:
        note(f"{card.name}: downloading {card.items}")
    return bank(card, seed=seed, cache=cache)


def downloaded(card: TaskCard) -> bool | None:
    """Whether a task's public data set is here. None = its items are no public set."""
    if card.hub is None:
        return None
    from whichmodel.registry.hub import stored

    return stored(card.hub) is not None


def demo_panel(names: Sequence[str]) -> ModelPanel:
    """The built-in simulated models, at the address where `bench demo --serve` would serve them."""
    models = demo.models(addresses(PORT))
    eye = next((model for model in models if model.vision), None)
    measured = tuple(model for model in models if not model.vision)
    return _only(ModelPanel((*measured, *BASELINES), Judges(vision=eye, text=eye), True), names, ())


def _only(panel: ModelPanel, names: Sequence[str], absent: Sequence[Presence]) -> ModelPanel:
    if not names:
        return ModelPanel(panel.models, panel.judges, panel.simulated, tuple(absent))
    by_id = {model.id: model for model in panel.models}
    missing = {p.model.id: p.missing for p in absent}
    for name in names:
        if name in missing:
            raise UsageError(f"The model '{name}' cannot be asked: {missing[name]}.", where="--models")
        if name not in by_id:
            raise UnknownName.of("model", name, {*by_id, *missing}, where="--models")
    return ModelPanel(tuple(by_id[n] for n in dict.fromkeys(names)), panel.judges, panel.simulated)


def split(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...]:
    """`a,b` as its parts."""
    return tuple(part.strip() for part in (value or "").split(",") if part.strip())


def project_options(function: F) -> F:
    """--config and --results, given to the command as one `project`."""

    @click.option(
        "--config",
        "config_path",
        type=click.Path(path_type=Path),
        default="bench.yaml",
        show_default=True,
        envvar="BENCH_CONFIG",
        help="The configuration.",
    )
    @click.option(
        "--results",
        type=click.Path(path_type=Path),
        default="results",
        show_default=True,
        envvar="BENCH_RESULTS",
        help="Where logs, database and routes are.",
    )
    @wraps(function)
    def wrapped(config_path: Path, results: Path, **options: Any) -> Any:
        return function(project=Project(config_path, results), **options)

    return wrapped  # type: ignore[return-value]
