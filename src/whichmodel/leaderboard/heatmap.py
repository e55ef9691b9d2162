"""The heatmap as a table to walk through with the arrow keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

import streamlit as st

from whichmodel.domain import Route
from whichmodel.leaderboard.elements import component
from whichmodel.views.board import View
from whichmodel.views.heat import CSS_KIND, LEGEND, MEASURES, HeatRow, Measure, items, rows, shown

HINT = "Point at a cell, or walk with the arrow keys, to read it in full. Enter compares it with the pick."


def show(
    view: View,
    routes: Sequence[Route],
    measure: Measure,
    *,
    only_allowed: bool,
    on_choose: Callable[[Route, str], None],
) -> None:
    """Draw it. on_choose: called with the task's route and the model of the cell that was chosen.

    only_allowed: without models that the policy bars from all of these tasks.
    """
    drawn = [row for row in rows(view, routes, measure) if not (only_allowed and _is_barred(row))]
    data = {
        "caption": f"{MEASURES[measure]} of every model on every task",
        "hint": HINT,
        "groups": [
            {"title": category, "span": len(list(group))}
            for category, group in groupby(routes, key=lambda route: route.category)
        ],
        "columns": [
            {"task": route.task, "title": view.title(route.task), "sub": items(view, route.task)}
            for route in routes
        ],
        "rows": [
            {"model": row.model, "note": row.note, "cells": [cell._asdict() for cell in row.cells]}
            for row in drawn
        ],
        "legend": [
            {"kind": CSS_KIND.get(mark, str(mark)), "mark": shown(mark), "text": text}
            for mark, text in LEGEND
        ],
    }

    def chosen() -> None:
        picked = st.session_state["heatmap"].get("chosen")
        if picked:
            on_choose(view.route(picked["task"]), picked["model"])

    component("heatmap", "heatmap.js", "heatmap.css")(key="heatmap", data=data, on_chosen_change=chosen)


def _is_barred(row: HeatRow) -> bool:
    return all(cell.kind == "barred" for cell in row.cells)
