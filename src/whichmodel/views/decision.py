"""Standings and routes of an organisation, from what is stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from whichmodel.analyse.evidence import Evidence, collected, columns
from whichmodel.decide.race import Settled
from whichmodel.decide.replay import settled
from whichmodel.decide.table import table
from whichmodel.domain import Model, Organisation, RoutingTable, Standing
from whichmodel.errors import BenchError
from whichmodel.export.stored import file, stored
from whichmodel.store import Panel
from whichmodel.views.answers import same_answers, stored_answers
from whichmodel.views.source import Source


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided and on which evidence."""

    evidence: tuple[Evidence, ...]
    standings: tuple[Standing, ...]
    table: RoutingTable
    models: dict[str, Model]
    previous: RoutingTable | None
    """The organisation's table as it stood before. None = there was none that could be read."""
    races: Mapping[str, Settled]
    """How the races of tasks ended, by task."""
    passed_over: str = ""
    """Why the last table could not be read. "" = it was, or there is none."""


def evidence(
    source: Source,
    organisation: Organisation,
    panel: Panel,
    *,
    until_run: str | None = None,
    tasks: Collection[str] | None = None,
    models: Collection[str] | None = None,
) -> tuple[Evidence, ...]:
    """The outcomes of a panel by task, at the organisation's own prices.

    until_run: as things stood when that run ended. tasks, models: just these; None = all.
    """
    source = source.of(organisation.name)
    frames = source.reader.evidence(
        panel, columns(organisation.prices), until_run=until_run, tasks=tasks, models=models
    )
    return collected(frames, source.models(panel), source.judged, prices=organisation.prices)


def decide(
    source: Source,
    organisation: Organisation,
    panel: Panel,
    *,
    deployed: RoutingTable | None = None,
    until_run: str | None = None,
    found: Sequence[Evidence] | None = None,
) -> Decision:
    """Decide every measured task of a panel for an organisation.

    deployed: the last table, in place of the one under results/routing. until_run: as things stood when that
    run ended; what was routed then is not kept, so without `deployed` there is no last table. found: the
    outcomes, where they are read already, at the organisation's own prices; only these tasks are decided.
    """
    source = source.of(organisation.name)
    models = source.models(panel)
    found = evidence(source, organisation, panel, until_run=until_run) if found is None else tuple(found)
    previous, passed_over = (deployed, "") if deployed or until_run else last(source, organisation)
    simulated = panel == "simulated"
    races = settled(found, source.reader.races(), organisation, models, simulated=simulated)
    asked = {policy.task for policy in organisation.agreements}
    named = same_answers(source, asked & {one.task for one in found})
    standings, routing = table(
        found,
        models,
        organisation,
        now=datetime.now(UTC),
        simulated=simulated,
        previous=previous,
        races=races,
        answers=stored_answers(source, organisation, panel, named, until_run=until_run),
    )
    return Decision(found, standings, routing, models, previous, races, passed_over)


def last(source: Source, organisation: Organisation) -> tuple[RoutingTable | None, str]:
    """The table that was written last, or why it cannot be read."""
    if not file(source.results, organisation.name).is_file():
        return None, ""
    try:
        return source.seen(stored(source.results, organisation.name)), ""
    except BenchError as error:
        return None, str(error)
