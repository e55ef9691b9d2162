"""What every page starts with: whose decision, as of which run, by which rule; and what to do without any."""

from __future__ import annotations

import streamlit as st

from whichmodel.errors import BenchError
from whichmodel.leaderboard import address, words
from whichmodel.leaderboard.elements import Line, prose
from whichmodel.leaderboard.evidence import Stored, View, stored, view
from whichmodel.leaderboard.places import places

LATEST = "latest"


def choose() -> View | None:
    """The view that the sidebar names; None when there is nothing to show, which is said instead."""
    try:
        found = stored(places())
        if found.panel is None:
            _nothing(found)
            return None
        with st.sidebar:
            organisation = address.selectbox(
                "org",
                "Organisation",
                _default_first(found),
                title=lambda name: found.config.organisation(name).title,
            )
            run = address.selectbox(
                "run",
                "Run",
                [LATEST, *(run.run_id for run in found.runs)],
                title=lambda run_id: _run_title(found, run_id),
                help="Earlier ones show what was known when that run ended.",
            )
        shown = view(found, organisation, None if run == LATEST else run)
    except BenchError as error:
        _trouble(error)
        return None
    with st.sidebar:
        _rule(shown)
    return shown


def _default_first(found: Stored) -> list[str]:
    default = found.config.default_organisation
    return [default, *(name for name in found.config.organisations if name != default)]


def _run_title(found: Stored, run_id: str) -> str:
    if run_id == LATEST:
        when = f", {found.runs[0].started_at:%d %b %H:%M} UTC" if found.runs else ""
        return f"Latest{when}"
    run = next(run for run in found.runs if run.run_id == run_id)
    return f"{run.started_at:%d %b %H:%M} UTC · {run_id}"


def _rule(shown: View) -> None:
    organisation = shown.organisation
    prose(
        "rule",
        Line(("Quality rule.", words.rule(organisation))),
        Line(("Limits.", ". ".join(words.limits(organisation)) + "."), "muted"),
    )


def _nothing(found: Stored) -> None:
    only_rules = found.reader is not None
    st.info(
        "Only rule baselines were measured; there is no model to pick yet."
        if only_rules
        else "Nothing was measured yet."
    )
    st.write("Measure first; this page shows it at the next visit:")
    st.code(words.START, language="shell")


def _trouble(error: BenchError) -> None:
    st.error("This cannot be shown:")
    st.code(str(error), language=None, wrap_lines=True)
