"""The seven pages by path, and the ways between them. A page's module is loaded when it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import NoReturn

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from whichmodel.errors import BenchError
from whichmodel.leaderboard import address, viewer
from whichmodel.leaderboard.evidence import configured
from whichmodel.leaderboard.places import places


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the navigation."""

    title: str
    icon: str
    """Of Streamlit's own bundled font."""


PAGES = {
    "which-model": Entry("Which model", ":material/grid_view:"),
    "trade-offs": Entry("Trade-offs", ":material/bubble_chart:"),
    "compare": Entry("Compare", ":material/compare:"),
    "routing": Entry("Routing", ":material/alt_route:"),
    "savings": Entry("Savings", ":material/savings:"),
    "changes": Entry("Changes", ":material/history:"),
    "data-health": Entry("Data health", ":material/monitor_heart:"),
}
"""Path -> page; its module has that name."""


LEAVING = "navigation.leaving"
"""Where the session keeps the page that a callback wants to leave for."""


def run() -> None:
    """Show the page that is asked for, to who may see any organisation."""
    admitted = _is_admitted()
    asked = st.navigation([_page(path) for path in PAGES], position="sidebar" if admitted else "hidden")
    leaving = st.session_state.pop(LEAVING, None)
    if not admitted:
        viewer.nothing()
        return
    if leaving:
        go(leaving[0], **leaving[1])
    asked.run()
    viewer.signed_in()


def _is_admitted() -> bool:
    """Whether who looks may see an organisation; without a configuration a page shows none and says why."""
    try:
        return bool(viewer.organisations(configured(places())))
    except BenchError:
        return True


def go(path: str, **ids: str) -> NoReturn:
    """Leave for another page of the same organisation, run and rule; not in a callback."""
    st.switch_page(_page(path), query_params=address.along(**ids))


def leave(path: str, **ids: str) -> None:
    """The same from a callback."""
    st.session_state[LEAVING] = (path, ids)


def _page(path: str) -> StreamlitPage:
    entry = PAGES[path]
    first = path == next(iter(PAGES))
    return st.Page(_shown(path), title=entry.title, icon=entry.icon, url_path=path, default=first)


def _shown(path: str) -> Callable[[], None]:
    def page() -> None:
        address.enter(path)
        import_module(f"whichmodel.leaderboard.{path.replace('-', '_')}").page()

    return page
