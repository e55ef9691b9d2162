"""What every page starts with: whose decision, as of which run, by which rule; and what to do without any."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from whichmodel.domain import Organisation
from whichmodel.leaderboard import address, viewer
from whichmodel.leaderboard.elements import Line, prose
from whichmodel.leaderboard.evidence import Stored, stored, view
from whichmodel.leaderboard.places import places
from whichmodel.views import words
from whichmodel.views.board import View
from whichmodel.views.rules import choices
from whichmodel.views.source import Source

LATEST = "latest"


def choose() -> tuple[Source, View] | None:
    """What the sidebar names; None where there is nothing to show, and that is said. Raises BenchError."""
    everything = stored(places())
    _shared(everything)
    if everything.source is None or everything.panel is None:
        _nothing(everything)
        return None
    with st.sidebar:
        name = address.selectbox(
            "org",
            "Organisation",
            viewer.organisations(everything.config),
            title=lambda name: everything.config.organisation(name).title,
        )
    found = everything.of(name)
    if found.source is None or found.panel is None:
        _nothing(found)
        return None
    with st.sidebar:
        run = address.selectbox(
            "run",
            "Run",
            [LATEST, *(run.run_id for run in found.runs)],
            title=lambda run_id: _run_title(found, run_id),
            help="Earlier ones show what was known when that run ended.",
        )
        rules = choices(found.config.organisation(name))
        rule = address.selectbox(
            "rule",
            "Quality rule",
            list(rules),
            title=lambda rule: rules[rule].title,
            help="Another rule shows what it would change; nothing is written.",
        )
    with st.spinner("Deciding ...", show_time=False):
        shown = view(found, name, None if run == LATEST else run, rule)
    with st.sidebar:
        _rule(shown.organisation)
    return found.source, shown


def _shared(found: Stored) -> None:
    """Read what is new in the shared store, beside; say how old this is where that is not possible."""
    if found.config.store is None:
        return
    from whichmodel.remote.refresh import refresh_soon

    fresh = refresh_soon(found.config, places().results)
    if fresh and (age := fresh.age(datetime.now(UTC))):
        st.sidebar.caption(age)


def _run_title(found: Stored, run_id: str) -> str:
    if run_id == LATEST:
        when = f", {found.runs[0].started_at:%d %b %H:%M} UTC" if found.runs else ""
        return f"Latest{when}"
    run = next(run for run in found.runs if run.run_id == run_id)
    return f"{run.started_at:%d %b %H:%M} UTC · {run_id}"


def _rule(organisation: Organisation) -> None:
    prose(
        "rule_words",
        Line(words.rule(organisation)),
        Line(("Limits.", ". ".join(words.limits(organisation)) + "."), "muted"),
    )


def _nothing(found: Stored) -> None:
    only_rules = found.source is not None
    st.info(
        "Only rule baselines were measured; there is no model to pick yet."
        if only_rules
        else "Nothing was measured yet."
    )
    st.write("Measure first; this page shows it at the next visit:")
    st.code(words.START, language=None)
