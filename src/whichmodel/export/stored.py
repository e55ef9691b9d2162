"""The routing tables that were written last (results/routing), and what is made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from whichmodel.config import Config
from whichmodel.config.file import Name
from whichmodel.domain import Model, Organisation, RoutingTable
from whichmodel.errors import UsageError
from whichmodel.export import render
from whichmodel.export.table import from_json
from whichmodel.providers.baselines import BASELINES
from whichmodel.simulator import panel as demo
from whichmodel.simulator.serve import PORT, addresses

FOLDER = "routing"


def file(results: Path, organisation: str, kind: str = "json") -> Path:
    """Where the table of an organisation lies, whether or not there is one. kind: json or yaml."""
    return results / FOLDER / f"{organisation}.{kind}"


def organisations(results: Path) -> tuple[str, ...]:
    """Those that have a table, by name."""
    found = sorted(path.stem for path in (results / FOLDER).glob("*.json"))
    return tuple(name for name in found if re.fullmatch(Name, name))


def stored(results: Path, organisation: str) -> RoutingTable:
    """The table that was written last. Raises UsageError without one, ConfigError for a spoiled one."""
    return from_json(text(results, organisation), name=str(file(results, organisation)))


def text(results: Path, organisation: str) -> str:
    """The table that was written last, as it stands in its file. Raises UsageError where there is none."""
    path = file(results, organisation)
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(
            f"There is no routing table for {organisation} yet.",
            where=str(path),
            remedy=f"`bench route --org {organisation}` writes it.",
        ) from None


def exported(gateway: str, table: RoutingTable, config: Config) -> str:
    """A stored table as a gateway reads it, with the models and the organisation's prices as configured now.

    Raises UnknownName for a gateway or an organisation that is not there, CheckFailed for a table that no
    file may be made of.
    """
    models = known_models(config, simulated=table.simulated)
    return render(gateway, table, at_own_prices(models, config.organisation(table.organisation)))


def known_models(config: Config, *, simulated: bool) -> dict[str, Model]:
    """Models by id, whether or not they can be asked; simulated ones as `bench demo --serve` serves them."""
    if simulated:
        models = (model for model in demo.models(addresses(PORT)) if not model.vision)
        return {model.id: model for model in (*models, *BASELINES)}
    return {model.id: model for model in (*config.models, *BASELINES)}


def at_own_prices(models: Mapping[str, Model], organisation: Organisation) -> dict[str, Model]:
    """The models with the organisation's negotiated prices in place of public ones."""
    own = organisation.prices
    return {name: replace(m, price=own[name]) if name in own else m for name, m in models.items()}
