"""Two models side by side: what the paired figures of each task say, and which items they rest on."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from whichmodel.analyse.compare import Answered, Comparison, answered, compare
from whichmodel.analyse.evidence import Evidence, collected, columns
from whichmodel.domain import Organisation
from whichmodel.store import Panel
from whichmodel.views.decision import evidence
from whichmodel.views.source import Source

Bucket = Literal["all", "a", "b", "weak", "errors"]
BUCKETS: Mapping[Bucket, str] = {
    "all": "All",
    "a": "A better",
    "b": "B better",
    "weak": "Both weak",
    "errors": "Errors",
}
"""Which items are listed; every item is in "all", and may be in several of the others."""


@dataclass(frozen=True)
class Pair:
    """Two models on one task."""

    found: Comparison
    asked: tuple[str, ...]
    """Every item that either was asked, in the fixed order of the evidence."""
    task_hash: str
    settings: tuple[str, str]
    """Settings hashes under which A and B were measured."""

    @cached_property
    def items(self) -> tuple[str, ...]:
        """The same, numbers in their names in the order of numbers."""
        return tuple(sorted(self.asked, key=_by_number))

    def count(self, name: Bucket) -> int:
        """How many items a bucket has."""
        return len(self._named(name))

    def bucket(self, name: Bucket) -> tuple[str, ...]:
        """The items of a bucket, in the order of `items`."""
        if name == "all":
            return self.items
        wanted = set(self._named(name))
        return tuple(item for item in self.items if item in wanted)

    def _named(self, name: Bucket) -> tuple[str, ...]:
        found = self.found
        named: Mapping[Bucket, tuple[str, ...]] = {
            "all": self.asked,
            "a": found.a_better,
            "b": found.b_better,
            "weak": found.both_weak,
            "errors": found.errors,
        }
        return named[name]


@dataclass(frozen=True, slots=True)
class Row:
    """One item and what both models made of it."""

    item: str
    cluster: str
    """What it belongs together with; its own name where it stands alone."""
    a: Answered
    b: Answered


def comparisons(
    source: Source,
    organisation: Organisation,
    panel: Panel,
    a: str,
    b: str,
    *,
    until_run: str | None = None,
    tasks: Collection[str] | None = None,
) -> tuple[Pair, ...]:
    """Model A against model B on each task that both were measured on, by the names of tasks.

    The organisation's rule gives margin and error. until_run: as things stood when that run ended. tasks:
    just these; None = all. () = no task has both.
    """
    found = evidence(source, organisation, panel, until_run=until_run, tasks=tasks, models=(a, b))
    return tuple(_pair(each, a, b, organisation) for each in found if {a, b} <= set(each.models))


def rows(
    source: Source,
    organisation: Organisation,
    panel: Panel,
    pair: Pair,
    items: Sequence[str],
    *,
    until_run: str | None = None,
) -> tuple[Row, ...]:
    """These items of a pair, in the order given; only they are read."""
    names = pair.found.a, pair.found.b
    frames = [
        frame[frame["settings_hash"].isin(pair.settings)]
        for frame in source.reader.evidence(
            panel,
            columns(organisation.prices),
            until_run=until_run,
            tasks=[pair.found.task],
            models=names,
            items=items,
        )
    ]
    clusters = {
        str(item): str(cluster)
        for frame in frames
        for item, cluster in zip(frame["item_id"], frame["cluster_id"], strict=True)
    }
    read = collected(frames, source.models(panel), source.judged, prices=organisation.prices)
    return tuple(
        Row(item, clusters[item], *(answered(one, item, name) for name in names))
        for one in read
        for item in items
        if item in clusters
    )


def _pair(found: Evidence, a: str, b: str, organisation: Organisation) -> Pair:
    settings = {column.model: column.settings_hash for column in found.measured}
    return Pair(
        found=compare(found, a, b, organisation.rule),
        asked=found.items,
        task_hash=found.task_hash,
        settings=(settings[a], settings[b]),
    )


def _by_number(item: str) -> str:
    """A name whose numbers sort as numbers do: i9 before i10."""
    return re.sub(r"\d+", lambda number: number.group().zfill(12), item)
