"""Which model replied, where that is not simply the one that was asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from whichmodel.analyse.served import Served, served
from whichmodel.cli.project import Project
from whichmodel.store import Panel
from whichmodel.views.served import words

__all__ = ["as_json", "notable", "words"]


def notable(project: Project, panel: Panel, tasks: Collection[str] | None = None) -> tuple[Served, ...]:
    """Tasks and models of which another model replied, or more than one. tasks: names, None = all."""
    found = served(project.reader().served(panel))
    return tuple(one for one in found if one.notable and (tasks is None or one.task in tasks))


def as_json(one: Served) -> dict[str, Any]:
    """The same as JSON."""
    return asdict(one)
