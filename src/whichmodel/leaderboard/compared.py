"""Two models on each task and on a few items, read once and kept."""

from __future__ import annotations

from whichmodel.leaderboard.evidence import kept
from whichmodel.store import Panel
from whichmodel.views import comparison
from whichmodel.views.board import View
from whichmodel.views.comparison import Pair, Row
from whichmodel.views.rules import organisation_by
from whichmodel.views.source import Source


def pairs(source: Source, view: View, a: str, b: str) -> tuple[Pair, ...]:
    """As `views.comparison.comparisons`, by the rule that the view is decided by."""
    return _pairs(source, view.panel, view.organisation.name, view.rule, a, b, view.until_run, None)


def pair(source: Source, view: View, a: str, b: str, task: str) -> Pair:
    """The same of one task that both were measured on, which is read long before the others are."""
    named = view.panel, view.organisation.name, view.rule, a, b, view.until_run
    [found] = _pairs(source, *named, task)
    return found


def rows(source: Source, view: View, pair: Pair, items: tuple[str, ...]) -> tuple[Row, ...]:
    """As `views.comparison.rows`."""
    c = pair.found
    named = view.panel, view.organisation.name, view.rule, c.a, c.b, view.until_run
    return _rows(source, *named, c.task, items)


@kept
def _pairs(
    source: Source,
    panel: Panel,
    organisation: str,
    rule: str,
    a: str,
    b: str,
    until_run: str | None,
    task: str | None,
) -> tuple[Pair, ...]:
    asked = organisation_by(source.config.organisation(organisation), rule)
    tasks = None if task is None else (task,)
    return comparison.comparisons(source, asked, panel, a, b, until_run=until_run, tasks=tasks)


@kept
def _rows(
    source: Source,
    panel: Panel,
    organisation: str,
    rule: str,
    a: str,
    b: str,
    until_run: str | None,
    task: str,
    items: tuple[str, ...],
) -> tuple[Row, ...]:
    [found] = _pairs(source, panel, organisation, rule, a, b, until_run, task)
    asked = organisation_by(source.config.organisation(organisation), rule)
    return comparison.rows(source, asked, panel, found, items, until_run=until_run)
