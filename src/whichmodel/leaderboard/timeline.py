"""Every run of a panel, the newest first: when, what came of it, and how it was asked for."""

from __future__ import annotations

import math

import streamlit as st

from whichmodel.leaderboard import address, elements
from whichmodel.leaderboard.elements import Column, TableCell, TableRow
from whichmodel.leaderboard.evidence import kept
from whichmodel.store import MARK, Panel, Run
from whichmodel.views import words
from whichmodel.views.board import View, panel_runs
from whichmodel.views.source import Source

PAGE = 20
"""Runs on one page."""
RUNS = (
    Column("Run", width="22%"),
    Column("Started", width="18%"),
    Column("Planned", end=True),
    Column("Done", end=True),
    Column("Failed", end=True),
    Column("Ended", width="13%"),
    Column("Command", width="24%", wide=True),
)


@kept
def _runs(source: Source, panel: Panel) -> tuple[Run, ...]:
    return panel_runs(source, panel)


def section(source: Source, view: View) -> None:
    """The table of runs, in pages."""
    runs = _runs(source, view.panel)
    st.header("Runs", anchor=False)
    pages = max(1, math.ceil(len(runs) / PAGE))
    numbers = [str(number + 1) for number in range(pages)]
    first = 0
    if pages > 1:
        first = int(address.selectbox("page", "Page of runs", numbers, title=lambda n: f"{n} of {pages}")) - 1
    rows = [TableRow(_cells(run)) for run in runs[first * PAGE : (first + 1) * PAGE]]
    elements.table("runs", "Runs, the newest first", RUNS, rows)


def _cells(run: Run) -> tuple[TableCell, ...]:
    took = words.seconds((run.ended_at - run.started_at).total_seconds()) if run.ended_at else ""
    canary = "canary: asks again, counts in no score" if run.run_id.endswith(MARK) else ""
    done = words.DASH if run.done is None else f"{run.done:,}"
    failed = words.DASH if run.failed is None else f"{run.failed:,}"
    return (
        TableCell(run.run_id, canary),
        TableCell(f"{run.started_at:%d %b %Y %H:%M} UTC", f"took {took}" if took else ""),
        TableCell(f"{run.planned:,}"),
        TableCell(done),
        TableCell(failed, mark="✕" if run.failed else ""),
        TableCell(run.reason or "did not say how"),
        TableCell(run.command),
    )
