"""The stored routing table as a file for each gateway, and its address for programs."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import streamlit as st

from whichmodel.errors import BenchError, CheckFailed
from whichmodel.export import EXPORTERS
from whichmodel.export.stored import exported, file, stored
from whichmodel.leaderboard import address, elements
from whichmodel.leaderboard.elements import Line
from whichmodel.leaderboard.evidence import kept
from whichmodel.leaderboard.routing_api import ROUTE
from whichmodel.views.board import View
from whichmodel.views.source import Source, changed

SHOWN_LINES = 400
"""Lines of a preview; a file is downloaded whole."""


@dataclass(frozen=True, slots=True)
class Made:
    """A gateway's file, or why there is none."""

    text: str
    """ "" = it is refused."""
    refusal: str
    """ "" = it is made."""
    notes: tuple[str, ...] = ()
    """What to know before it is deployed."""


def section(source: Source, view: View) -> None:
    """Files of the stored table, and where programs read it."""
    name = view.organisation.name
    st.header("Use it", anchor=False)
    if not file(source.results, name).is_file():
        elements.prose("use", Line("Gateway files are made of the stored table. Write it first:"))
        st.code(f"bench route --org {name}", language=None)
        return
    lines = [Line("Files of the stored table, as “bench export” writes them.", "muted")]
    if not view.is_current:
        lines.append(Line("Another run or rule is shown above. Files are of the stored table.", "note"))
    elements.prose("use", *lines)
    gateway = address.segments(
        "gateway", "Gateway", tuple(EXPORTERS), title=lambda gateway: EXPORTERS[gateway].title
    )
    _file(source, name, gateway)
    _route(name, gateway)


@kept
def made(source: Source, organisation: str, gateway: str, written: int) -> Made:
    """The file of a gateway. written: when the table was, in ns."""
    try:
        table = stored(source.results, organisation)
        if source.seen(table) != table:
            return Made("", f"The table has to be written anew: bench route --org {organisation}")
        text = exported(gateway, table, source.config)
    except BenchError as error:
        then = "" if isinstance(error, CheckFailed) else f" Decide anew: bench route --org {organisation}"
        return Made("", f"{error.what} {error.remedy}{then}".strip())
    notes = []
    if table.simulated:
        notes.append("It rests on simulated models: do not deploy it.")
    notes.append(f"Valid until {table.expires_at:%d %b %Y}; after that measure anew, then decide again.")
    return Made(text, "", tuple(notes))


def _file(source: Source, organisation: str, gateway: str) -> None:
    found = made(source, organisation, gateway, changed(file(source.results, organisation)))
    exporter = EXPORTERS[gateway]
    if found.refusal:
        elements.prose("file", Line(("No file for this gateway.", found.refusal), "banner"))
        return
    elements.prose("file", *(Line(note, "muted") for note in found.notes))
    st.download_button(
        f"Download for {exporter.title}",
        data=found.text.encode(),
        file_name=f"{organisation}-{gateway}{exporter.suffix}",
        mime="text/plain",
        on_click="ignore",
        icon=":material/download:",
        type="primary",
    )
    st.code(f"bench export {gateway} --org {organisation} -o FILE", language=None)
    lines = found.text.splitlines()
    more = f", the first {SHOWN_LINES:,} of {len(lines):,} lines" if len(lines) > SHOWN_LINES else ""
    with st.expander(f"Preview{more}", expanded=False):
        st.code("\n".join(lines[:SHOWN_LINES]), language=None, height=420)


def _route(organisation: str, gateway: str) -> None:
    st.subheader("For programs", anchor=False)
    text = (
        "A GET gives the table as it is stored; “format” names a gateway. The reply's ETag stands for its "
        "content: sent back as If-None-Match, an unchanged table costs an empty 304."
    )
    elements.prose("api", Line(text, "muted"))
    asked = "" if gateway == "json" else f"?format={gateway}"
    st.code(f"curl '{_origin()}{ROUTE}{organisation}{asked}'", language=None, wrap_lines=True)


def _origin() -> str:
    """Scheme and host by which the page was opened. "" = the page does not know."""
    place = urlsplit(st.context.url or "")
    return f"{place.scheme}://{place.netloc}" if place.netloc else ""
