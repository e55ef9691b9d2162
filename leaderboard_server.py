"""The server of the leaderboard: the pages of leaderboard_app.py, and the routing tables beside them."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit.starlette import App

from whichmodel.leaderboard import ahead
from whichmodel.leaderboard.places import places
from whichmodel.leaderboard.routing_api import RoutingApi

app = App(
    Path(__file__).with_name("leaderboard_app.py"),
    lifespan=lambda app: ahead.deciding(places),
    middleware=[Middleware(RoutingApi, places=places, hosts=lambda: st.get_option("server.allowedHosts"))],
)
