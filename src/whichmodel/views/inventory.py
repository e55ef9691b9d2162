"""What the store holds of every task, whoever decides: coverage, failures, tables that are stale, new models.

Nothing here takes a decision, so it is quick on a large store. `views.health` is the closer look that an
organisation's decision allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from whichmodel.domain import new_models
from whichmodel.errors import BenchError
from whichmodel.export.stored import organisations, stored
from whichmodel.providers import sightings
from whichmodel.providers.baselines import BASELINES
from whichmodel.providers.catalogue import Found, asked, compared
from whichmodel.providers.listing import Listing, sources
from whichmodel.store import Failing, Panel
from whichmodel.views import commands
from whichmodel.views.cause import Cause, by_cause
from whichmodel.views.source import Source


@dataclass(frozen=True, slots=True)
class Covered:
    """One task of a panel."""

    task: str
    models: int
    """Configured models, rules among them, with a score on it."""
    configured: int | None
    """Configured models that take it. None = the task is not there any more."""
    scored: int
    """Cells with a score."""
    failed: int
    """Cells whose every attempt failed."""
    last: datetime
    """UTC."""

    @property
    def share(self) -> float | None:
        """Cells with a score of those that were asked. None = none was."""
        asked = self.scored + self.failed
        return self.scored / asked if asked else None


@dataclass(frozen=True, slots=True)
class Table:
    """A routing table as it was written last."""

    organisation: str
    simulated: bool
    decided: datetime | None
    """UTC. None = the file cannot be read."""
    expires: datetime | None
    stale: str
    """Why it should be decided again, in words. "" = nothing speaks against it."""
    command: str
    """What mends it, or looks closer."""


@dataclass(frozen=True, slots=True)
class New:
    """Models that nobody has measured."""

    configured: tuple[str, ...]
    """Of bench.yaml, without any outcome."""
    served: tuple[Found, ...]
    """Seen at the providers by `bench models discover`, and not in bench.yaml."""


def coverage(source: Source, panel: Panel) -> tuple[Covered, ...]:
    """Task by task, those of a panel of which something is stored."""
    rows, rule = source.reader.measured(), {model.id for model in BASELINES}
    rows["rule"] = rows["model"].isin(rule)
    rows = rows[(rows["simulated"] == (panel == "simulated")) | rows["rule"]]
    failing = source.reader.failing(panel)
    known = source.models(panel)
    alone = panel == "real" and not source.reader.panels()
    tasks = sorted(set(rows["task"] if alone else rows[~rows["rule"]]["task"]))
    found = []
    for task in tasks:
        mine = rows[rows["task"] == task]
        card = source.cards.get(task)
        found.append(
            Covered(
                task=task,
                models=len({*mine[mine["n"] > 0]["model"]} & known.keys()),
                configured=sum(m.takes(card) for m in known.values()) if card else None,
                scored=int(mine["n"].sum()),
                failed=sum(row.cells for row in failing if row.task == task),
                last=mine["last"].max().to_pydatetime(),
            )
        )
    return tuple(found)


def causes(source: Source, panel: Panel) -> tuple[Cause, ...]:
    """Failures by class of error, the most frequent first; those of rules among the real ones."""
    known, rules = source.models(panel), {model.id for model in BASELINES}
    rows = [row for row in source.reader.failing(panel) if panel == "real" or row.model not in rules]

    def again(group: Sequence[Failing]) -> str:
        left = [row for row in group if row.model in known]
        tasks, models = {row.task for row in left}, {row.model for row in left}
        return commands.run(tasks, models, simulated=panel == "simulated") if left else ""

    return by_cause(rows, again)


def tables(source: Source, now: datetime) -> tuple[Table, ...]:
    """The stored routing tables, and which are stale. now: with its time zone."""
    rows: list[dict[Any, Any]] = source.reader.measured().to_dict("records")
    sight = source.reader.sight
    written = (name for name in organisations(source.results) if sight is None or name == sight.organisation)
    return tuple(_table(source, name, rows, now) for name in written)


def _table(source: Source, organisation: str, rows: Sequence[Mapping[Any, Any]], now: datetime) -> Table:
    again = f"bench route --org {organisation}"
    try:
        table = stored(source.results, organisation)
    except BenchError as error:
        return Table(organisation, False, None, None, error.what.rstrip("."), again)
    if organisation not in source.config.organisations:
        stale = "the organisation is not in bench.yaml any more"
        return Table(organisation, table.simulated, table.created_at, table.expires_at, stale, "")
    newer = {
        row["task"]
        for row in rows
        if row["simulated"] == table.simulated and _utc(row["last"]) > table.created_at
    }
    if table.expires_at <= now:
        stale, command = f"it expired on {table.expires_at:%Y-%m-%d}", again
    elif newer:
        stale, command = f"{_list(sorted(newer))} measured since", f"{again} --check"
    else:
        stale, command = "", f"{again} --check"
    return Table(organisation, table.simulated, table.created_at, table.expires_at, stale, command)


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _list(names: Sequence[str]) -> str:
    more = len(names) - 3
    shown = ", ".join(names[:3]) + (f" and {more:,} more" if more > 0 else "")
    return f"{shown} {'was' if len(names) == 1 else 'were'}"


def new(source: Source) -> New:
    """Configured models without an outcome, and models that providers were seen to serve."""
    config, reader = source.config, source.reader
    fresh = new_models(config.models, reader.settings_measured())
    seen = sightings.read(source.results)
    if not seen:
        return New(tuple(model.id for model in fresh), ())
    everybody = (*config.models, *config.switched_off)
    ids = frozenset(model.id for model in everybody)
    replied = reader.served("real")
    measured = frozenset(zip(replied.model, replied.requested_model, strict=True))
    served: list[Found] = []
    for place in sources(everybody):
        known = seen.get(place.address, {})
        if known:
            last = max(sighting.last for sighting in known.values())
            names = tuple(name for name, sighting in known.items() if sighting.last == last)
            found = compared(Listing(place, names, ""), asked(place, ids, measured), known)
            served += [one for one in found if one.state == "new"]
    return New(tuple(model.id for model in fresh), tuple(served))


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
