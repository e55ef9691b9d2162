"""The elimination funnel: how many models each demand leaves, as bars, and which ones it loses."""

from __future__ import annotations

from collections.abc import Sequence

from whichmodel.decide.funnel import Stage
from whichmodel.leaderboard.elements import component


def show(key: str, label: str, stages: Sequence[Stage]) -> None:
    """Draw the stages below each other."""
    measured = max((stage.left for stage in stages), default=0)
    rows = [
        {
            "left": stage.left,
            "name": stage.name,
            "lost": f"without {' · '.join(stage.lost)}" if stage.lost else "",
            "share": stage.left / measured if measured else 0.0,
        }
        for stage in stages
    ]
    component("funnel", "funnel.js", "funnel.css")(key=key, data={"label": label, "stages": rows})
