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
    return _pairs(source, view.panel, view.organisation.name, view.rule, a, b, view.until_run)


def rows(source: Source, view: View, pair: Pair, items: tuple[str, ...]) -> tuple[Row, ...]:
    """As `views.comparison.rows`."""
    c = pair.found
    named = view.panel, view.organisation.name, view.rule, c.a, c.b, view.until_run
    return _rows(source, *named, c.task, items)


@kept
def _pairs(
    source: Source, panel: Panel, organisation: str, rule: str, a: str, b: str, until_run: str | None
) -> tuple[Pair, ...]:
    asked = organisation_by(source.config.organisation(organisation), rule)
    return comparison.comparisons(source, asked, panel, a, b, until_run=until_run)


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
    found = _pairs(source, panel, organisation, rule, a, b, until_run)
    pair = next(pair for pair in found if pair.found.task == task)
    asked = organisation_by(source.config.organisation(organisation), rule)
    return comparison.rows(source, asked, panel, pair, items, until_run=until_run)
