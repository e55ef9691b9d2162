"""The page "What the routes save"."""

from __future__ import annotations

from whichmodel.leaderboard import frame
from whichmodel.views.board import View
from whichmodel.views.source import Source


def page() -> None:
    """The page."""
    frame.show("What the routes save", _body)


def _body(source: Source, view: View) -> None:
    pass
