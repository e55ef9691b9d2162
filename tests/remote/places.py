"""Shared stores for tests: a folder, and S3's own protocol by moto's server on 127.0.0.1."""

from __future__ import annotations

import urllib.request
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from whichmodel.config import Config, SharedStore
from whichmodel.config.load import JudgesNamed
from whichmodel.domain import Limits, Organisation, Outcome
from whichmodel.remote.objects import Objects
from whichmodel.remote.place import Place
from whichmodel.store import Store

SECRET = "a-secret-that-is-never-said"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": SECRET}


def made_bucket(address: str) -> str:
    """A new bucket of moto's server."""
    name = f"bench-{uuid.uuid4().hex[:12]}"
    request = urllib.request.Request(f"{address}/{name}", data=b"", method="PUT")
    urllib.request.urlopen(request, timeout=30)
    return name


def s3(address: str, bucket: str) -> SharedStore:
    """A store on moto's server."""
    options: dict[str, str | bool] = {"endpoint": address, "region": "us-east-1", "allow_http": True}
    return SharedStore(f"s3://{bucket}/team", options)


def objects(shared: SharedStore) -> Objects:
    """The client of a store."""
    return Objects(shared.address, shared.options)


@dataclass
class Desk:
    """One person's results folder beside a shared store."""

    results: Path
    shared: SharedStore
    organisations: Sequence[Organisation] = field(default_factory=lambda: [Organisation("acme", "Acme")])

    @cached_property
    def store(self) -> Store:
        return Store(self.results)

    @property
    def place(self) -> Place:
        """The store as it is now: nothing is remembered but what the database says."""
        return Place(self.store, self.shared, self.config)

    @property
    def config(self) -> Config:
        return Config(
            path=self.results / "bench.yaml",
            models=(),
            switched_off=(),
            organisations={one.name: one for one in self.organisations},
            default_organisation=self.organisations[0].name,
            judges=JudgesNamed(),
            confirm_above_usd=Decimal(5),
            seed=0,
            limits=Limits(),
            store=self.shared,
        )

    def rows(self, table: str = "outcomes") -> list[tuple[object, ...]]:
        """All rows but for where they lie, in the order of their keys."""
        with self.store.opened() as connection:
            names = "* EXCLUDE (part)" if table in ("outcomes", "timings") else "*"
            return connection.execute(f"SELECT {names} FROM {table} ORDER BY ALL").fetchall()


def keys(outcomes: Sequence[Outcome]) -> set[str]:
    """Of outcomes."""
    return {outcome.key for outcome in outcomes}
