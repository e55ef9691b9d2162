"""The server of the leaderboard: a gate, and behind it the routing tables and the pages."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit.starlette import App

from whichmodel.errors import BenchError
from whichmodel.leaderboard import ahead
from whichmodel.leaderboard.gate import Gate, warm_up
from whichmodel.leaderboard.places import places
from whichmodel.leaderboard.routing_api import RoutingApi
from whichmodel.leaderboard.signing import ready

try:
    sign_in = ready(places())
except BenchError as error:
    sys.exit(str(error))

app = App(
    Path(__file__).with_name("leaderboard_app.py"),
    lifespan=lambda app: ahead.deciding(places),
    middleware=[
        Middleware(Gate, sign_in=sign_in, warm_up=warm_up()),
        Middleware(
            RoutingApi, places=places, hosts=lambda: st.get_option("server.allowedHosts"), sign_in=sign_in
        ),
    ],
)
