"""The deployed routing table of an organisation beside the decision of today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from whichmodel.decide.deployed import Change, Finding, changes, findings
from whichmodel.decide.regression import Regression, regression
from whichmodel.domain import Organisation, RoutingTable
from whichmodel.errors import UsageError
from whichmodel.export.stored import file
from whichmodel.export.table import from_json, from_yaml
from whichmodel.store import Panel
from whichmodel.views.board import View
from whichmodel.views.decision import Decision, decide
from whichmodel.views.source import Source


@dataclass(frozen=True, slots=True)
class Beside:
    """What is deployed, what today's decision would change in it, and what is wrong with it."""

    deployed: RoutingTable
    path: Path
    changes: tuple[Change, ...]
    """Every task of either table; those without aspects stay."""
    findings: tuple[Finding, ...]

    @property
    def changed(self) -> tuple[Change, ...]:
        """What a gateway would notice."""
        return tuple(change for change in self.changes if change.aspects)


def read(results: Path, organisation: str, named: str = "") -> tuple[RoutingTable, Path]:
    """The deployed table and where it lies; named: its file, "" = results/routing/<organisation>.yaml.

    Raises UsageError where there is none, or it is another organisation's; ConfigError where it is no table.
    """
    path = Path(named) if named else file(results, organisation, "yaml")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(
            f"The deployed routing table cannot be read: {why}.",
            where=str(path),
            remedy=f"Name its file, or write one: bench route --org {organisation}",
        ) from error
    made = from_json if path.suffix == ".json" or text.lstrip().startswith("{") else from_yaml
    table = made(text, name=str(path))
    if table.organisation != organisation:
        raise UsageError(
            f"This is the table of {table.organisation}, not of {organisation}.",
            where=str(path),
            remedy=f"Ask for it: --org {table.organisation}",
        )
    return table, path


def today(source: Source, organisation: Organisation, deployed: RoutingTable) -> Decision:
    """The decision on the panel that the deployed table is of, with it as the last table."""
    panel: Panel = "simulated" if deployed.simulated else "real"
    return decide(source, organisation, panel, deployed=deployed)


def regressed(source: Source, organisation: Organisation, deployed: RoutingTable) -> Regression:
    """Which promises of the deployed table are shown to hold no more, by what is measured now."""
    decision = today(source, organisation, deployed)
    runs = {run for task in decision.evidence for column in task.measured for run in column.run_ids}
    later = sorted(runs - set(deployed.run_ids))
    panel: Panel = "simulated" if deployed.simulated else "real"
    again = source.of(organisation.name).reader.again(panel, deployed.run_ids, later)
    return regression(deployed, decision.evidence, again, decision.models, organisation)


def beside(view: View, deployed: RoutingTable, path: Path) -> Beside:
    """The deployed table beside a view of its panel that was decided with it as the last table.

    Raises ValueError for a view of the other panel.
    """
    if deployed.simulated != view.simulated:
        raise ValueError("a table is set beside outcomes of its own panel")
    wrong = findings(deployed, view.table, view.standings, view.models, datetime.now(UTC))
    return Beside(deployed, path, changes(deployed, view.table), wrong)
