"""Decisions as the verbs take and keep them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from whichmodel.analyse.evidence import Evidence
from whichmodel.cli.output import note
from whichmodel.cli.project import Project
from whichmodel.domain import Organisation, RoutingTable
from whichmodel.errors import UnknownName
from whichmodel.export.stored import file
from whichmodel.export.table import from_json, to_json, to_yaml
from whichmodel.store import Panel
from whichmodel.views import decision as views
from whichmodel.views.decision import Decision


def measured_tasks(project: Project, names: Sequence[str], measured: Collection[str]) -> set[str]:
    """Names of tasks: measured ones, imported ones among them, and what names cards by category or glob.

    Raises UnknownName for what is neither.
    """
    rest = [name for name in names if name not in measured]
    try:
        cards = project.cards(rest) if rest else ()
    except UnknownName:
        known = {*measured, *(card.name for card in project.cards())}
        unknown = next((name for name in rest if name not in known), rest[0])
        raise UnknownName.of("task", unknown, known, where="--task") from None
    return {name for name in names if name in measured} | {card.name for card in cards}


def decide(
    project: Project,
    organisation: Organisation,
    panel: Panel,
    *,
    found: Sequence[Evidence] | None = None,
) -> Decision:
    """As `views.decision.decide`; a last table that cannot be read is told."""
    decision = views.decide(project.source(), organisation, panel, found=found)
    if decision.passed_over:
        note(f"The last routing table is passed over: {decision.passed_over}")
    return decision


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
