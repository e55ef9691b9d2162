"""One sample on a page of its own, named by the address: task, item, a, b."""

from __future__ import annotations

import streamlit as st

from whichmodel.leaderboard import address, frame, side_by_side
from whichmodel.views.board import View
from whichmodel.views.source import Source


def _body(source: Source, view: View) -> None:
    asked = st.query_params
    side_by_side.show(source, view, asked["task"], asked["item"], asked["a"], asked["b"])


def _page() -> None:
    address.enter("sample")
    frame.show("One sample", _body)


st.set_page_config(page_title="One sample", layout="wide")
st.navigation([st.Page(_page, title="One sample", url_path="sample", default=True)]).run()
