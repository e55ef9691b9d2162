"""The seven pages by path, and the ways between them. A page's module is loaded when it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import NoReturn

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from whichmodel.leaderboard import address


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
    """Show the page that is asked for."""
    asked = st.navigation([_page(path) for path in PAGES])
    if leaving := st.session_state.pop(LEAVING, None):
        go(leaving[0], **leaving[1])
    asked.run()


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
