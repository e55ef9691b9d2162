"""Where a view comes from: the configuration, and one snapshot of what is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from whichmodel.config import Config
from whichmodel.domain import Model, RoutingTable, TaskCard
from whichmodel.export.stored import known_models
from whichmodel.registry import find
from whichmodel.store import Panel, Reader, Sight

Key = tuple[str, int, str, int, str]


@dataclass(frozen=True)
class Source:
    """Configuration and outcomes, as files are now."""

    config: Config
    results: Path
    """The folder of logs, artefacts, snapshots and routing tables."""
    reader: Reader

    @property
    def key(self) -> Key:
        """Equal as long as configuration and snapshot are the same files, seen by the same organisation."""
        config, snapshot, sight = self.config.path, self.reader.snapshot, self.reader.sight
        seen_by = sight.key if sight else ""
        return str(config), changed(config), str(snapshot), changed(snapshot), seen_by

    def of(self, organisation: str) -> Source:
        """As one organisation sees it: no other's workloads, policy, prices, races or private tasks."""
        known = self.config.organisations
        if self.reader.sight is not None or organisation not in known:
            return self
        hidden = self.config.private_to_others(organisation)
        sight = Sight(organisation, hidden, frozenset(known) - {organisation})
        return Source(self.config.alone(organisation), self.results, replace(self.reader, sight=sight))

    @property
    def hidden(self) -> frozenset[str]:
        """Names of tasks that are others' own."""
        return self.reader.sight.hidden if self.reader.sight else frozenset()

    def seen(self, table: RoutingTable) -> RoutingTable:
        """A stored table without tasks that have become others' own since it was written."""
        return replace(table, routes=tuple(route for route in table.routes if route.task not in self.hidden))

    @cached_property
    def cards(self) -> dict[str, TaskCard]:
        """Name -> task, those of the project's own `tasks` folder among them."""
        cards = find((), extra=self.config.path.parent / "tasks")
        return {card.name: card for card in cards if card.name not in self.hidden}

    @property
    def judged(self) -> set[str]:
        """Names of tasks in whose scoring a model takes part."""
        return {card.name for card in self.cards.values() if card.judged}

    def models(self, panel: Panel) -> dict[str, Model]:
        """Models of a panel by id, whether or not they can be asked now."""
        return known_models(self.config, simulated=panel == "simulated")


def changed(path: Path) -> int:
    """When a file was last written, in ns; 0 = it does not exist."""
    return path.stat().st_mtime_ns if path.exists() else 0
