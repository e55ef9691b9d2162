"""Standings and routes of an organisation, from what is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from whichmodel.analyse.evidence import Evidence, collected, columns
from whichmodel.cli.answers import same_answers, stored_answers
from whichmodel.cli.output import note
from whichmodel.cli.project import Project
from whichmodel.decide.race import Settled
from whichmodel.decide.replay import settled
from whichmodel.decide.table import table
from whichmodel.domain import Model, Organisation, RoutingTable, Standing
from whichmodel.errors import BenchError, UnknownName
from whichmodel.export.stored import file, stored
from whichmodel.export.table import from_json, to_json, to_yaml
from whichmodel.store import Panel


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


def evidence(project: Project, organisation: Organisation, panel: Panel) -> tuple[Evidence, ...]:
    """The outcomes of a panel by task, at the organisation's own prices."""
    judged = {card.name for card in project.cards() if card.judged}
    frames = project.reader().evidence(panel, columns(organisation.prices))
    return collected(frames, project.known_models(panel), judged, prices=organisation.prices)


def measured_tasks(project: Project, names: Sequence[str], found: Sequence[Evidence]) -> set[str]:
    """Names of tasks: measured ones, imported ones among them, and what names cards by category or glob.

    Raises UnknownName for what is neither.
    """
    measured = {one.task for one in found}
    rest = [name for name in names if name not in measured]
    try:
        cards = project.cards(rest) if rest else ()
    except UnknownName:
        known = {*measured, *(card.name for card in project.cards())}
        unknown = next((name for name in rest if name not in known), rest[0])
        raise UnknownName.of("task", unknown, known, where="--task") from None
    return {name for name in names if name in measured} | {card.name for card in cards}


def decide(
    project: Project, organisation: Organisation, panel: Panel, *, deployed: RoutingTable | None = None
) -> Decision:
    """Decide every measured task of a panel for an organisation.

    deployed: the last table, in place of the one under results/routing.
    """
    models = project.known_models(panel)
    found, previous = evidence(project, organisation, panel), deployed or _last(project, organisation)
    races = settled(found, project.reader().races(), organisation, models, simulated=panel == "simulated")
    named = same_answers(project, {policy.task for policy in organisation.agreements})
    standings, routing = table(
        found,
        models,
        organisation,
        now=datetime.now(UTC),
        simulated=panel == "simulated",
        previous=previous,
        races=races,
        answers=stored_answers(project, organisation, panel, named),
    )
    return Decision(found, standings, routing, models, previous, races)


def _last(project: Project, organisation: Organisation) -> RoutingTable | None:
    """The table that was written last. None = there is none, or it cannot be read, which is said."""
    if not file(project.results, organisation.name).is_file():
        return None
    try:
        return load(project, organisation)
    except BenchError as error:
        note(f"The last routing table is passed over: {error}")
        return None


def write(project: Project, decision: Decision) -> dict[str, Path]:
    """The routing table as YAML and JSON under results/routing, dated as before where it says the same."""
    written = {}
    table = _dated(decision)
    for kind, text in (
        ("yaml", to_yaml(table, decision.models)),
        ("json", to_json(table, decision.models)),
    ):
        path = file(project.results, decision.table.organisation, kind)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{kind}.part")
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
        written[kind] = path
    return written


def _dated(decision: Decision) -> RoutingTable:
    """The table, with the dates of the last one where that says the same and is not expired."""
    table, last = decision.table, decision.previous
    if last is None or last.expires_at <= table.created_at:
        return table
    kept = replace(table, created_at=last.created_at, expires_at=last.expires_at)
    return kept if from_json(to_json(kept, decision.models)) == last else table


def load(project: Project, organisation: Organisation) -> RoutingTable:
    """The routing table that was written last. Raises UsageError where there is none."""
    return stored(project.results, organisation.name)
