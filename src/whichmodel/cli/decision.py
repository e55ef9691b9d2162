"""Standings and routes of an organisation, from what is stored."""

from __future__ import annotations

from collections.abc import Mapping
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
from whichmodel.errors import BenchError, UsageError
from whichmodel.export.table import from_json, to_json, to_yaml
from whichmodel.store import Panel

FOLDER = "routing"


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
    if not _file(project, organisation).is_file():
        return None
    try:
        return load(project, organisation)
    except BenchError as error:
        note(f"The last routing table is passed over: {error}")
        return None


def _file(project: Project, organisation: Organisation) -> Path:
    return project.results / FOLDER / f"{organisation.name}.json"


def write(project: Project, decision: Decision) -> dict[str, Path]:
    """The routing table as YAML and JSON under results/routing, dated as before where it says the same."""
    folder = project.results / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    table = _dated(decision)
    for kind, text in (
        ("yaml", to_yaml(table, decision.models)),
        ("json", to_json(table, decision.models)),
    ):
        path = folder / f"{decision.table.organisation}.{kind}"
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


def at_own_prices(models: Mapping[str, Model], organisation: Organisation) -> dict[str, Model]:
    """The models with the organisation's negotiated prices in place of public ones."""
    own = organisation.prices
    return {name: replace(m, price=own[name]) if name in own else m for name, m in models.items()}


def load(project: Project, organisation: Organisation) -> RoutingTable:
    """The routing table that was written last. Raises UsageError where there is none."""
    path = _file(project, organisation)
    if not path.is_file():
        raise UsageError(
            f"There is no routing table for {organisation.name} yet.",
            where=str(path),
            remedy=f"`bench route --org {organisation.name}` writes it.",
        )
    return from_json(path.read_text(encoding="utf-8"), name=str(path))
