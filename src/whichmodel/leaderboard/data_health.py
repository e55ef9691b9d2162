"""The page "Data health"."""

from __future__ import annotations

from whichmodel.leaderboard import frame
from whichmodel.views.board import View
from whichmodel.views.source import Source


def page() -> None:
    """The page."""
    frame.show("Data health", _body)


def _body(source: Source, view: View) -> None:
    pass
