"""What stands in results/routing beside today's decision: what would change, and what is wrong with it."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from whichmodel.decide.deployed import Change, Finding
from whichmodel.domain import Route
from whichmodel.errors import UsageError
from whichmodel.export.stored import file
from whichmodel.leaderboard import elements, frame
from whichmodel.leaderboard.elements import Column, Line, TableCell, TableRow
from whichmodel.leaderboard.evidence import latest
from whichmodel.views import deployed, words
from whichmodel.views.board import View
from whichmodel.views.deployed import Beside
from whichmodel.views.source import Source


def section(source: Source, view: View) -> None:
    """The deployed table of the organisation, or how to write one."""
    name = view.organisation.name
    st.header("Deployed", anchor=False)
    if not file(source.results, name, "yaml").is_file():
        elements.prose("deployed", Line("Nothing is deployed yet: no routing table was written. Write it:"))
        st.code(f"bench route --org {name}", language=None)
        return
    try:
        table, path = deployed.read(source.results, name)
    except UsageError as error:
        frame.trouble(error)
        return
    table = source.seen(table)
    if table.simulated != view.simulated:
        has, shows = ("simulated", "real") if table.simulated else ("real", "simulated")
        text = f"The deployed table rests on {has} models and this page shows {shows} ones. Decide anew:"
        elements.prose("deployed", Line(text))
        st.code(f"bench route --org {name}", language=None)
        return
    _show(deployed.beside(latest(source, view), table, path.relative_to(source.results.parent)), view)


def _show(found: Beside, view: View) -> None:
    table, name = found.deployed, view.organisation.name
    expired = table.expires_at <= datetime.now(UTC)
    dates = f"Decided {table.created_at:%d %b %Y %H:%M} UTC, "
    dates += f"{'expired' if expired else 'valid until'} {table.expires_at:%d %b %Y}."
    same = len(found.changes) - len(found.changed)
    change = f"Today's decision changes {len(found.changed)} of {words.count(len(found.changes), 'task')}"
    lines = [Line(f"{change}, {same} stay." if found.changed else "Today's decision changes nothing.")]
    if not view.is_current:
        lines.append(
            Line("Compared with the latest run by the configured rule, not with what is chosen.", "note")
        )
    wrong = (
        f"{words.count(len(found.findings), 'finding')}:"
        if found.findings
        else "No finding: all routes hold."
    )
    elements.prose("deployed", Line(f"{found.path}. {dates}", "muted"), *lines, Line(("Check.", wrong)))
    if found.findings:
        rows = [TableRow(_finding(view, finding)) for finding in found.findings]
        elements.table("findings", "What is wrong with the deployed table", FINDINGS, rows)
    if found.changed:
        rows = [TableRow(_change(view, change)) for change in found.changed]
        elements.table("changes", "What today's decision would change", CHANGES, rows)
    if found.changed or found.findings:
        st.code(f"bench route --org {name}   # writes today's decision", language=None)


FINDINGS = (
    Column("Task", width="18%"),
    Column("Deployed", width="20%"),
    Column("Finding", width="14%"),
    Column("What is wrong", width="48%", wide=True),
)
CHANGES = (
    Column("Task", width="18%"),
    Column("Deployed", width="20%"),
    Column("Today", width="20%"),
    Column("Changes", width="14%"),
    Column("Why", width="28%", wide=True),
)


def _finding(view: View, finding: Finding) -> tuple[TableCell, ...]:
    task = view.title(finding.task) if finding.task else "The whole table"
    deployed_model = TableCell(finding.model or words.DASH)
    return (
        TableCell(task),
        deployed_model,
        TableCell(finding.kind, mark="✕"),
        TableCell(words.sentence(finding.text)),
    )


def _change(view: View, change: Change) -> tuple[TableCell, ...]:
    why = change.after.why if change.after else "not measured any more"
    return (
        TableCell(view.title(change.task)),
        _side(change.before),
        _side(change.after),
        TableCell(", ".join(change.aspects)),
        TableCell(words.sentence(why)),
    )


def _side(route: Route | None) -> TableCell:
    """A route with its status and price; a dash where the task is not in that table."""
    if route is None:
        return TableCell(words.DASH)
    if route.model is None:
        return TableCell("no route")
    status = words.state(route)
    return TableCell(route.model, f"{status.word} · {words.usd(route.cost_per_1k_usd)} per 1,000")
