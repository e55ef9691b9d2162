"""What two models answered to one item, side by side, with what the scorer found in each."""

from __future__ import annotations

from whichmodel.views.board import View
from whichmodel.views.source import Source


def show(source: Source, view: View, task: str, item: str, a: str, b: str) -> None:
    """Draw the item and both answers. An item or answer that is in no log any more is said to be gone."""
