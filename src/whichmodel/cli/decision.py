"""Standings and routes of an organisation, from what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from whichmodel.analyse.evidence import Evidence, collect
from whichmodel.cli.project import Project
from whichmodel.decide.table import table
from whichmodel.domain import Model, Organisation, RoutingTable, Standing
from whichmodel.export.table import to_json, to_yaml
from whichmodel.store import Panel


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided and on which evidence."""

    evidence: tuple[Evidence, ...]
    standings: tuple[Standing, ...]
    table: RoutingTable
    models: dict[str, Model]


def decide(project: Project, organisation: Organisation, panel: Panel) -> Decision:
    """Decide every measured task of a panel for an organisation."""
    models = project.known_models(panel)
    judged = {card.name for card in project.cards() if card.judged}
    evidence = collect(project.reader().outcomes(panel), models, judged)
    standings, routing = table(
        evidence, models, organisation, now=datetime.now(UTC), simulated=panel == "simulated"
    )
    return Decision(evidence, standings, routing, models)


def write(project: Project, decision: Decision) -> dict[str, Path]:
    """The routing table as YAML and JSON under results/routing."""
    folder = project.results / "routing"
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for kind, text in (
        ("yaml", to_yaml(decision.table, decision.models)),
        ("json", to_json(decision.table, decision.models)),
    ):
        path = folder / f"{decision.table.organisation}.{kind}"
        partial = path.with_suffix(f".{kind}.part")
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
        written[kind] = path
    return written
