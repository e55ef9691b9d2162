"""A shared store as one results folder works with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from whichmodel.config import Config, SharedStore
from whichmodel.remote import commit, shelf
from whichmodel.remote.manifest import Manifest, Table
from whichmodel.remote.objects import Objects
from whichmodel.remote.records import Row
from whichmodel.remote.space import PUBLIC, Division, own
from whichmodel.store import Store
from whichmodel.store.exchange import Exchange, State, rows_of

Secrets = Callable[[str], Mapping[str, str]]
"""Space -> credentials as the client names them; empty = those of the environment."""


def of_environment(space: str) -> Mapping[str, str]:
    """No credentials of its own for any space: the client finds those of the environment."""
    return {}


@dataclass(frozen=True)
class Place:
    """The spaces of a store that a configuration knows, and the database that goes with them."""

    store: Store
    shared: SharedStore
    config: Config
    secrets: Secrets = of_environment
    organisation: str | None = None
    """Whose spaces alone are touched. None = those of all that the configuration knows."""
    _objects: dict[str, Objects] = field(default_factory=dict)
    _heads: dict[str, Manifest] = field(default_factory=dict)

    @property
    def exchange(self) -> Exchange:
        """The database's side."""
        return Exchange(self.store, self.shared.address)

    def division(self, state: State | None = None) -> Division:
        """Which space a row belongs to, by the configuration and by what was met before.

        state: of the database; None = as it is now.
        """
        known = (state or self.exchange.state()).spaces_of_tasks
        alone = self.organisation is not None
        return Division.of(self.config.organisations.values(), known, self.home, alone=alone)

    @property
    def home(self) -> str:
        """The organisation that works here."""
        return self.organisation or self.config.default_organisation

    @property
    def needed(self) -> frozenset[str]:
        """The spaces without which nothing is as it should be; others may deny what they like."""
        return frozenset({PUBLIC, own(self.home)})

    @cached_property
    def own_priced(self) -> frozenset[str]:
        """Models that have a price of one's own."""
        models = (*self.config.models, *self.config.switched_off)
        return frozenset(model.id for model in models if model.price is not None)

    def objects(self, space: str) -> Objects:
        """The client for a space, with the credentials for it."""
        if space not in self._objects:
            self._objects[space] = Objects(self.shared.address, self.shared.options, self.secrets(space))
        return self._objects[space]

    def head(self, space: str) -> Manifest:
        """The state of a space now."""
        self._heads[space] = commit.head(self.objects(space), space, self._heads.get(space))
        return self._heads[space]

    def known(self, space: str) -> Manifest:
        """The state of a space as it was read last; it is read where it never was."""
        return self._heads.get(space) or self.head(space)

    def commit(self, space: str, change: commit.Change) -> Manifest:
        """Apply a change to the state of a space."""
        self._heads[space] = commit.commit(self.objects(space), space, change, self._heads.get(space))
        return self._heads[space]

    def rows(self, space: str, table: Table) -> list[Row]:
        """All rows of a small table in a space, in no order. Raises Unreadable, Away."""
        held = [part for part in self.head(space).parts if part.table == table]
        return [row for part in held for row in rows_of(shelf.get(self.objects(space), space, part))]


def place(config: Config, store: Store, organisation: str | None = None) -> Place | None:
    """The shared store of a configuration; None = it names none.

    organisation: whose spaces alone are touched. Raises UnknownName.
    """
    if organisation is not None:
        config.organisation(organisation)
    return Place(store, config.store, config, organisation=organisation) if config.store else None
