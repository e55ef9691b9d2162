"""What every page has: title, sidebar, whose figures these are; and what to do where there are none."""

from __future__ import annotations

import logging
from collections.abc import Callable

import streamlit as st

from whichmodel.errors import BenchError, ConfigError, StoreError, TaskError
from whichmodel.leaderboard import elements, sidebar, viewer
from whichmodel.leaderboard.elements import Line
from whichmodel.views import words
from whichmodel.views.board import View
from whichmodel.views.rules import CONFIGURED
from whichmodel.views.source import Source

LOG = logging.getLogger(__name__)
Body = Callable[[Source, View], None]


def show(title: str, body: Body, *, without_scores: bool = False) -> None:
    """A page. without_scores: its body has something to tell even where every answer failed.

    The body may raise a BenchError: it is told with its remedy.
    """
    st.title(title, anchor=False)
    try:
        found = sidebar.choose()
        if found is None:
            return
        source, view = found
        elements.prose("about", *_about(view))
        if not view.standings:
            st.info("Nothing had been measured when that run ended. Choose a later one, or measure:")
            st.code(words.START, language=None)
            return
        if not any(standing.n for standing in view.standings):
            _all_failed(view)
            if not without_scores:
                return
        body(source, view)
    except BenchError as error:
        trouble(error)


def trouble(error: BenchError) -> None:
    """An error that its reader can mend: what, where, and what would work.

    Where people sign in, who looks is not who runs this: files, and what they say of others, are not told.
    """
    if isinstance(error, ConfigError | StoreError | TaskError) and viewer.is_known():
        LOG.error("%s", error)
        st.error(
            "This cannot be shown now. Whoever runs this leaderboard finds the reason in its own output."
        )
        return
    st.error("This cannot be shown:")
    st.code(str(error), language=None, wrap_lines=True)


def _about(view: View) -> list[Line]:
    models = {standing.model for standing in view.standings}
    last = max((s.measured_to for s in view.standings if s.measured_to), default=None)
    parts = [
        f"{words.count(len(models), 'model')} × {words.count(len(view.routes), 'task')}",
        f"{sum(standing.n for standing in view.standings):,} scored answers",
        *([f"last measured {last:%d %b %Y %H:%M} UTC"] if last else []),
        *([f"run {view.run.run_id}"] if view.run else []),
        "intervals are 95%",
    ]
    lines = [Line(view.organisation.title, "lead"), Line(" · ".join(parts), "muted")]
    if view.rule != CONFIGURED:
        rule = words.rule(view.organisation)
        lines.append(Line(("Another rule than bench.yaml's.", f"{rule} Looking changes no route."), "note"))
    if view.simulated:
        lines.append(
            Line(
                (
                    "Simulated.",
                    "These models are invented: this shows how a decision looks, not which model is good. "
                    "Only rows marked as rules are really measured. With a provider's key set, "
                    f"“{words.START}” measures real models.",
                ),
                "banner",
            )
        )
    return lines


def _all_failed(view: View) -> None:
    """Where nothing has a score, the commands that tell why and measure again."""
    failed = sorted({standing.task for standing in view.standings})
    st.warning("Every answer failed, so there is no score to show. See why, mend it, and run the same again:")
    st.code(f"bench status\nbench run --tasks {','.join(failed)}", language=None)
