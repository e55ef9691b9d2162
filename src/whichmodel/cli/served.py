"""Which model replied, where that is not simply the one that was asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from whichmodel.analyse.served import Served, served
from whichmodel.cli.project import Project
from whichmodel.store import Panel

MOST_NAMES = 4
"""Ids named in a line."""


def notable(project: Project, panel: Panel, tasks: Collection[str] | None = None) -> tuple[Served, ...]:
    """Tasks and models of which another model replied, or more than one. tasks: names, None = all."""
    found = served(project.reader().served(panel))
    return tuple(one for one in found if one.notable and (tasks is None or one.task in tasks))


def words(one: Served) -> str:
    """A line about it."""
    parts = []
    if one.others:
        parts.append(
            f"asked for {_list(one.requested)}, {one.by_others:,} of {one.answers:,} answers by "
            f"{_list(one.others)}"
        )
    if len(one.served) > 1:
        parts.append(f"{len(one.served)} served ids ({_list(one.served)})")
    if len(one.fingerprints) > 1:
        parts.append(f"{len(one.fingerprints)} fingerprints ({_list(one.fingerprints)})")
    head = "Another model replied" if one.others else "More than one version replied"
    return f"{head}: {one.task} / {one.model}: {'; '.join(parts)}."


def _list(names: tuple[str, ...]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def as_json(one: Served) -> dict[str, Any]:
    """The same as JSON."""
    return asdict(one)
