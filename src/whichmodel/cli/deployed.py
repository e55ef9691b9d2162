"""`bench route --diff` and `--check`: a deployed table beside the decision of today. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from whichmodel.cli.output import answer, document, note, score, usd
from whichmodel.cli.project import Project
from whichmodel.cli.route_text import as_json as route_json
from whichmodel.cli.route_text import cost, wrapped
from whichmodel.decide.deployed import Change, Finding, changes, findings
from whichmodel.domain import Organisation, Route, RoutingTable
from whichmodel.errors import CheckFailed
from whichmodel.views import deployed
from whichmodel.views.decision import Decision


def _today(project: Project, organisation: Organisation, table: RoutingTable) -> Decision:
    """The decision of today; that it is of simulated outcomes is told."""
    if table.simulated:
        note("The deployed table rests on simulated models, and is set beside simulated outcomes.")
    return deployed.today(project.source(), organisation, table)


def diff(project: Project, organisation: Organisation, file: str, *, as_json: bool) -> None:
    """What today's decision would change."""
    table, path = deployed.read(project.results, organisation.name, file)
    found = changes(table, _today(project, organisation, table).table)
    told = [change for change in found if change.aspects]
    if as_json:
        document({"organisation": organisation.name, "file": str(path), "changes": [_json(c) for c in told]})
        return
    answer(f"{path}, decided {table.created_at:%Y-%m-%d}, beside a decision of today:")
    for change in told:
        for line in _change(change):
            answer(line)
    same = len(found) - len(told)
    answer(f"{len(told)} of {len(found)} tasks change, {same} stay. Nothing was written.")


def _json(change: Change) -> dict[str, Any]:
    before, after = change.before, change.after
    return {
        "task": change.task,
        "aspects": change.aspects,
        "before": route_json(before, None) if before else None,
        "after": route_json(after, None) if after else None,
    }


def _change(change: Change) -> Iterator[str]:
    before, after = change.before, change.after
    if before is None or after is None:
        shown = before or after
        assert shown is not None
        sign, what = ("+", "new") if before is None else ("-", "not measured any more")
        yield from wrapped(f"{sign} {change.task}: {_named(shown)}, {what}", first="")
        return
    yield from wrapped(f"~ {change.task}: {', '.join(change.aspects)}", first="")
    if change.aspects == ("fallbacks",):
        yield from wrapped(f"fallbacks {_list(before.fallbacks)} -> {_list(after.fallbacks)}")
        return
    yield from wrapped(f"{_named(before)} -> {_named(after)}")
    if "split" in change.aspects:
        yield from wrapped(f"split {_split(before)} -> {_split(after)}")
    if {"model", "agreement"} & set(change.aspects):
        yield from wrapped(f"cost {cost(before)} -> {cost(after)} for 1,000 requests")
        if before.monthly_usd is not None and after.monthly_usd is not None:
            yield from wrapped(f"{usd(before.monthly_usd)} -> {usd(after.monthly_usd)} a month")
        yield from wrapped(f"score {_scored(before)} -> {_scored(after)}")
    yield from wrapped(f"{after.why}.")


def _named(route: Route) -> str:
    return f"{route.model or 'no route'} ({route.status.value})"


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


def _split(route: Route) -> str:
    return " + ".join(f"{part.share:.0%} {part.model}" for part in route.split) or "all to the route"


def _scored(route: Route) -> str:
    return f"{score(route.score, route.low, route.high)}, n {route.n or 0:,}"


def check(project: Project, organisation: Organisation, file: str, *, as_json: bool) -> None:
    """What is wrong with a deployed table. Raises CheckFailed (exit code 5) where something is."""
    table, path = deployed.read(project.results, organisation.name, file)
    decision = _today(project, organisation, table)
    found = findings(table, decision.table, decision.standings, decision.models, datetime.now(UTC))
    if as_json:
        document(
            {
                "organisation": organisation.name,
                "file": str(path),
                "simulated": table.simulated,
                "expires_at": table.expires_at,
                "ok": not found,
                "findings": [asdict(finding) for finding in found],
            }
        )
    else:
        _show(found, table, path)
    if found:
        raise CheckFailed(
            f"{len(found)} finding{'' if len(found) == 1 else 's'} in the deployed table of "
            f"{organisation.name}.",
            where=str(path),
            remedy=f"See what would change: bench route --org {organisation.name} --diff",
        )


def _show(found: Sequence[Finding], table: RoutingTable, path: Path) -> None:
    for finding in found:
        about = f"{finding.task}: {finding.model}" if finding.task else "table"
        for line in wrapped(f"{finding.kind}: {about}: {finding.text}.", first=""):
            answer(line)
    if not found:
        mark = ", simulated" if table.simulated else ""
        answer(f"{path}{mark}: all {len(table.routes)} routes hold, until {table.expires_at:%Y-%m-%d}.")
